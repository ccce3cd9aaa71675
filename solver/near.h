/* near.h - the few pairs of a round that matter at given prices: those whose person would lose
 * little by them, or gain.
 *
 * One look at all pairs, on all cores, finds them (near_look); the graph links them by person and
 * by part for searches. Gains and prices are packed (packed.h). */
#ifndef ALMONER_NEAR_H
#define ALMONER_NEAR_H

#include "solver/packed.h"

struct near_pair {
    int64_t gain;
    uint32_t person, part, pair;
};

struct near_list { /* all zero is an empty one */
    struct near_pair *pairs;
    size_t n, room;
};

void near_list_clear(struct near_list *list);

/* What a look needs to know. */
struct near_view {
    const struct packed *packed;
    const int64_t *price;   /* by part */
    const uint32_t *chosen; /* by person: the pair at hand, PROBLEM_NONE = none */
    const int64_t *limit;   /* by part, then outside: so much may who is there lose */
    size_t most;            /* no more pairs than that are of use */
};

/* What a person in `part` (PROBLEM_NONE = outside) with a pair of that gain has more than the
 * prices. */
static inline int64_t near_left(const int64_t *price, uint32_t part, int64_t gain)
{
    return part == PROBLEM_NONE ? 0 : gain - price[part];
}

/* Appends to `list`, by person, then part, the pairs whose person loses at most the limit by them;
 * their own are among them. `values`: adds up the gains of the pairs at hand, each objective by
 * itself; NULL = they are not wanted. 0: there are more than `most`, and they are not whole. */
int near_look(const struct near_view *view, struct near_list *list, int64_t *values);

/* About the limit that `wanted` pairs are within, from a sample of the people. */
int64_t near_limit(const struct near_view *view, size_t wanted);

struct near_graph {
    const struct problem *problem;
    struct near_list list;
    uint32_t *of_person, *of_part; /* their first in the list; PROBLEM_NONE = none */
    uint32_t *next_of_person, *next_of_part;
    size_t n_linked, room;
};

void near_graph_init(struct near_graph *graph, const struct problem *problem);
void near_graph_clear(struct near_graph *graph);
/* Links what was appended to the list. */
void near_graph_link(struct near_graph *graph);

#endif
