/* explain_facts.h - all that is to be said about one person in one round, as data; words and JSON
 * come from it. */
#ifndef ALMONER_EXPLAIN_FACTS_H
#define ALMONER_EXPLAIN_FACTS_H

#include "models/plan.h"
#include "solver/eligibility.h"
#include "solver/envy.h"

/* What would come of it if one limit that keeps the person from a pool were wide enough. SURE:
 * every best plan would give them another, better place than the one they have. LEVEL: they would
 * count exactly as much as somebody who would have to go, and the order of ties would decide.
 * UNSURE: nothing is proved either way. */
enum explain_verdict { EXPLAIN_NO, EXPLAIN_UNSURE, EXPLAIN_LEVEL, EXPLAIN_SURE };

/* One pool, seen by the person. A reason of OUTRANKED: the rules would have let them in, the plan
 * does not. `gains` and prices are by position in the policy's objectives. */
struct explain_pool {
    const struct pool *pool;
    const struct institution *home;
    enum reason reason; /* ELIGIBLE also of the pool that the person lives in */
    int is_here;        /* the plan places the person here */
    int64_t metres, rank;
    int64_t stayers_mine;  /* residents who ask to move from a bed that the person could have */
    int64_t stayers_other; /* and from one that is kept for another class */
    int64_t minutes;      /* of those who come by the plan, less those of the residents who leave */
    size_t placed, ahead; /* by the plan; of these, with at least the person's points */
    const struct placement *marginal; /* of these, the fewest points; last in the order of ties */
    const struct shadow_price *price; /* of the open beds; NULL = the round has none */
    const struct shadow_price *reserves; /* of those kept for a class */
    size_t n_reserves;
    int64_t gains[OBJECTIVE_COUNT]; /* what the person would bring here */
    int is_better;                  /* better, by rank then metres, than what the person has */
    int is_left;                    /* a bed of it stays free in the plan */
    int is_found; /* solved again with a wider limit, the round places the person here */
    int is_swap;  /* the person could have a newcomer's bed, and would bring more */
    enum envy envy;
    enum explain_verdict
        verdict; /* where one limit of the person's own stands before it; else NO */
};

/* The least change of one limit that would do: `to` is metres, a fee, stars, a kind, or the last
 * day of an assessment. */
struct explain_change {
    enum reason limit; /* DISTANCE, FEE, STAR, KIND or ASSESSMENT */
    int64_t from, to;
    enum explain_verdict verdict; /* SURE or LEVEL */
    const struct explain_pool *pool;
};
enum { EXPLAIN_CHANGES_MAX = 2 * 4 + KIND_COUNT };

struct explain_facts {
    struct eligibility rules;
    const struct plan *plan;
    const struct applicant *person;
    const struct pool *own;            /* a resident's; NULL */
    const struct placement *placement; /* where the plan names the person; NULL */
    const struct unplaced *unplaced;
    int64_t points;
    size_t position, waiting; /* by points, then the order of ties; position 0 = not waiting */
    size_t companions;        /* others who wait to be placed together with the person */
    size_t homes_for_all;     /* if there are any: homes with a pool that the rules allow, or where
                                 they live, for each of them */
    struct explain_pool *pools; /* by id */
    size_t n_pools;
    int is_exact;    /* a proved plan with exact prices of all pools */
    int is_bounded;  /* a proved plan with prices that are bounds, and the person waits alone */
    int is_tried;    /* what the prices do not tell was asked of the solver */
    int is_complete; /* of who has no place: no change but the named ones would do */
    int64_t worth[OBJECTIVE_COUNT]; /* if either: of the place there is, beyond its price */
    struct explain_change changes[EXPLAIN_CHANGES_MAX];
    size_t n_changes;
    int64_t points_short, days_short; /* with so many more, and nothing else changed, a newcomer
                                         would have had a place (is_bounded: perhaps with fewer);
                                         0 = not known, or no help */
};

/* NULL with NOT_FOUND when there is no such applicant. */
struct explain_facts *explain_facts_new(const struct region *region, const struct policy *policy,
                                        const struct plan *plan, const char *applicant_id,
                                        struct alm_error *err);
void explain_facts_free(struct explain_facts *facts);

/* The pool of that id; NULL. And the first rule that it fails for a person with the same beds. */
struct explain_pool *explain_facts_pool(const struct explain_facts *facts, const char *id);
enum reason explain_facts_ask(const struct explain_facts *facts, const struct applicant *person,
                              const struct explain_pool *pool);
/* In how many pools. */
size_t explain_facts_envied(const struct explain_facts *facts, enum envy envy);
/* Nursing minutes that the plan leaves in a home that has a limit. */
int64_t explain_facts_minutes_left(const struct explain_facts *facts,
                                   const struct institution *home);

/* Is there a pool that a wider limit would open, of which nothing can be told? */
int explain_facts_is_unsure(const struct explain_facts *facts);

/* explain_change.c: the verdicts and what follows from them, once all else is known. */
void explain_change_find(struct explain_facts *facts);
/* The changes that follow from the verdicts, and whether they are all. */
void explain_change_list(struct explain_facts *facts);
/* What the limit that keeps the person from the pool would have to be: metres, a fee, stars, the
 * kind, or the day of the round, through which an assessment has to hold. */
int64_t explain_change_needs(const struct explain_facts *facts, const struct explain_pool *pool);

/* explain_again.c: the facts, and of who is left without a place by a proved plan what the prices
 * do not tell: the round is solved again with wider limits, for so many seconds at most in all, and
 * the same verdicts follow. NULL as above, or with the solver's error. */
struct explain_facts *explain_again_new(const struct region *region, const struct policy *policy,
                                        const struct plan *plan, const char *applicant_id,
                                        double again_s, struct alm_error *err);

/* explain_gains.c: what a person brings in a pool at that rank and distance (open beds), by
 * position in the objectives; and which of two brings more: -1, 0, 1. */
void explain_gains_find(const struct explain_facts *facts, const struct applicant *person,
                        int64_t points, int64_t rank, int64_t metres,
                        int64_t gains[OBJECTIVE_COUNT]);
int explain_gains_compare(const struct explain_facts *facts, const int64_t *a, const int64_t *b);

/* explain_envy.c: is_swap and envy of all pools, once the rest of them is known. */
void explain_envy_find(struct explain_facts *facts);

/* explain_words.c: one pool in a sentence or two; and the whole, one sentence an entry. */
char *explain_words_pool(const struct explain_facts *facts, const struct explain_pool *pool);
void explain_words_all(const struct explain_facts *facts, struct list *sentences);

#endif
