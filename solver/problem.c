/* problem.c - see problem.h: what is asked of a round that has been built (problem_new.c). */
#include "solver/problem.h"

#include <string.h>

/* -- gains -- */

struct move { /* a pair and its person, for the table of gains */
    const struct problem *problem;
    const struct problem_person *person;
    const struct problem_pair *pair;
};

static int is_newcomer(const struct move *move)
{
    return move->person->stay_pair == PROBLEM_NONE;
}

static const struct problem_pair *present(const struct move *move)
{
    return &move->problem->pairs[move->person->stay_pair];
}

static int64_t gain_guarantee(const struct move *move)
{
    return is_newcomer(move) && move->person->is_guaranteed;
}

static int64_t gain_reserve(const struct move *move)
{
    const char *reserve = move->problem->parts[move->pair->part].reserve;
    return is_newcomer(move) && move->problem->policy->reserve == RESERVE_SOFT && reserve[0] &&
           strcmp(reserve, move->person->applicant->class_code) == 0;
}

static int64_t gain_need(const struct move *move)
{
    return is_newcomer(move) ? move->person->points : 0;
}

static int64_t gain_placements(const struct move *move)
{
    return is_newcomer(move);
}

static int64_t gain_seniority(const struct move *move)
{
    return is_newcomer(move) ? move->person->days : 0;
}

static int64_t gain_transfers(const struct move *move)
{
    return is_newcomer(move) ? 0 : move->person->points;
}

static int64_t gain_preference(const struct move *move)
{
    int64_t before = is_newcomer(move) ? 0 : present(move)->rank;
    return before - move->pair->rank;
}

static int64_t gain_travel(const struct move *move)
{
    int64_t before = is_newcomer(move) ? 0 : present(move)->metres;
    return before - move->pair->metres;
}

static int64_t gain_moves(const struct move *move)
{
    return is_newcomer(move) ? 0 : -1;
}

static int64_t (*const gain_of[OBJECTIVE_COUNT])(const struct move *) = {
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

int problem_is_stay(const struct problem *problem, uint32_t pair)
{
    return problem->people[problem->pairs[pair].person].stay_pair == pair;
}

int64_t problem_gain_of(const struct problem *problem, const struct problem_pair *pair, size_t k)
{
    struct move move = {problem, &problem->people[pair->person], pair};
    return gain_of[problem->objectives[k]](&move);
}

int64_t problem_gain(const struct problem *problem, uint32_t pair, size_t k)
{
    return problem_is_stay(problem, pair) ? 0 : problem_gain_of(problem, &problem->pairs[pair], k);
}

void problem_values(const struct problem *problem, const uint32_t *chosen,
                    int64_t values[OBJECTIVE_COUNT])
{
    memset(values, 0, problem->n_objectives * sizeof *values);
    for (uint32_t i = 0; i < problem->n_people; i++) {
        if (chosen[i] == PROBLEM_NONE || chosen[i] == problem->people[i].stay_pair)
            continue;
        struct move move = {problem, &problem->people[i], &problem->pairs[chosen[i]]};
        for (size_t k = 0; k < problem->n_objectives; k++)
            values[k] += gain_of[problem->objectives[k]](&move);
    }
    for (size_t k = 0; k < problem->n_objectives; k++)
        if (!words_objective_is_max(problem->objectives[k]))
            values[k] = -values[k];
}

int problem_is_coupled(const struct problem *problem)
{
    return problem->n_households || problem->n_staff || problem->n_rooms;
}

/* -- pools -- */

uint32_t problem_pool(const struct problem *problem, const char *id)
{
    uint32_t low = 0, high = problem->n_pools;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        int order = strcmp(problem->parts[problem->pool_first_part[mid]].pool->record.id, id);
        if (order == 0)
            return mid;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return PROBLEM_NONE;
}

uint32_t problem_held_part(const struct problem *problem, uint32_t pool,
                           const struct applicant *resident)
{
    uint32_t part = problem->pool_first_part[pool], open = problem->pool_first_part[pool + 1] - 1;
    while (part < open && strcmp(problem->parts[part].reserve, resident->current_reserve) != 0)
        part++;
    return part;
}
