/* coupled_rest.c - see coupled_rest.h. */
#include "solver/coupled_rest.h"

#include "models/alloc.h"
#include "solver/coupled_part.h"
#include "solver/network.h"
#include "solver/problem_coupled.h"

#include <stdlib.h>
#include <string.h>

static int same_values(const struct problem *problem, const uint32_t *one, const uint32_t *two)
{
    int64_t here[OBJECTIVE_COUNT] = {0}, there[OBJECTIVE_COUNT] = {0};
    problem_values(problem, one, here);
    problem_values(problem, two, there);
    return memcmp(here, there, sizeof here) == 0;
}

/* Pools that a row touches are closed: what is left has no coupled row. */
static void part_init(struct coupled_part *part, const struct problem *problem,
                      const uint32_t *chosen)
{
    unsigned char *is_free = alloc_zero((size_t)problem->n_people + 1, 1);
    unsigned char *closed = alloc_zero((size_t)problem->n_pools + 1, 1);
    for (uint32_t i = 0; i < problem->n_people; i++)
        is_free[i] = problem->people[i].household == PROBLEM_NONE;
    for (uint32_t p = 0; p < problem->n_parts; p++)
        closed[problem->parts[p].pool_index] |= problem_coupled_staff(problem, p) != PROBLEM_NONE ||
                                                problem_coupled_rooms(problem, p) != PROBLEM_NONE;
    coupled_part_init(part, problem, chosen, closed, is_free);
    part->problem.n_staff = 0;
    free(closed);
    free(is_free);
}

int coupled_rest_settle(const struct problem *problem, const struct solver_options *options,
                        uint32_t *chosen)
{
    struct coupled_part part;
    struct network_result result = {0};
    struct solver_options own = *options; /* the last round's ids are not those of a part */
    own.last_plan = NULL;
    own.last_certificate = NULL;
    uint32_t *settled = alloc_copy(chosen, problem->n_people, sizeof *settled);
    part_init(&part, problem, chosen);
    int is_settled = part.problem.n_people > 0 &&
                     network_solve(&part.problem, &own, part.chosen, &result, NULL) == 0 &&
                     result.status == PLAN_OPTIMAL;
    if (is_settled)
        coupled_part_put(&part, part.chosen, settled);
    is_settled = is_settled && same_values(problem, settled, chosen);
    if (is_settled)
        memcpy(chosen, settled, problem->n_people * sizeof *chosen);
    network_result_clear(&result);
    coupled_part_clear(&part);
    free(settled);
    return is_settled;
}
