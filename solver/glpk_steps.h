/* glpk_steps.h - what is inside GLPK for a relaxation over choices: rows, and a column for each
 * step from what an owner begins with to another alternative. Inside glpk_master.c and glpk_steps.c
 * only. */
#ifndef ALMONER_GLPK_STEPS_H
#define ALMONER_GLPK_STEPS_H

#include "solver/choices.h"

#include <setjmp.h>

struct glpk_alternative {
    size_t first; /* into the arena */
    uint32_t n;
};

struct glpk_step {  /* a column in GLPK */
    uint32_t owner; /* PROBLEM_NONE: `column` of the model itself */
    uint32_t column;
    struct glpk_alternative to;
    int next; /* of the same owner; 0 = none */
};

struct glpk_master {
    const struct choices *choices;
    const struct model *model;
    const int64_t *gain;
    const unsigned char *alive;
    struct glp_prob *prob; /* NULL after a fatal error */
    jmp_buf trouble;
    int *row_inside;              /* per row of the model */
    int64_t *base;                /* per row of the model: what the first plan takes of it */
    struct glpk_alternative *key; /* per owner: theirs in the first plan */
    int *room_inside;             /* per column of the model: rooms for women or men; 0 = none */
    int *newest, *owner_row;      /* per owner: in GLPK, 0 = none */
    unsigned char *is_fixed;      /* per owner */
    struct glpk_step *steps;      /* by number in GLPK */
    size_t n_steps, steps_room;
    uint32_t *arena;
    size_t n_arena, arena_room;
    struct choices_sum sum;
    int *index;
    double *value;
    size_t vector_room;
    double *price;
    double key_value; /* of the plan that everybody begins with */
    int n_fixed;      /* owners and rooms */
    int needs_dual;   /* rows came in since */
    int uses_cuts;
    int *saved; /* statuses of rows, then columns */
    int saved_rows, saved_columns;
};

const uint32_t *glpk_steps_columns(const struct glpk_master *master, struct glpk_alternative at);
struct glpk_alternative glpk_steps_keep(struct glpk_master *master, const uint32_t *columns,
                                        uint32_t n);
int64_t glpk_steps_gain(const struct glpk_master *master, struct glpk_alternative at);
double glpk_steps_worth(const struct glpk_master *master, struct glpk_alternative at);
int glpk_steps_same(const struct glpk_master *master, struct glpk_alternative at,
                    const uint32_t *columns, uint32_t n);
/* Is the alternative in, or what the owner begins with? */
int glpk_steps_has(const struct glpk_master *master, uint32_t owner, const uint32_t *columns,
                   uint32_t n);

/* Rows of the model: their limits less what everybody begins with. */
void glpk_steps_limit_row(struct glpk_master *master, uint32_t row);
void glpk_steps_add_row(struct glpk_master *master, uint32_t row); /* empty */
/* Coefficients of the rows that came in after the first `before` of GLPK. */
void glpk_steps_fill_rows(struct glpk_master *master, int before);
/* At most one alternative: for an owner whose steps have been taken twice. */
void glpk_steps_add_owner_row(struct glpk_master *master, uint32_t owner);

/* What a step changes in the rows: in master->sum. */
void glpk_steps_sum(struct glpk_master *master, const struct glpk_step *step);
/* All of these return the number in GLPK. */
int glpk_steps_add_column(struct glpk_master *master, struct glpk_step step, double upper);
int glpk_steps_add(struct glpk_master *master, uint32_t owner, const uint32_t *columns, uint32_t n);
void glpk_steps_add_rooms(struct glpk_master *master);

#endif
