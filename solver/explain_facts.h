/* explain_facts.h - all that is to be said about one person in one round, as data; words and JSON
 * come from it. */
#ifndef ALMONER_EXPLAIN_FACTS_H
#define ALMONER_EXPLAIN_FACTS_H

#include "models/plan.h"
#include "solver/eligibility.h"

/* One pool, seen by the person. A reason of OUTRANKED: the rules would have let them in, the plan
 * does not. `gains` and the price are by position in the policy's objectives. */
struct explain_pool {
    const struct pool *pool;
    const struct institution *home;
    enum reason reason;
    int is_here; /* the plan places the person here */
    int64_t metres, rank;
    int64_t stayers_mine;  /* residents who ask to move from a bed that the person could have */
    int64_t stayers_other; /* and from one that is kept for another class */
    size_t placed, ahead;  /* by the plan; of these, with at least the person's points */
    const struct placement *marginal; /* of these, the fewest points; last in the order of ties */
    const struct shadow_price *price; /* NULL = the round has none */
    int64_t gains[OBJECTIVE_COUNT];   /* what the person would bring here */
    int64_t weakest[OBJECTIVE_COUNT]; /* the least that a newcomer brings here whose bed the person
                                         could have instead */
    int has_weakest;
    int is_better; /* better, by rank then metres, than what the person has */
    int is_left;   /* a bed of it stays free in the plan */
    int may_help;  /* one limit of the person's own stands before a bed that they would then get;
                      not said of people who wait together, since it takes all of them */
};

struct explain_facts {
    struct eligibility rules;
    const struct plan *plan;
    const struct applicant *person;
    const struct pool *own;            /* a resident's; NULL */
    const struct placement *placement; /* where the plan names the person; NULL */
    const struct unplaced *unplaced;
    int64_t points;
    size_t position, waiting;   /* by points, then the order of ties; position 0 = not waiting */
    size_t companions;          /* others who wait to be placed together with the person */
    struct explain_pool *pools; /* by id */
    size_t n_pools;
};

/* NULL with NOT_FOUND when there is no such applicant. */
struct explain_facts *explain_facts_new(const struct region *region, const struct policy *policy,
                                        const struct plan *plan, const char *applicant_id,
                                        struct alm_error *err);
void explain_facts_free(struct explain_facts *facts);

/* explain_words.c: one pool in a sentence or two; and the whole, one sentence an entry. */
char *explain_words_pool(const struct explain_facts *facts, const struct explain_pool *pool);
void explain_words_all(const struct explain_facts *facts, struct list *sentences);

#endif
