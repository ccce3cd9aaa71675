/* plan.h - the result of a round: who is placed where, who is not and why, what a bed is worth.
 *
 * Plain data, sorted by id everywhere. JSON in plan_json.c ("almoner-plan/1", formats.md). */
#ifndef ALMONER_PLAN_H
#define ALMONER_PLAN_H

#include "models/err.h"
#include "models/record.h"

struct placement {
    char applicant_id[ID_MAX + 1], pool_id[ID_MAX + 1];
    int64_t metres, points, rank;
};

struct unplaced {
    char applicant_id[ID_MAX + 1];
    enum reason reason;
    char *detail; /* one of the plan's sentences */
};

/* The one word that `shadow_prices_are` may say. */
#define PLAN_PRICES_BOUNDS "bounds"

/* What is known of one bed fewer. NO_BED: the round has none to lose there; UNKNOWN: who is there
 * cannot be anywhere else. */
enum shadow_loss { SHADOW_LOSS_NO_BED, SHADOW_LOSS_UNKNOWN, SHADOW_LOSS_STATED };

/* What the beds of a pool, open or kept for one class, are worth: one more, and one fewer. Amounts
 * by position in plan.objectives, all as maximisation; `loss` is what would be lost, >= price. */
struct shadow_price {
    char pool_id[ID_MAX + 1];
    int64_t price[OBJECTIVE_COUNT];
    char reserve[ID_MAX + 1]; /* class; "" = the open beds */
    int64_t loss[OBJECTIVE_COUNT];
    enum shadow_loss loss_is;
    char next[ID_MAX + 1]; /* who would get a place by one more bed here; "" = nobody */
    char last[ID_MAX + 1]; /* who would lose theirs by one bed fewer; "" = nobody */
};

struct plan_stats {
    int64_t applicants, pools, pairs;
    double read_s, build_s, solve_s, check_s;
    int64_t peak_bytes;
};

struct plan {
    char *world;  /* "sha256:..." */
    char *policy; /* "name@version" */
    int64_t now;
    enum plan_status status;
    char *engine;
    struct objective_value objectives[OBJECTIVE_COUNT];
    size_t n_objectives;
    struct placement *placements; /* people who come to a bed; a resident who stays is not listed */
    size_t n_placements;
    struct unplaced *unplaced; /* newcomers without a bed, residents who asked to move and stay */
    size_t n_unplaced;
    struct list sentences;       /* of the unplaced, who share them */
    struct shadow_price *prices; /* of the open beds of each pool, by id */
    size_t n_prices;
    struct shadow_price *reserve_prices; /* of the reserved ones, by pool, then as listed there */
    size_t n_reserve_prices;
    /* In rounds with coupled rows: what is tied up stays as it is (formats.md). So one more
     * bed gains at least its price, one fewer costs at most its loss, and pools that are not open
     * are not listed. 0: exact, all pools are listed. */
    int prices_are_bounds;
    struct plan_stats stats;
};

/* Price vectors, all objectives as maximisation; one pool entry per part of the pool (formats.md).
 */
struct certificate_pool {
    char pool_id[ID_MAX + 1];
    char reserve[ID_MAX + 1]; /* class of the reserved part; "" = the open part */
    int64_t price[OBJECTIVE_COUNT];
};

struct certificate_person { /* both lie in the block that the list of them begins */
    char *applicant_id;
    int64_t *price; /* n_objectives of them */
};

struct certificate_household { /* of those placed together: its members have no price of their own
                                */
    char household_id[ID_MAX + 1];
    int64_t price[OBJECTIVE_COUNT];
};

struct certificate_staff { /* of one person who needs so many minutes a day */
    char institution_id[ID_MAX + 1];
    int64_t minutes;
    int64_t price[OBJECTIVE_COUNT];
};

struct certificate_rooms { /* of one bed in a pool with rooms */
    char pool_id[ID_MAX + 1];
    enum sex sex; /* NONE = a bed for anybody, which people of unstated sex need besides */
    int64_t price[OBJECTIVE_COUNT];
};

struct certificate_home { /* that offers people their beds, and pays nothing for beds and minutes */
    char institution_id[ID_MAX + 1];
};

struct certificate_member { /* of a household, for coming to that home, or staying there */
    char applicant_id[ID_MAX + 1];
    char institution_id[ID_MAX + 1];
    int64_t price[OBJECTIVE_COUNT];
};

struct certificate_kept { /* of one unit of an earlier objective, which is kept at its value */
    enum objective objective;
    int64_t price[OBJECTIVE_COUNT];
};

/* Two sorts. shift = 0: whole prices, vectors that are compared lexicographically, for the proof of
 * an optimum (network rounds). Else prices are whole numbers of 1/2^shift, each objective has its
 * own, and together they prove its bound: `bounds` as the contract states it, and `rests`, what the
 * exact bound has beyond it, in 1/2^shift (0 <= rest < 2^shift). The first objectives may be proved
 * twice, the nearer bound counts: `offers` has prices of its own for so many as its n_objectives
 * says, and what those of `homes` offer whom they take: `people` (members of a household: for
 * staying while the others do) and `members`; who is not listed there is offered 0. Of it only
 * these lists are used. */
enum { CERTIFICATE_SHIFT_MAX = 30 };
/* Prices over 2^shift are nearer to 0: then what they are multiplied with, and the sums, fit 128
 * bits. */
#define CERTIFICATE_PRICE_MOST ((int64_t)1 << 56)

struct certificate {
    char *world, *policy, *plan; /* plan: "sha256:..." of the plan's bytes without stats */
    struct objective_value objectives[OBJECTIVE_COUNT];
    size_t n_objectives;
    struct certificate_pool *pools;
    size_t n_pools;
    struct certificate_person *people;
    size_t n_people;
    int64_t shift;
    struct certificate_household *households;
    size_t n_households;
    struct certificate_staff *staff;
    size_t n_staff;
    struct certificate_rooms *rooms;
    size_t n_rooms;
    struct certificate_kept *kept;
    size_t n_kept;
    struct certificate_home *homes; /* of offers, as are members */
    size_t n_homes;
    struct certificate_member *members;
    size_t n_members;
    struct certificate *offers; /* NULL = none */
    int64_t bounds[OBJECTIVE_COUNT], rests[OBJECTIVE_COUNT];
};

void plan_init(struct plan *plan);
void plan_clear(struct plan *plan);
void certificate_init(struct certificate *certificate);
void certificate_clear(struct certificate *certificate);
/* A list of people in one block, which free() ends. There are very many of them, so it has room for
 * as many amounts and as long ids as there are, and not for any. */
struct certificate_people {
    size_t n, n_objectives;
    size_t id_room; /* of the longest id, with its NUL */
};
/* Nothing in it is set. */
struct certificate_person *certificate_people_block(const struct certificate_people *of);
/* The i-th person lies where they belong, without an id and with prices of 0. */
void certificate_people_place(struct certificate_person *people,
                              const struct certificate_people *of, size_t i);
/* All of them do. */
struct certificate_person *certificate_people_new(const struct certificate_people *of);

/* plan_json.c, certificate_json.c. Caller frees. The hash in a certificate is over
 * plan_to_json(plan, 0). */
char *plan_to_json(const struct plan *plan, int with_stats);
int plan_from_json(const char *bytes, size_t len, struct plan *plan, struct alm_error *err);
char *certificate_to_json(const struct certificate *certificate);
int certificate_from_json(const char *bytes, size_t len, struct certificate *certificate,
                          struct alm_error *err);

#endif
