/* warm.c - see warm.h. Owns what is worth it; the rest is in warm_last.c. */
#include "solver/warm.h"

#include "models/plan.h"
#include "solver/warm_last.h"

#include <stdlib.h>

enum { SAMPLE_PEOPLE = 100, MANY_PEOPLE = 1000 };

static int is_same_everywhere(const struct problem *problem, uint32_t person)
{
    const struct problem_person *at = &problem->people[person];
    for (uint32_t pair = at->first_pair + 1; pair < at->first_pair + at->n_pairs; pair++)
        if (problem->pairs[pair].metres != problem->pairs[at->first_pair].metres ||
            problem->pairs[pair].rank != problem->pairs[at->first_pair].rank)
            return 0;
    return 1;
}

/* Measured: with so many people to a part, or where all places are alike to so many people, to
 * match the last plan takes as long as it saves. */
static int is_of_use(const struct problem *problem)
{
    uint32_t step = problem->n_people / SAMPLE_PEOPLE + 1, i = step / 2;
    if (problem->n_people < MANY_PEOPLE)
        return 1;
    if (problem->n_people / MANY_PEOPLE > problem->n_parts)
        return 0;
    while (i < problem->n_people && is_same_everywhere(problem, i))
        i += step;
    return i < problem->n_people;
}

void warm_init(struct warm *warm, const struct problem *problem,
               const struct solver_options *options)
{
    *warm = (struct warm){0};
    if ((!options->last_plan && !options->last_certificate) || !is_of_use(problem))
        return;
    if (ahead_holds(problem->ahead, problem)) {
        warm->ahead = problem->ahead;
        warm->chosen = ahead_chosen(problem->ahead);
        warm->part_price = ahead_prices(problem->ahead);
        return;
    }
    if (options->last_plan) {
        struct warm_match *match = warm_match_new(problem, options->last_plan);
        warm_match_people(match);
        warm->chosen = warm_match_settle(match);
    }
    if (options->last_certificate && !options->last_certificate->shift)
        warm->part_price = warm_last_prices(problem, options->last_certificate);
}

void warm_clear(struct warm *warm)
{
    free(warm->chosen);
    free(warm->part_price);
    *warm = (struct warm){0};
}
