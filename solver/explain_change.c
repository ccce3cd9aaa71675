/* explain_change.c - which single change of a person's limits would have placed them, or placed
 * them better, and how many points they were short; see explain_facts.h.
 *
 * In a round with prices nothing is solved again: a bed of p costs the plan its loss, and what the
 * person has is worth what it gains less its price (docs/solver.md). Where they are bounds, the bed
 * costs no more and the place is worth no more: what is sure stays so, and nothing is ruled out. In
 * pools without prices a change is only said to help when a bed is left over, or when changing
 * places with one newcomer would do. What is unsure then, explain_again.c can try. */
#include "solver/explain_facts.h"

#include "models/stamp.h"

#include <string.h>

/* -- what beds cost -- */

/* The n-th sort of beds of a pool: the open ones, then those kept for a class. */
static const struct shadow_price *beds(const struct explain_pool *pool, size_t n)
{
    return n == 0 ? pool->price : &pool->reserves[n - 1];
}

static int may_use(const struct explain_facts *facts, const struct shadow_price *bed)
{
    return bed->loss_is != SHADOW_LOSS_NO_BED &&
           (!bed->reserve[0] || facts->rules.policy->reserve == RESERVE_SOFT ||
            strcmp(bed->reserve, facts->person->class_code) == 0);
}

/* What the person brings in those beds, less `amounts`. */
static void gain_beyond(const struct explain_facts *facts, const struct explain_pool *pool,
                        const struct shadow_price *bed, const int64_t *amounts,
                        int64_t left[OBJECTIVE_COUNT])
{
    const struct policy *policy = facts->rules.policy;
    int is_kept = bed->reserve[0] && policy->reserve == RESERVE_SOFT && !facts->own &&
                  strcmp(bed->reserve, facts->person->class_code) == 0;
    for (size_t k = 0; k < policy->n_objectives; k++)
        left[k] =
            (policy->objectives[k] == OBJECTIVE_RESERVE ? is_kept : pool->gains[k]) - amounts[k];
}

/* A resident who stays gains nothing and holds a bed of that price. */
static void find_worth_of_own(const struct explain_facts *facts, const struct explain_pool *own,
                              int64_t worth[OBJECTIVE_COUNT])
{
    const struct shadow_price *held = own->price;
    for (size_t n = 0; n < own->n_reserves; n++)
        if (strcmp(own->reserves[n].reserve, facts->person->current_reserve) == 0)
            held = &own->reserves[n];
    for (size_t k = 0; k < facts->rules.policy->n_objectives; k++)
        worth[k] = -held->price[k];
}

/* What the place that the person has is worth to the plan beyond its price; nothing for a newcomer
 * without one. The plan does not say which beds of a pool somebody has: the best they may. */
static void find_worth(const struct explain_facts *facts, int64_t worth[OBJECTIVE_COUNT])
{
    const struct explain_pool *pool = NULL;
    int64_t left[OBJECTIVE_COUNT];
    int is_first = 1;
    memset(worth, 0, OBJECTIVE_COUNT * sizeof *worth);
    if (facts->placement)
        pool = explain_facts_pool(facts, facts->placement->pool_id);
    else if (facts->own)
        find_worth_of_own(facts, explain_facts_pool(facts, facts->own->record.id), worth);
    for (size_t n = 0; pool && n <= pool->n_reserves; n++) {
        const struct shadow_price *bed = beds(pool, n);
        if (!may_use(facts, bed))
            continue;
        gain_beyond(facts, pool, bed, bed->price, left);
        if (is_first || explain_gains_compare(facts, left, worth) > 0)
            memcpy(worth, left, sizeof left);
        is_first = 0;
    }
}

/* -- verdicts -- */

/* Of a newcomer without a place the loss decides. Whoever leaves a bed behind may cost less, since
 * others gain by that bed; but never less than the price. */
