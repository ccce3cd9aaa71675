/* transport_rows.h - who is where, and per node the cheapest way on to every other node. Inside
 * transport*.c only.
 *
 * Nodes are the parts and one more, `outside`, where the unplaced people are. The row of a node has
 * a step per node that one of its people could move to: the mover who loses least, and what they
 * lose. It does not depend on prices, but the steps that cost little at the prices come first. A
 * step may speak of somebody who has left: then nobody loses less, and transport_rows_mend looks
 * who it is now. */
#ifndef ALMONER_TRANSPORT_ROWS_H
#define ALMONER_TRANSPORT_ROWS_H

#include "solver/face.h"

/* Farther than any path is long; no row has a step that costs so much. */
#define TRANSPORT_ROWS_FAR (INT64_MAX / 4)

struct transport_step {
    int64_t loss; /* what the mover had less what they get */
    uint32_t to, person;
};

struct transport_row {
    struct transport_step *steps;
    uint32_t n, room;
    uint32_t n_near; /* of the steps; the others cost more than `horizon` when they were sorted */
    uint32_t n_new;  /* people who came since, the first of the node's list */
    int64_t far;     /* no step beyond n_near has a smaller loss + price of where it leads */
    int is_stale;
};

struct transport_rows {
    const struct face *face;
    uint32_t n_people, outside; /* outside is also the number of parts */
    uint32_t n_ways;            /* of those who have a choice */
    const uint32_t *to;         /* by way, an index into face.pairs */
    const int64_t *value;       /* by way of those who have a choice */
    int64_t *own_value;         /* the same; NULL = they are the caller's gains */
    int64_t widest;             /* the most that one of them counts, whichever way */
    int64_t *beds;              /* by part: for those who have a choice */
    uint32_t *people; /* first the n_open who have one, at the end the n_fixed who must have */
    uint32_t n_open, n_fixed; /* a bed and could have just one: they have it and are nowhere here */
    int64_t *outside_value;   /* by person; INT64_MIN = has to have a bed */
    uint32_t *now;            /* by person: a node; PROBLEM_NONE = takes no part */
    int64_t *had;             /* by person: the value of being there */
    unsigned char *is_new;    /* by person: not in the row of their node yet */
    uint32_t *first_in, *in;  /* by part: the people who could go there; NULL = not asked for yet */
    uint32_t *head, *next, *before; /* the people of a node, a list */
    uint32_t *count;                /* of them */
    uint32_t *place;                /* by node, 1 + its step in the row at hand; else 0 */
    struct transport_row *rows;
    const int64_t *price; /* by node; only rises while people take part */
    int64_t horizon;      /* steps that cost more are far */
};

/* `gain` and `price` stay the caller's, and are read until the end. `has_fixed`: whoever must have
 * a bed and could have but one has it, and nobody looks at them any more. */
void transport_rows_init(struct transport_rows *rows, const struct face *face, const int64_t *gain,
                         const int64_t *price, int has_fixed);
void transport_rows_clear(struct transport_rows *rows);

void transport_rows_empty(struct transport_rows *rows); /* nobody takes part */

/* Somebody who takes no part yet begins at that node. */
void transport_rows_place(struct transport_rows *rows, uint32_t person, uint32_t node);
/* They leave where they are and go there. */
void transport_rows_move(struct transport_rows *rows, uint32_t person, uint32_t node);
/* The way of a person to a part that they can go to. */
uint32_t transport_rows_way(const struct transport_rows *rows, uint32_t person, uint32_t part);

/* All rows at once, on all cores: who will ask for most of them has them sooner so. */
void transport_rows_make_ahead(struct transport_rows *rows);
/* The row with everybody in it who is there. */
struct transport_row *transport_rows_of(struct transport_rows *rows, uint32_t node);
/* The mover of that step has left. The step says who moves now, or is gone and another one in its
 * place, near as before. */
void transport_rows_mend(struct transport_rows *rows, uint32_t node, uint32_t step);
/* All steps that cost up to that much at the prices are near from now on. */
void transport_rows_widen(struct transport_rows *rows, uint32_t node, int64_t horizon);

#endif
