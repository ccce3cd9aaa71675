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

struct listing { /* of everybody, or of those who could be elsewhere */
    const struct problem *problem;
    const uint32_t *chosen, *parts; /* one of them is NULL */
    const struct face *face;        /* NULL = the whole round */
    int movers_only;
};

static int has_choice(const struct listing *of, uint32_t person)
{
    return (of->face ? of->face->first[person + 1] - of->face->first[person]
                     : of->problem->people[person].n_pairs) > 1;
}

/* Under which number the person is listed; PROBLEM_NONE = not at all. */
static uint32_t node_of(const struct listing *of, uint32_t person)
{
    uint32_t n_parts = of->problem->n_parts;
    if (of->parts)
        return of->parts[person] < n_parts ? of->parts[person] : n_parts;
    uint32_t pair = of->chosen[person];
    if (of->movers_only && (pair == PROBLEM_NONE || !has_choice(of, person)))
        return PROBLEM_NONE;
    return pair == PROBLEM_NONE ? n_parts : of->problem->pairs[pair].part;
}

static void list(struct members *members, const struct listing *of)
{
    uint32_t n_people = of->problem->n_people, n_parts = of->problem->n_parts;
    uint32_t *first = members->first, node;
    memset(first, 0, ((size_t)n_parts + 2) * sizeof(uint32_t));
    for (uint32_t i = 0; i < n_people; i++) {
        if (of->chosen && i + LOOK_AHEAD < n_people && of->chosen[i + LOOK_AHEAD] != PROBLEM_NONE)
            __builtin_prefetch(&of->problem->pairs[of->chosen[i + LOOK_AHEAD]]);
        if ((node = node_of(of, i)) != PROBLEM_NONE)
            first[node]++;
    }
    for (uint32_t at = 0, sum = 0; at <= n_parts + 1; at++)
        first[at] = sum += first[at];
    if (first[n_parts] == 0) /* nobody is listed */
        return;
    for (uint32_t i = n_people; i-- > 0;)
        if ((node = node_of(of, i)) != PROBLEM_NONE)
            members->people[--first[node]] = i;
}

void members_list(struct members *members, const struct problem *problem, const uint32_t *chosen)
{
    list(members, &(struct listing){.problem = problem, .chosen = chosen});
}

void members_list_parts(struct members *members, const struct problem *problem,
                        const uint32_t *parts)
{
    list(members, &(struct listing){.problem = problem, .parts = parts});
}

void members_list_movers(struct members *members, const struct problem *problem,
                         const struct face *face, const uint32_t *chosen)
{
    list(members, &(struct listing){problem, chosen, NULL, face, 1});
}