static enum explain_verdict judge_beds(const struct explain_facts *facts,
                                       const struct explain_pool *pool,
                                       const struct shadow_price *bed)
{
    int has_place = facts->placement || facts->own;
    int64_t left[OBJECTIVE_COUNT];
    if (!may_use(facts, bed))
        return EXPLAIN_NO;
    if (bed->loss_is == SHADOW_LOSS_STATED) {
        gain_beyond(facts, pool, bed, bed->loss, left);
        int order = explain_gains_compare(facts, left, facts->worth);
        if (order > 0)
            return EXPLAIN_SURE;
        if (!has_place && facts->is_exact)
            return order < 0                            ? EXPLAIN_NO
                   : pool->is_left && !pool->n_reserves ? EXPLAIN_SURE /* nobody would have to go */
                                                        : EXPLAIN_LEVEL;
    }
    if (facts->is_bounded)
        return EXPLAIN_UNSURE;
    if (!has_place)
        return EXPLAIN_NO;
    gain_beyond(facts, pool, bed, bed->price, left);
    return explain_gains_compare(facts, left, facts->worth) < 0 ? EXPLAIN_NO : EXPLAIN_UNSURE;
}

static enum explain_verdict judge_prices(const struct explain_facts *facts,
                                         const struct explain_pool *pool)
{
    enum explain_verdict best = EXPLAIN_NO;
    for (size_t n = 0; n <= pool->n_reserves; n++) {
        enum explain_verdict verdict = judge_beds(facts, pool, beds(pool, n));
        best = verdict > best ? verdict : best;
    }
    return best;
}

/* A bed that nobody has, and no row that could stand before it. */
static int is_free(const struct explain_facts *facts, const struct explain_pool *pool)
{
    static const int64_t nothing[OBJECTIVE_COUNT];
    const struct policy *policy = facts->rules.policy;
    return pool->is_left && !pool->pool->n_rooms &&
           (pool->home->care_minutes == RECORD_NO_LIMIT ||
            policy_care_minutes(policy, facts->person) <=
                explain_facts_minutes_left(facts, pool->home)) &&
           explain_gains_compare(facts, pool->gains, nothing) > 0;
}

/* Without prices. A newcomer who comes in so makes a proved plan better; and of one that is not
 * proved nothing is known. */
static enum explain_verdict judge_swap(const struct explain_facts *facts,
                                       const struct explain_pool *pool)
{
    if (facts->plan->status != PLAN_OPTIMAL || facts->own || facts->placement || facts->companions)
        return EXPLAIN_UNSURE;
    return pool->is_swap || is_free(facts, pool) ? EXPLAIN_SURE : EXPLAIN_UNSURE;
}

/* The person without the one limit that a rule is about. */
static struct applicant lift(const struct explain_facts *facts, const struct explain_pool *pool)
{
    struct applicant freed = *facts->person;
    freed.max_distance_m = pool->reason == REASON_DISTANCE ? RECORD_NO_LIMIT : freed.max_distance_m;
    freed.max_fee = pool->reason == REASON_FEE ? RECORD_NO_LIMIT : freed.max_fee;
    freed.min_star = pool->reason == REASON_STAR ? 0 : freed.min_star;
    freed.kinds |= pool->reason == REASON_KIND ? 1u << pool->pool->kind : 0;
    if (pool->reason == REASON_ASSESSMENT)
        freed.assessment_valid_until = STAMP_NONE;
    return freed;
}

/* Whoever waits for a bed is not asked to take meals instead, nor the other way round. */
static int is_same_sort(const struct applicant *person, enum kind kind)
{
    uint32_t beds = (1u << KIND_SERVICE_FIRST) - 1;
    return ((kind < KIND_SERVICE_FIRST ? beds : ~beds) & person->kinds) != 0;
}

static int is_limit(const struct explain_facts *facts, const struct explain_pool *pool)
{
    enum reason reason = pool->reason;
    return reason == REASON_DISTANCE || reason == REASON_FEE || reason == REASON_STAR ||
           reason == REASON_ASSESSMENT ||
           (reason == REASON_KIND && is_same_sort(facts->person, pool->pool->kind));
}

/* Nursing minutes and rooms that no choice could break are no rows of the round, but they may be
 * with this person: then the prices do not tell. */
static int has_row(const struct explain_pool *pool)
{
    return pool->home->care_minutes != RECORD_NO_LIMIT || pool->pool->n_rooms;
}

static void judge(const struct explain_facts *facts, struct explain_pool *pool)
{
    if (!is_limit(facts, pool) || pool->pool == facts->own)
        return;
    struct applicant freed = lift(facts, pool);
    if (explain_facts_ask(facts, &freed, pool) != REASON_ELIGIBLE)
        return;
    int is_priced = facts->is_exact || (facts->is_bounded && pool->price);
    if (is_priced)
        pool->verdict = judge_prices(facts, pool);
    int is_told = is_priced && !(pool->verdict != EXPLAIN_NO && has_row(pool));
    if (!is_told || (facts->is_bounded && pool->verdict != EXPLAIN_SURE))
        pool->verdict = judge_swap(facts, pool);
}

