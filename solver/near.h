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
/* `more`, of other pairs and in any order, is put among those of `list`, which is by pair. */
void near_list_merge(struct near_list *list, struct near_list *more);

struct near_seat { /* where a person is */
    int64_t gain;
    uint32_t pair, part; /* PROBLEM_NONE = nowhere, and the gain is 0 */
};

/* What a first look needs to know. */
struct near_view {
    const struct packed *packed;
    const int64_t *price;   /* by part */
    const uint32_t *chosen; /* by person: the pair at hand, PROBLEM_NONE = none */
    int64_t limit;          /* so much may a placed person lose; the others nothing */
    size_t most;            /* no more pairs than that are of use */
    int64_t *beyond; /* by person: what is left by the best of the other pairs at most; it is filled
                        in */
};
enum { NEAR_FIRST = 8 };

/* Makes `list`, which is empty, the pairs whose person loses at most the limit by them, in their
 * order; their own are among them. So are, for each part, up to NEAR_FIRST of the unplaced who lose
 * least beyond it: of those at least who count enough to be the first somewhere. 0: there are more
 * than `most`, and they are not whole. */
int near_look(const struct near_view *view, struct near_list *list);

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
/* The list, which is by pair, becomes that of the graph, and empty. */
void near_graph_take(struct near_graph *graph, struct near_list *list);
/* More pairs, none of which is there yet, by person, then pair. */
void near_graph_add(struct near_graph *graph, const struct near_list *more);

/* What another look needs to know. Whoever can have nothing but pairs of the graph, by what was
 * left of the others before and by how far prices fell, is not looked at. */
struct near_again {
    const struct packed *packed;
    const struct near_graph *graph;
    const struct near_seat *seats; /* by person */
    const int64_t *price, *high;   /* by part; high: PACKED_MOST = as high as can be */
    size_t most;                   /* no more pairs than that are of use */
    int64_t *seen, *seen_high;     /* by part: the prices of the last look */
    int64_t *beyond, *beyond_high; /* by person: what the best pair that is not in the graph
                                      left at most by these; all four become those of now */
};

/* Appends to `list` the pairs by which nobody loses anything, at the prices or, of those who are
 * placed, at the high ones, in their order. 0: there are more than `most`, and they are not whole.
 */
int near_look_again(const struct near_again *again, struct near_list *list);

#endif
