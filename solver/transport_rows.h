/* transport_rows.h - who is where, and per node the cheapest way on to every other node. Inside
 * transport.c only.
 *
 * Nodes are the parts and one more, `outside`, where the unplaced people are. The row of a node
 * holds, per node that one of its people could move to, the mover who loses least. It does not
 * depend on prices and changes only with the people there: a row of few people is made anew when it
 * is read next, that of many is kept true move by move. */
#ifndef ALMONER_TRANSPORT_ROWS_H
#define ALMONER_TRANSPORT_ROWS_H

#include "solver/face.h"

/* A way of a person is a number: below n_ways an index into face.pairs, n_ways + i is outside for
 * person i. */
struct transport_step {
    uint32_t to, way; /* the way that the mover takes */
    int64_t loss;     /* what they had less what they get */
};

struct transport_row {
    struct transport_step *steps;
    size_t n, room;
    int is_stale;
};

struct transport_rows {
    const struct face *face;
    uint32_t n_people, outside, n_ways; /* outside is also the number of parts */
    uint32_t *to, *person;              /* by way below n_ways */
    int64_t *value;                     /* by way below n_ways */
    int64_t *outside_value;             /* by person; INT64_MIN = has to have a bed */
    uint32_t *now;                      /* by person: a way; PROBLEM_NONE = takes no part */
    uint32_t *first_in, *in;            /* the ways into a part, by part */
    uint32_t *head, *next, *before;     /* the people of a node, a list */
    uint32_t *count;                    /* of them */
    uint32_t *place;                    /* by node, 1 + its step in the row at hand; else 0 */
    struct transport_row *rows;
};

void transport_rows_init(struct transport_rows *rows, const struct face *face, const int64_t *gain);
void transport_rows_clear(struct transport_rows *rows);

void transport_rows_empty(struct transport_rows *rows); /* nobody takes part */

uint32_t transport_rows_to(const struct transport_rows *rows, uint32_t way);
uint32_t transport_rows_person(const struct transport_rows *rows, uint32_t way);
int64_t transport_rows_value(const struct transport_rows *rows, uint32_t way);

/* Somebody who takes no part yet begins there; rows are made anew when they are read. */
void transport_rows_place(struct transport_rows *rows, uint32_t way);
/* The person of that way leaves where they are and goes there. */
void transport_rows_move(struct transport_rows *rows, uint32_t way);

const struct transport_row *transport_rows_of(struct transport_rows *rows, uint32_t node);

#endif
