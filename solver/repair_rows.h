/* repair_rows.h - steps from part to part on the near pairs, each the cheapest of those that people
 * can take there. Inside repair*.c only.
 *
 * All rows are made at once, on all cores. Who comes is taken in at once; when somebody goes
 * nothing is done: what they would have lost is still no more than what the others would lose. So a
 * step may promise too much, and whoever wants to use one has it mended first. What a step costs is
 * `raw` and the price of the part that it leads to, less that of the part that it leaves.
 */
#ifndef ALMONER_REPAIR_ROWS_H
#define ALMONER_REPAIR_ROWS_H

#include "solver/near.h"

struct repair_step {
    int64_t raw;           /* gain of where they are, less gain of where they go */
    uint32_t part, person; /* the part at the other end; who goes */
};

struct repair_row {
    struct repair_step *steps; /* to other parts, or from them */
    uint32_t n, room;
    uint32_t end;    /* out of the part: the newcomer there who has least; into it: of the unplaced
                        who would have most; PROBLEM_NONE = nobody */
    int64_t end_raw; /* of that person's step out of all parts, or into this one */
};

struct repair_rows {
    const struct near_graph *graph;
    const struct near_seat *seats; /* by person */
    uint32_t *where;               /* by person: the part of their seat */
    struct repair_row *out, *in;   /* by part: where people there can go; who can come */
    int are_made;
    int64_t looks; /* at pairs, to make or mend rows */
};

void repair_rows_init(struct repair_rows *rows, const struct near_graph *graph,
                      const struct near_seat *seats);
void repair_rows_clear(struct repair_rows *rows);

/* This person has the seat that they have from now on. */
void repair_rows_change(struct repair_rows *rows, uint32_t person);
/* Nothing is as it was, and rows are to be made anew; everybody has the seat that they have. */
void repair_rows_change_all(struct repair_rows *rows);

/* There are more pairs now. */
void repair_rows_add(struct repair_rows *rows, const struct near_list *more);

/* Makes all rows: before that they are empty, and mean nothing. */
void repair_rows_make(struct repair_rows *rows);

/* Nobody loses so much; no sum of it and two amounts within the limits overflows. */
#define REPAIR_NOBODY (INT64_MAX / 4)

/* Somebody else is found who can take this step from one part to the other; REPAIR_NOBODY = nobody
 * can any more. */
void repair_rows_find(struct repair_rows *rows, uint32_t from, uint32_t to,
                      struct repair_step *step);
/* A step from one part to the other, as it is now. */
static inline void repair_rows_mend(struct repair_rows *rows, uint32_t from, uint32_t to,
                                    struct repair_step *step)
{
    if (rows->where[step->person] != from)
        repair_rows_find(rows, from, to, step);
}
/* 1: there is somebody, and they are as the row says. */
int repair_rows_mend_out_end(struct repair_rows *rows, uint32_t part);
int repair_rows_mend_in_end(struct repair_rows *rows, uint32_t part);

#endif
