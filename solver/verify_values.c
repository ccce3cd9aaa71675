/* verify_values.c - see verify_values.h. Pure. */
#include "solver/verify_values.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct move {
    const struct verify_person *person;
    int is_newcomer;
    int64_t rank, metres;
};

static int64_t gain_guarantee(const struct move *move)
{
    return move->is_newcomer && move->person->is_guaranteed;
}

static int64_t gain_reserve(const struct move *move)
{
    (void)move;
    return 0;
}

static int64_t gain_need(const struct move *move)
{
    return move->is_newcomer ? move->person->points : 0;
}

static int64_t gain_placements(const struct move *move)
{
    return move->is_newcomer;
}

static int64_t gain_seniority(const struct move *move)
{
    return move->is_newcomer ? move->person->days : 0;
}

static int64_t gain_transfers(const struct move *move)
{
    return move->is_newcomer ? 0 : move->person->points;
}

static int64_t gain_preference(const struct move *move)
{
    return move->person->own_rank - move->rank;
}

static int64_t gain_travel(const struct move *move)
{
    return move->person->own_metres - move->metres;
}

static int64_t gain_moves(const struct move *move)
{
    return move->is_newcomer ? 0 : -1;
}

static int64_t (*const gains[OBJECTIVE_COUNT])(const struct move *) = {
    [OBJECTIVE_GUARANTEE] = gain_guarantee,
    [OBJECTIVE_RESERVE] = gain_reserve,
    [OBJECTIVE_NEED] = gain_need,
    [OBJECTIVE_PLACEMENTS] = gain_placements,
    [OBJECTIVE_SENIORITY] = gain_seniority,
    [OBJECTIVE_TRANSFERS] = gain_transfers,
    [OBJECTIVE_PREFERENCE] = gain_preference,
    [OBJECTIVE_TRAVEL] = gain_travel,
    [OBJECTIVE_MOVES] = gain_moves,
};

int64_t verify_values_gain(const struct verify_person *person, enum objective objective,
                           int64_t rank, int64_t metres)
{
    struct move move = {person, person->own == VERIFY_NOWHERE, rank, metres};
    return gains[objective](&move);
}

int verify_values_reserve(const struct verify_round *round, const struct verify_person *person,
                          const struct verify_pool *pool, size_t part)
{
    return round->rules.policy->reserve == RESERVE_SOFT && person->own == VERIFY_NOWHERE &&
           part < pool->pool->n_reserved &&
           strcmp(pool->parts[part].reserve, person->applicant->class_code) == 0;
}

/* Soft reserves: of each class, as many newcomers as there are beds kept for it sit on those. */
static int64_t reserved_taken(const struct verify_pool *pool)
{
    int64_t taken = 0;
    for (size_t k = 0; k < pool->pool->n_reserved; k++) {
        const struct verify_part *part = &pool->parts[k];
        int64_t beds = part->kept + part->leavers;
        taken += part->newcomers < beds ? part->newcomers : beds;
    }
    return taken;
}

__int128 verify_values_total(const struct verify_round *round, enum objective objective)
{
    __int128 sum = 0;
    for (size_t i = 0; i < round->n_people; i++) {
        const struct verify_person *person = &round->people[i];
        if (person->to != VERIFY_NOWHERE)
            sum += verify_values_gain(person, objective, person->placement->rank,
                                      person->placement->metres);
    }
    int is_soft = objective == OBJECTIVE_RESERVE && round->rules.policy->reserve == RESERVE_SOFT;
    for (size_t p = 0; p < round->n_pools && is_soft; p++)
        sum += reserved_taken(&round->pools[p]);
    return words_objective_is_max(objective) ? sum : -sum;
}

static int check_bound(const struct verify_round *round, const struct objective_value *stated,
                       struct alm_error *err)
{
    const char *name = words_name(&words_objective, stated->objective);
    int is_max = words_objective_is_max(stated->objective);
    if (is_max ? stated->bound < stated->value : stated->bound > stated->value)
        return err_set(err, ERR_REFUSED,
                       "objective %s: the value %" PRId64 " is better than the bound %" PRId64,
                       name, stated->value, stated->bound);
    if (round->plan->status == PLAN_OPTIMAL && stated->bound != stated->value)
        return err_set(err, ERR_REFUSED,
                       "objective %s: the plan is called optimal, but its value %" PRId64
                       " is not the bound %" PRId64,
                       name, stated->value, stated->bound);
    return 0;
}

static int check_value(const struct verify_round *round, size_t k, struct alm_error *err)
{
    const struct objective_value *stated = &round->plan->objectives[k];
    enum objective objective = round->rules.policy->objectives[k];
    if (stated->objective != objective)
        return err_set(err, ERR_REFUSED,
                       "objectives: number %zu is %s in the policy, %s in the plan", k + 1,
                       words_name(&words_objective, objective),
                       words_name(&words_objective, stated->objective));
    __int128 value = verify_values_total(round, objective);
    if (value != stated->value)
        return err_set(err, ERR_REFUSED,
                       "objective %s: the placements give %" PRId64 ", the plan says %" PRId64,
                       words_name(&words_objective, objective), (int64_t)value, stated->value);
    return check_bound(round, stated, err);
}

int verify_values_check(const struct verify_round *round, struct alm_error *err)
{
    size_t n = round->rules.policy->n_objectives;
    if (round->plan->n_objectives != n)
        return err_set(err, ERR_REFUSED, "objectives: the policy has %zu, the plan %zu", n,
                       round->plan->n_objectives);
    for (size_t k = 0; k < n; k++)
        if (check_value(round, k, err) != 0)
            return -1;
    return 0;
}
