/* coupled_network.c - see coupled_network.h. */
#include "solver/coupled_network.h"

#include "models/alloc.h"
#include "solver/coupled_part.h"
#include "solver/network.h"
#include "solver/shadow.h"

#include <stdlib.h>
#include <string.h>

/* More than anybody gains: who keeps what they have asks for no other bed. */
#define PRICELESS (INT64_MAX / 2)

static int64_t find_most_minutes(const struct problem *problem)
{
    int64_t most = 0;
    for (uint32_t i = 0; i < problem->n_people; i++)
        most = problem->people[i].care_minutes > most ? problem->people[i].care_minutes : most;
    return most;
}

/* Whoever comes to the beds of the round there, and to one more: do the home's minutes suffice? */
static int has_minutes(const struct problem *problem, const struct institution *home, int64_t most)
{
    int64_t beds = 1, minutes;
    if (home->care_minutes == RECORD_NO_LIMIT)
        return 1;
    for (uint32_t part = 0; part < problem->n_parts; part++)
        beds += problem->parts[part].institution == home ? problem->parts[part].capacity : 0;
    return !__builtin_mul_overflow(beds, most, &minutes) && minutes <= home->care_minutes;
}

static void find_open(const struct problem *problem, unsigned char *is_open)
{
    int64_t most = find_most_minutes(problem);
    for (uint32_t p = 0; p < problem->n_pools; p++) {
        const struct problem_part *part = &problem->parts[problem->pool_first_part[p]];
        int has_rooms = part->pool->sex == SEX_RULE_ANY && part->pool->n_rooms > 0;
        is_open[p] = !has_rooms && has_minutes(problem, part->institution, most);
    }
}

/* A plan does not say which beds of a pool with reserves somebody has who comes there and is tied
 * up, so that nobody could tell what is left of them. How many more that closes. */
static size_t close_pools(const struct problem *problem, const uint32_t *chosen,
                          const unsigned char *is_free, unsigned char *is_open)
{
    size_t n = 0;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        uint32_t pair = chosen[i];
        if (is_free[i] || pair == PROBLEM_NONE || pair == problem->people[i].stay_pair)
            continue;
        const struct problem_part *part = &problem->parts[problem->pairs[pair].part];
        n += is_open[part->pool_index] && part->pool->n_reserved;
        is_open[part->pool_index] &= part->pool->n_reserved == 0;
    }
    return n;
}

/* Households and whoever is or lives in a pool that is not open are tied up (coupled_part.h). */
static void init_with(struct coupled_part *part, const struct problem *problem,
                      const uint32_t *chosen, const unsigned char *is_open, unsigned char *is_free)
{
    unsigned char *is_closed = alloc_zero((size_t)problem->n_pools + 1, 1);
    for (uint32_t pool = 0; pool < problem->n_pools; pool++)
        is_closed[pool] = !is_open[pool];
    for (uint32_t i = 0; i < problem->n_people; i++)
        is_free[i] = problem->people[i].household == PROBLEM_NONE;
    coupled_part_init(part, problem, chosen, is_closed, is_free);
    part->problem.n_staff = 0; /* nobody is left who could come there */
    free(is_closed);
}

/* The round of those who are tied to nobody and nothing: whatever is closed ties up more, until
 * nothing does. */
static void part_init(struct coupled_part *part, const struct problem *problem,
                      const uint32_t *chosen, unsigned char *is_open)
{
    unsigned char *is_free = alloc_zero((size_t)problem->n_people + 1, 1);
    find_open(problem, is_open);
    init_with(part, problem, chosen, is_open, is_free);
    while (close_pools(problem, chosen, is_free, is_open)) {
        coupled_part_clear(part);
        init_with(part, problem, chosen, is_open, is_free);
    }
    free(is_free);
}

/* Is what the network has found better than what the part had? 0 too when it is no other. */
static int is_better(const struct problem *problem, const uint32_t *found, const uint32_t *had)
{
    int64_t new[OBJECTIVE_COUNT], old[OBJECTIVE_COUNT];
    problem_values(problem, found, new);
    problem_values(problem, had, old);
    for (size_t k = 0; k < problem->n_objectives; k++)
        if (new[k] != old[k])
            return (new[k] > old[k]) == words_objective_is_max(problem->objectives[k]);
    return 0;
}

static void number_whole(const struct coupled_part *part, size_t n_parts, uint32_t *people)
{
    for (size_t p = 0; p < n_parts; p++)
        if (people[p] != PROBLEM_NONE)
            people[p] = part->person_of[people[p]];
}

/* Then the parts that have no bed to give, as in a network round. */
static void price_full(const struct problem *problem, const struct coupled_part *part,
                       const uint32_t *chosen, const int64_t *price,
                       struct coupled_network *network)
{
    size_t n = problem->n_objectives;
    int64_t *person_price = alloc_zero((size_t)problem->n_people * n + 1, sizeof *person_price);
    for (size_t i = 0; i < problem->n_people * n; i++)
        person_price[i] = PRICELESS;
    for (uint32_t i = 0; i < part->problem.n_people; i++)
        memcpy(&person_price[part->person_of[i] * n], &price[i * n], n * sizeof *price);
    shadow_price_full_pools(problem, chosen, person_price, network->part_price,
                            network->greatest.next);
    free(person_price);
}

static void take_prices(const struct problem *problem, const struct coupled_part *part,
                        const uint32_t *found, const uint32_t *chosen,
                        struct network_result *result, struct coupled_network *network)
{
    greatest_init(&network->greatest, &part->problem, found, result->part_price,
                  result->person_price);
    number_whole(part, problem->n_parts, network->greatest.last);
    number_whole(part, problem->n_parts, network->greatest.next);
    network->part_price = result->part_price;
    result->part_price = NULL;
    price_full(problem, part, chosen, result->person_price, network);
}

int coupled_network_solve(const struct problem *problem, uint32_t *chosen,
                          struct coupled_network *network, struct alm_error *err)
{
    static const struct solver_options no_limit = {0};
    struct coupled_part part;
    struct network_result result = {0};
    *network = (struct coupled_network){.is_priced = alloc_zero((size_t)problem->n_pools + 1, 1)};
    part_init(&part, problem, chosen, network->is_priced);
    uint32_t *found = alloc_zero((size_t)part.problem.n_people + 1, sizeof *found);
    int changed = network_solve(&part.problem, &no_limit, found, &result, err);
    if (changed == 0) {
        changed = is_better(&part.problem, found, part.chosen);
        if (changed)
            coupled_part_put(&part, found, chosen);
        take_prices(problem, &part, changed ? found : part.chosen, chosen, &result, network);
    }
    network_result_clear(&result);
    free(found);
    coupled_part_clear(&part);
    return changed;
}

void coupled_network_clear(struct coupled_network *network)
{
    greatest_clear(&network->greatest);
    free(network->part_price);
    free(network->is_priced);
}
