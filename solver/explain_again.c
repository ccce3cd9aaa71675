/* explain_again.c - wider limits of which the prices tell nothing, tried by solving the round
 * again; see explain_facts.h.
 *
 * A wider limit only adds pairs, all of this person's: every plan of before is still there. So the
 * best one is never worse, one that is better has a new pair and places the person, and where a
 * limit is wide enough for that, every wider one is: the least is found by halving. */
#include "solver/explain_facts.h"

#include "models/alloc.h"
#include "solver/again.h"

#include <stdlib.h>
#include <string.h>

/* One limit, and one kind where places of another kind are asked for. */
struct ladder {
    enum reason limit;
    int kind;       /* or -1 */
    int64_t *steps; /* what its pools need, from the narrowest to the widest; stars negated */
    size_t n;
};

/* -- one round -- */

static struct applicant *with_limit(const struct applicant *person, enum reason limit, int64_t to)
{
    struct applicant *changed = (struct applicant *)record_copy(&person->record);
    if (limit == REASON_DISTANCE)
        changed->max_distance_m = to;
    else if (limit == REASON_FEE)
        changed->max_fee = to;
    else if (limit == REASON_STAR)
        changed->min_star = to;
    else if (limit == REASON_KIND)
        changed->kinds |= 1u << to;
    else
        changed->assessment_valid_until = to;
    return changed;
}

/* Where the plan has a place for the person; NULL. */
static struct explain_pool *find_place(const struct explain_facts *facts, const struct plan *plan)
{
    for (size_t i = 0; i < plan->n_placements; i++)
        if (strcmp(plan->placements[i].applicant_id, facts->person->record.id) == 0)
            return explain_facts_pool(facts, plan->placements[i].pool_id);
    return NULL;
}

static enum explain_verdict judge_plan(const struct explain_facts *facts, const int64_t *gains,
                                       const struct plan *plan)
{
    static const int64_t nothing[OBJECTIVE_COUNT];
    struct explain_pool *place = find_place(facts, plan);
    int order = explain_gains_compare(facts, gains, nothing);
    if (order <= 0 && plan->status != PLAN_OPTIMAL)
        return EXPLAIN_UNSURE;
    if (place)
        place->is_found = 1;
    return order > 0 ? EXPLAIN_SURE : place ? EXPLAIN_LEVEL : EXPLAIN_NO;
}

/* UNSURE when the time is over, or the solver has failed. */
static enum explain_verdict try_limit(const struct explain_facts *facts, struct again *again,
                                      enum reason limit, int64_t to)
{
    int64_t gains[OBJECTIVE_COUNT];
    struct plan plan;
    if (again_solve(again, &with_limit(facts->person, limit, to)->record, &plan) < 0)
        return EXPLAIN_UNSURE;
    again_gains(again, &plan, gains);
    enum explain_verdict verdict = judge_plan(facts, gains, &plan);
    plan_clear(&plan);
    return verdict;
}

/* -- one limit -- */

static int is_on(const struct ladder *ladder, const struct explain_pool *pool)
{
    return pool->reason == ladder->limit && pool->verdict != EXPLAIN_NO &&
           (ladder->kind < 0 || (int)pool->pool->kind == ladder->kind);
}

static int64_t step_of(const struct explain_facts *facts, const struct explain_pool *pool)
{
    int64_t needs = explain_change_needs(facts, pool);
    return pool->reason == REASON_STAR ? -needs : needs;
}

static int compare_steps(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;
    return (one > two) - (one < two);
}