/* -- the least changes -- */

static int64_t limit_of(const struct explain_facts *facts, enum reason limit)
{
    const struct applicant *person = facts->person;
    return limit == REASON_DISTANCE ? person->max_distance_m
           : limit == REASON_FEE    ? person->max_fee
           : limit == REASON_STAR   ? person->min_star
           : limit == REASON_KIND   ? 0
                                    : person->assessment_valid_until;
}

int64_t explain_change_needs(const struct explain_facts *facts, const struct explain_pool *pool)
{
    return pool->reason == REASON_DISTANCE ? pool->metres
           : pool->reason == REASON_FEE    ? pool->pool->monthly_fee
           : pool->reason == REASON_STAR   ? pool->home->star
           : pool->reason == REASON_KIND   ? (int64_t)pool->pool->kind
                                           : facts->rules.now / STAMP_DAY_S * STAMP_DAY_S;
}

/* < 0 when the first is the smaller wish. Kinds are not more or less than each other. */
static int compare_change(const struct explain_facts *facts, const struct explain_pool *a,
                          const struct explain_pool *b)
{
    int64_t one = explain_change_needs(facts, a), two = explain_change_needs(facts, b);
    if (one != two)
        return (one < two) == (a->reason != REASON_STAR) ? -1 : 1;
    if (a->is_found != b->is_found)
        return a->is_found ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return (a->metres > b->metres) - (a->metres < b->metres);
}

/* Does the change to what `pool` needs also open a pool that is no better than the place there is,
 * and that the plan might take instead? */
static int opens_worse(const struct explain_facts *facts, const struct explain_pool *pool)
{
    for (size_t p = 0; facts->placement && p < facts->n_pools; p++) {
        const struct explain_pool *other = &facts->pools[p];
        int is_opened =
            other->reason == pool->reason && other->verdict != EXPLAIN_NO &&
            (pool->reason == REASON_KIND
                 ? explain_change_needs(facts, other) == explain_change_needs(facts, pool)
                 : compare_change(facts, other, pool) <= 0 ||
                       explain_change_needs(facts, other) == explain_change_needs(facts, pool));
        if (is_opened && other->rank >= facts->placement->rank)
            return 1;
    }
    return 0;
}

/* The pool that the least change of that limit opens, among those of that verdict (and that kind,
 * when kind >= 0). */
static const struct explain_pool *find_least(const struct explain_facts *facts, enum reason limit,
                                             int kind, enum explain_verdict verdict)
{
    const struct explain_pool *best = NULL;
    for (size_t p = 0; p < facts->n_pools; p++) {
        const struct explain_pool *pool = &facts->pools[p];
        if (pool->reason == limit && pool->verdict == verdict &&
            (kind < 0 || (int)pool->pool->kind == kind) &&
            (!best || compare_change(facts, pool, best) < 0) && !opens_worse(facts, pool))
            best = pool;
    }
    return best;
}

/* The least that is sure to help; before it, what would be level, when that is less. */
static void add_changes(struct explain_facts *facts, enum reason limit, int kind)
{
    const struct explain_pool *sure = find_least(facts, limit, kind, EXPLAIN_SURE);
    const struct explain_pool *level = find_least(facts, limit, kind, EXPLAIN_LEVEL);
    const struct explain_pool *found[] = {level, sure};
    if (level && sure && (kind >= 0 || compare_change(facts, level, sure) >= 0))
        found[0] = NULL;
    for (int n = 0; n < 2; n++)
        if (found[n])
            facts->changes[facts->n_changes++] = (struct explain_change){
                .limit = limit,
                .from = limit_of(facts, limit),
                .to = explain_change_needs(facts, found[n]),
                .verdict = n ? EXPLAIN_SURE : EXPLAIN_LEVEL,
                .pool = found[n],
            };
}

/* -- points that were missing -- */

/* How much more of that objective, and nothing else, would beat the loss of these beds; 0 = no
 * amount does. */
