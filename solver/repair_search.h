/* repair_search.h - a plan and its prices put right on the near pairs, path by path. Inside
 * repair.c only.
 *
 * Always holds but within a call, of the pairs of the graph: nobody has more elsewhere than where
 * they are, at the prices; a newcomer with a place has no less than nothing; no price is below 0.
 */
#ifndef ALMONER_REPAIR_SEARCH_H
#define ALMONER_REPAIR_SEARCH_H

#include "solver/heap.h"
#include "solver/repair_rows.h"

struct repair {
    const struct packed *packed;
    const struct problem *problem;
    struct near_graph graph;
    struct repair_rows rows;
    struct near_seat *seats; /* by person */
    int64_t *price;          /* by part */
    int64_t *used;           /* by part */
    int64_t *distance;       /* by part, of a search; PACKED_MOST = not reached */
    uint32_t *via, *other;   /* by part: who moves by the step that reached it, and the part at its
                                other end */
    uint32_t *touched, n_touched;
    struct heap heap;
    uint32_t *queue, head, tail; /* parts as near as the one at hand: they come before the heap's */
    int64_t level;               /* how near that is */
    int is_heaped;               /* the heap has what is farther; before it is only touched */
    int64_t looks, looks_left;   /* at steps */
    int64_t paths;
};

/* Borrows `price`, which is changed. */
void repair_init(struct repair *repair, const struct packed *packed, int64_t *price);
void repair_clear(struct repair *repair);

/* What somebody has who is there, more than the price. */
static inline int64_t repair_left(const struct repair *repair, const struct near_seat *seat)
{
    return seat->pair == PROBLEM_NONE ? 0 : seat->gain - repair->price[seat->part];
}

/* What this person would lose by this pair. */
static inline int64_t repair_loss(const struct repair *repair, const struct near_seat *seat,
                                  int64_t gain, uint32_t part)
{
    return repair_left(repair, seat) - (gain - repair->price[part]);
}

/* The list becomes that of the graph; more are added to it. Nobody sits anywhere then, or everybody
 * where they were. */
void repair_take(struct repair *repair, struct near_list *list);
void repair_add(struct repair *repair, const struct near_list *more);
/* People sit where `chosen` has them, by pairs of the graph. */
void repair_seat_people(struct repair *repair, const uint32_t *chosen);
void repair_choices(const struct repair *repair, uint32_t *chosen);
/* Everybody who would rather be elsewhere goes there, whether there is room or not. */
void repair_settle(struct repair *repair);
/* How many people too many there are in parts, and priced beds that nobody has. */
int64_t repair_misfits(const struct repair *repair);
/* Until there is room for everybody and every priced part is full. 0: it takes too many looks, or
 * there is no way on these pairs. */
int repair_paths(struct repair *repair);
/* One after the other, those who would gain by these pairs of the graph go where they have most,
 * and paths put right what that leaves. 0: as above. */
int repair_content(struct repair *repair, const struct near_list *missed);
/* The prices prove the plan on these pairs: high[part] = the greatest price that does, PACKED_MOST
 * where nobody can be anywhere else. */
void repair_raise(struct repair *repair, int64_t *high);
/* The same, and prices fall as far as they can. */
void repair_spread(struct repair *repair, int64_t *high);

#endif