/* The steps below the first that is sure by the prices, each once, and that one's place. */
static size_t list_steps(const struct explain_facts *facts, struct ladder *ladder)
{
    int64_t sure = INT64_MAX;
    size_t n = 0, below = 0;
    for (size_t p = 0; p < facts->n_pools; p++)
        if (is_on(ladder, &facts->pools[p])) {
            int64_t step = step_of(facts, &facts->pools[p]);
            ladder->steps[n++] = step;
            if (facts->pools[p].verdict == EXPLAIN_SURE && step < sure)
                sure = step;
        }
    qsort(ladder->steps, n, sizeof *ladder->steps, compare_steps);
    ladder->n = 0;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || ladder->steps[i] != ladder->steps[i - 1])
            ladder->steps[ladder->n++] = ladder->steps[i];
    while (below < ladder->n && ladder->steps[below] < sure)
        below++;
    return below;
}

/* Steps before `no` do not help, but `level` may in the order of ties; those from `sure` on do; of
 * those between nothing is known. */
static void settle(struct explain_facts *facts, const struct ladder *ladder, size_t no, size_t sure,
                   size_t level)
{
    for (size_t p = 0; p < facts->n_pools; p++) {
        struct explain_pool *pool = &facts->pools[p];
        if (!is_on(ladder, pool))
            continue;
        int64_t step = step_of(facts, pool);
        if (level < no && step == ladder->steps[level])
            pool->verdict = EXPLAIN_LEVEL;
        else if (no > 0 && step <= ladder->steps[no - 1])
            pool->verdict = EXPLAIN_NO;
        else if (sure < ladder->n && step >= ladder->steps[sure])
            pool->verdict = EXPLAIN_SURE;
    }
}

/* The widest first where none is sure yet: if that does not help, none does. */
static void climb(struct explain_facts *facts, struct again *again, struct ladder *ladder)
{
    size_t sure = list_steps(facts, ladder), no = 0, level = ladder->n;
    int sign = ladder->limit == REASON_STAR ? -1 : 1;
    int is_first = sure == ladder->n;
    while (no < sure) {
        size_t at = is_first ? sure - 1 : (no + sure) / 2;
        enum explain_verdict verdict =
            try_limit(facts, again, ladder->limit, sign * ladder->steps[at]);
        if (verdict == EXPLAIN_UNSURE)
            break;
        if (verdict == EXPLAIN_LEVEL && level == ladder->n)
            level = at;
        if (verdict == EXPLAIN_SURE)
            sure = at;
        else
            no = at + 1;
        is_first = 0;
    }
    settle(facts, ladder, no, sure, level);
}

/* -- all of them -- */

static int is_asked(const struct explain_facts *facts)
{
    return facts->unplaced && facts->plan->status == PLAN_OPTIMAL && explain_facts_is_unsure(facts);
}

/* -1 with the solver's error. */
static int find(struct explain_facts *facts, double seconds, struct alm_error *err)
{
    static const enum reason limits[] = {REASON_DISTANCE, REASON_FEE, REASON_STAR,
                                         REASON_ASSESSMENT};
    struct ladder ladder = {.kind = -1};
    struct again again;
    again_init(&again, facts->rules.region, facts->rules.policy, facts->plan, seconds, err);
    ladder.steps = alloc_zero(facts->n_pools, sizeof *ladder.steps);
    for (size_t n = 0; n < sizeof limits / sizeof *limits; n++) {
        ladder.limit = limits[n];
        climb(facts, &again, &ladder);
    }
    ladder.limit = REASON_KIND;
    for (ladder.kind = 0; ladder.kind < KIND_COUNT; ladder.kind++)
        climb(facts, &again, &ladder);
    free(ladder.steps);
    again_clear(&again);
    facts->is_tried = 1;
    explain_change_list(facts);
    return again.is_failed ? -1 : 0;
}

struct explain_facts *explain_again_new(const struct region *region, const struct policy *policy,
                                        const struct plan *plan, const char *applicant_id,
                                        double again_s, struct alm_error *err)
{
    struct explain_facts *facts = explain_facts_new(region, policy, plan, applicant_id, err);
    if (facts && again_s > 0 && is_asked(facts) && find(facts, again_s, err) < 0) {
        explain_facts_free(facts);
        return NULL;
    }
    return facts;
}