static int64_t shortfall(const struct explain_facts *facts, const struct explain_pool *pool,
                         const struct shadow_price *bed, enum objective objective)
{
    const struct policy *policy = facts->rules.policy;
    int64_t left[OBJECTIVE_COUNT];
    size_t k = 0, at;
    if (!may_use(facts, bed) || bed->loss_is != SHADOW_LOSS_STATED)
        return 0;
    gain_beyond(facts, pool, bed, bed->loss, left);
    while (k < policy->n_objectives && policy->objectives[k] != objective && left[k] == 0)
        k++;
    if (k == policy->n_objectives || policy->objectives[k] != objective || left[k] > 0)
        return 0;
    for (at = k + 1; at < policy->n_objectives && left[at] == 0;)
        at++;
    int is_enough = at < policy->n_objectives && left[at] > 0;
    return -left[k] + !is_enough;
}

static int64_t find_short(const struct explain_facts *facts, enum objective objective)
{
    int64_t least = 0;
    for (size_t p = 0; p < facts->n_pools; p++) {
        const struct explain_pool *pool = &facts->pools[p];
        int is_asked = pool->reason == REASON_OUTRANKED && pool->price;
        for (size_t n = 0; is_asked && n <= pool->n_reserves; n++) {
            int64_t more = shortfall(facts, pool, beds(pool, n), objective);
            if (more > 0 && (least == 0 || more < least))
                least = more;
        }
    }
    return least;
}

/* Prices of all beds that a plan can give; plans of old have no losses. */
static int has_prices(const struct explain_pool *pool)
{
    int is_open = !pool->home->suspended && pool_offerable(pool->pool) > 0;
    int are_stated = 0;
    if (!pool->price || pool->n_reserves != pool->pool->n_reserved)
        return 0;
    for (size_t n = 0; n <= pool->n_reserves; n++)
        are_stated |= beds(pool, n)->loss_is != SHADOW_LOSS_NO_BED;
    return are_stated || !is_open;
}

/* Has the place that the person has, if any, prices? */
static int is_place_priced(const struct explain_facts *facts)
{
    const struct explain_pool *to =
        facts->placement ? explain_facts_pool(facts, facts->placement->pool_id) : NULL;
    const struct explain_pool *own =
        facts->own ? explain_facts_pool(facts, facts->own->record.id) : NULL;
    return (!facts->placement || (to && to->price)) && (!facts->own || (own && own->price));
}

static void find_sort(struct explain_facts *facts)
{
    const struct plan *plan = facts->plan;
    int is_proved = plan->status == PLAN_OPTIMAL && facts->n_pools > 0;
    facts->is_exact = is_proved && !plan->prices_are_bounds;
    for (size_t p = 0; p < facts->n_pools; p++)
        facts->is_exact &= has_prices(&facts->pools[p]);
    facts->is_bounded =
        is_proved && plan->prices_are_bounds && !facts->companions && is_place_priced(facts);
}

/* Exact prices tell of newcomers; a round that was solved again tells of everybody, but not in what
 * order of ties one that is narrower would have ended. */
static int is_complete(const struct explain_facts *facts)
{
    if (!facts->unplaced || explain_facts_is_unsure(facts))
        return 0;
    for (size_t c = 0; facts->is_tried && c < facts->n_changes; c++)
        if (facts->changes[c].verdict != EXPLAIN_SURE)
            return 0;
    return facts->is_tried || (facts->is_exact && !facts->own);
}

void explain_change_list(struct explain_facts *facts)
{
    facts->n_changes = 0;
    add_changes(facts, REASON_DISTANCE, -1);
    add_changes(facts, REASON_FEE, -1);
    add_changes(facts, REASON_STAR, -1);
    add_changes(facts, REASON_ASSESSMENT, -1);
    for (int kind = 0; kind < KIND_COUNT; kind++)
        add_changes(facts, REASON_KIND, kind);
    facts->is_complete = is_complete(facts);
}

void explain_change_find(struct explain_facts *facts)
{
    if (!facts->placement && !facts->unplaced)
        return;
    find_sort(facts);
    if (facts->is_exact || facts->is_bounded)
        find_worth(facts, facts->worth);
    for (size_t p = 0; p < facts->n_pools; p++)
        judge(facts, &facts->pools[p]);
    explain_change_list(facts);
    if ((facts->is_exact || facts->is_bounded) && facts->unplaced && !facts->own) {
        facts->points_short = find_short(facts, OBJECTIVE_NEED);
        facts->days_short = find_short(facts, OBJECTIVE_SENIORITY);
    }
}
