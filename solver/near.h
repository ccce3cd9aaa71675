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
    int64_t limit;          /* so much may a placed person lose; the others nothing */
    const int64_t *high; /* by part: other prices; by these too the placed lose at most the limit.
                            PACKED_MOST = as high as can be; NULL = there are none */
    size_t most;         /* no more pairs than that are of use */
    uint32_t n_first;    /* beyond the limits: so many of the unplaced for each part, those who
                            lose least; at most NEAR_FIRST */
};
enum { NEAR_FIRST = 8 };

/* What a person in `part` (PROBLEM_NONE = outside) with a pair of that gain has more than the
 * prices. */
static inline int64_t near_left(const int64_t *price, uint32_t part, int64_t gain)
{
    return part == PROBLEM_NONE ? 0 : gain - price[part];
}

/* Appends to `list` the pairs whose person loses at most the limit by them, in their order; their
 * own are among them. Those of n_first follow. `values`: adds up the gains of the pairs at hand,
 * each objective by itself; NULL = they are not wanted. 0: there are more than `most`, and they are
 * not whole. */
int near_look(const struct near_view *view, struct near_list *list, int64_t *values);

/* About the limit that `wanted` pairs of newcomers who are placed are within: from a sample. */
int64_t near_limit(const struct near_view *view, size_t wanted);

struct near_step { /* a pair, among those of its part */
    int64_t gain;
    uint32_t person;
};

struct near_graph {
    const struct problem *problem;
    struct near_list list;   /* by person, then pair */
    uint32_t *of_person;     /* n_people + 1: where theirs begin in the list */
    uint32_t *of_part;       /* n_parts + 1: where those of a part begin in `steps` */
    struct near_step *steps; /* by part */
};

void near_graph_init(struct near_graph *graph, const struct problem *problem);
void near_graph_clear(struct near_graph *graph);
/* The list becomes that of the graph, and empty. */
void near_graph_take(struct near_graph *graph, struct near_list *list);
/* More pairs, none of which is there yet. */
void near_graph_add(struct near_graph *graph, const struct near_list *more);

#endif
