/* members.c - see members.h. A counting sort. */
#include "solver/members.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

void members_init(struct members *members, const struct problem *problem)
{
    members->first = alloc_zero((size_t)problem->n_parts + 2, sizeof(uint32_t));
    members->people = alloc_zero((size_t)problem->n_people + 1, sizeof(uint32_t));
}

void members_clear(struct members *members)
{
    free(members->first);
    free(members->people);
}

enum { LOOK_AHEAD = 16 }; /* pairs lie anywhere in memory */

static uint32_t node_of(const struct problem *problem, uint32_t pair)
{
    return pair == PROBLEM_NONE ? problem->n_parts : problem->pairs[pair].part;
}

void members_list(struct members *members, const struct problem *problem, const uint32_t *chosen)
{
    uint32_t *first = members->first;
    memset(first, 0, ((size_t)problem->n_parts + 2) * sizeof(uint32_t));
    for (uint32_t i = 0; i < problem->n_people; i++) {
        if (i + LOOK_AHEAD < problem->n_people && chosen[i + LOOK_AHEAD] != PROBLEM_NONE)
            __builtin_prefetch(&problem->pairs[chosen[i + LOOK_AHEAD]]);
        first[node_of(problem, chosen[i])]++;
    }
    for (uint32_t node = 0, sum = 0; node <= problem->n_parts + 1; node++)
        first[node] = sum += first[node];
    for (uint32_t i = problem->n_people; i-- > 0;)
        members->people[--first[node_of(problem, chosen[i])]] = i;
}

static int is_mover(const struct problem *problem, const struct face *face, const uint32_t *chosen,
                    uint32_t person)
{
    if (face ? face->first[person + 1] - face->first[person] < 2
             : problem->people[person].n_pairs < 2)
        return 0;
    return chosen[person] != PROBLEM_NONE;
}

void members_list_movers(struct members *members, const struct problem *problem,
                         const struct face *face, const uint32_t *chosen)
{
    uint32_t *first = members->first;
    memset(first, 0, ((size_t)problem->n_parts + 2) * sizeof(uint32_t));
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (is_mover(problem, face, chosen, i))
            first[problem->pairs[chosen[i]].part]++;
    for (uint32_t part = 0, sum = 0; part <= problem->n_parts + 1; part++)
        first[part] = sum += first[part];
    for (uint32_t i = problem->n_people; i-- > 0;)
        if (is_mover(problem, face, chosen, i))
            members->people[--first[problem->pairs[chosen[i]].part]] = i;
}
