/* transport_search.h - paths among the nodes of one level, from those with too many people to those
 * with too few. Inside transport*.c only.
 *
 * A step costs `loss + price there - price here`, which is never negative; the sum of the losses on
 * the way, less the price where it began, is the `reach` of a node: its distance less its price. */
#ifndef ALMONER_TRANSPORT_SEARCH_H
#define ALMONER_TRANSPORT_SEARCH_H

#include "solver/heap.h"
#include "solver/transport_rows.h"

struct transport_label { /* of a node in the search at hand */
    uint32_t from, person;
    unsigned char is_done, is_wide; /* its near, its far steps have been looked at */
};

struct transport_search {
    struct transport_rows rows;
    uint32_t n, outside; /* nodes */
    int64_t *price;
    int64_t *excess;      /* people and spare beds beyond the capacity; below 0: too few */
    int64_t *spare;       /* beds left free */
    int64_t *capacity;    /* on the sample */
    int64_t *spare_value; /* of a bed left free; INT64_MIN = not allowed */
    int64_t *reach;       /* TRANSPORT_ROWS_FAR = no label */
    struct transport_label *labels;
    struct heap heap;         /* out of date where the label is nearer */
    uint32_t *reached, *done; /* nodes with a label; those whose distance is final */
    uint32_t n_reached, n_done;
    int64_t most;    /* what all paths together must cost less than, less what they did;
                        TRANSPORT_ROWS_FAR = anything; the caller sets it */
    int64_t nearest; /* distance of the nearest node with too few so far, `end`; `most` = none */
    uint32_t end;
    int64_t next_far; /* no far step that was put off leads nearer */
    int64_t gained;   /* by everybody on all paths; the caller may set it */
};

void transport_search_init(struct transport_search *search, const struct face *face,
                           const int64_t *gain, int has_fixed);
void transport_search_clear(struct transport_search *search);

/* One unit of what is too much at `start` goes to the nearest node with too few: prices rise so
 * that the path costs nothing, and everyone on it moves on by one. 0 = there is no path that is
 * shorter than `most`, and nothing has changed. */
int transport_search_move(struct transport_search *search, uint32_t start);

#endif
