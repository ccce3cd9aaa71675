/* coupled_basis.c - see coupled_basis.h. */
#include "solver/coupled_basis.h"

#include "models/alloc.h"
#include "solver/face.h"
#include "solver/least.h"
#include "solver/network_tree.h"
#include "solver/transport.h"

#include <stdlib.h>
#include <string.h>

/* FIRST_PAIRS: of each person, those that are worth most. */
enum { FIRST_PAIRS = 4 };

struct begin {
    struct coupled_run *run;
    struct problem network; /* members of households have taken their beds */
    struct problem_part *parts;
    struct face face; /* people alone, pairs that are alive */
    int64_t *gain;    /* by pair */
    uint32_t *chosen, *tree;
    int64_t *price, *person_price;
    unsigned char *column_basic, *row_basic;
};

/* -- the network -- */

static int is_alone(const struct begin *begin, uint32_t person)
{
    return begin->network.people[person].household == PROBLEM_NONE;
}

static int is_left(const struct begin *begin, uint32_t pair)
{
    uint32_t column = begin->run->model->column_of_pair[pair];
    return column != MODEL_NONE && begin->run->alive[column];
}

static void narrow_face(struct begin *begin)
{
    const struct model_row *rows = begin->run->model->rows;
    struct face *face = &begin->face;
    uint32_t kept = 0;
    face_leave_out_households(face);
    for (uint32_t i = 0; i < begin->network.n_people; i++) {
        uint32_t from = face->first[i], to = face->first[i + 1];
        face->first[i] = kept;
        face->must_place[i] = is_alone(begin, i) && rows[i].lower > 0;
        for (uint32_t at = from; at < to; at++) {
            if (!is_left(begin, face->pairs[at]))
                continue;
            face->pairs[kept] = face->pairs[at];
            face->parts[kept++] = face->parts[at];
        }
    }
    face->first[begin->network.n_people] = kept;
    for (uint32_t part = 0; part < begin->network.n_parts; part++) {
        const struct model_row *row = &rows[begin->network.n_people + part];
        face->must_fill[part] = row->lower == row->upper;
    }
}

static void take_bed(struct begin *begin, uint32_t pair)
{
    struct problem_part *part = &begin->parts[begin->network.pairs[pair].part];
    part->capacity--;
    part->stayers -= problem_is_stay(&begin->network, pair);
}

static void begin_init(struct begin *begin, struct coupled_run *run)
{
    const struct problem *problem = run->problem;
    size_t n_people = (size_t)problem->n_people + 1, n_parts = (size_t)problem->n_parts + 1;
    *begin = (struct begin){.run = run, .network = *problem};
    begin->parts = alloc_zero(n_parts, sizeof *begin->parts);
    begin->gain = alloc_zero((size_t)problem->n_pairs + 1, sizeof *begin->gain);
    begin->chosen = alloc_zero(n_people, sizeof *begin->chosen);
    begin->tree = alloc_zero(n_parts, sizeof *begin->tree);
    begin->price = alloc_zero(n_parts, sizeof *begin->price);
    begin->person_price = alloc_zero(n_people, sizeof *begin->person_price);
    begin->column_basic = alloc_zero((size_t)run->model->n_columns + 1, 1);
    begin->row_basic = alloc_zero((size_t)run->model->n_rows + 1, 1);
    memcpy(begin->parts, problem->parts, problem->n_parts * sizeof *begin->parts);
    begin->network.parts = begin->parts;
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (!is_alone(begin, i) && run->best[i] != PROBLEM_NONE)
            take_bed(begin, run->best[i]);
    for (uint32_t j = 0; j < run->model->n_pair_columns; j++)
        begin->gain[run->model->columns[j].a] = run->gain[j];
    face_init(&begin->face, &begin->network);
    narrow_face(begin);
}

static void begin_clear(struct begin *begin)
{
    face_clear(&begin->face);
    free(begin->parts);
    free(begin->gain);
    free(begin->chosen);
    free(begin->tree);
    free(begin->price);
    free(begin->person_price);
    free(begin->column_basic);
    free(begin->row_basic);
}

static int solve(struct begin *begin)
{
    int64_t *dual = alloc_zero((size_t)begin->network.n_parts + 1, sizeof *dual);
    int solved = transport_solve(&begin->face, begin->gain, NULL, TRANSPORT_FITTING,
                                 &begin->run->budget, begin->chosen, dual);
    if (solved && !least_prices(&begin->face, begin->gain, begin->chosen, dual, begin->price,
                                begin->person_price))
        memcpy(begin->price, dual, begin->network.n_parts * sizeof *dual);
    free(dual);
    return solved;
}

/* -- columns -- */

static int64_t worth(const struct begin *begin, uint32_t pair)
{
    return begin->gain[pair] - begin->price[begin->network.pairs[pair].part];
}

static void add_pair(struct begin *begin, uint32_t pair)
{
    glpk_mip_add(begin->run->mip, begin->run->model->column_of_pair[pair]);
}

static void add_best_pairs(struct begin *begin, uint32_t person)
{
    const struct face *face = &begin->face;
    uint32_t best[FIRST_PAIRS], n = 0;
    for (uint32_t at = face->first[person]; at < face->first[person + 1]; at++) {
        uint32_t pair = face->pairs[at], place = n < FIRST_PAIRS ? n++ : FIRST_PAIRS;
        for (; place > 0 && worth(begin, best[place - 1]) < worth(begin, pair); place--)
            if (place < FIRST_PAIRS)
                best[place] = best[place - 1];
        if (place < FIRST_PAIRS)
            best[place] = pair;
    }
    while (n)
        add_pair(begin, best[--n]);
}

static void add_columns(struct begin *begin)
{
    for (uint32_t i = 0; i < begin->network.n_people; i++) {
        add_best_pairs(begin, i);
        if (begin->chosen[i] != PROBLEM_NONE)
            add_pair(begin, begin->chosen[i]);
    }
    for (uint32_t part = 0; part < begin->network.n_parts; part++)
        if (begin->tree[part] != PROBLEM_NONE)
            add_pair(begin, begin->tree[part]);
    for (uint32_t j = 0; j < begin->run->model->n_columns; j++)
        if (begin->run->best_x[j])
            glpk_mip_add(begin->run->mip, j);
}

/* -- the basis: one column or slack per row; all rooms of a size are for the first that has them --
 */

static void set_row(struct begin *begin, uint32_t row, uint32_t column)
{
    begin->row_basic[row] = column == MODEL_NONE;
    if (column != MODEL_NONE)
        begin->column_basic[column] = 1;
}

/* Where the household is in the plan at hand: its home is in its own row, a pair there in the row
 * of the member and that home, any other in the person's. */
static void set_member(struct begin *begin, uint32_t person)
{
    const struct model *model = begin->run->model;
    uint32_t pair = begin->run->best[person], row = person;
    if (pair == PROBLEM_NONE)
        return;
    uint32_t column = model->column_of_pair[pair];
    for (size_t e = model->first[column]; e < model->first[column + 1]; e++)
        if (model->rows[model->entries[e].row].kind == MODEL_ROW_MEMBER)
            row = model->entries[e].row;
    set_row(begin, row, column);
}

static void set_households(struct begin *begin)
{
    const struct model *model = begin->run->model;
    for (uint32_t i = 0; i < begin->network.n_people; i++)
        if (!is_alone(begin, i))
            set_member(begin, i);
    for (uint32_t j = model->n_pair_columns; j < model->n_columns; j++)
        if (model->columns[j].kind == MODEL_COLUMN_HOME && begin->run->best_x[j])
            set_row(begin, model->entries[model->first[j]].row, j);
}

static void set_basis(struct begin *begin)
{
    const struct model *model = begin->run->model;
    uint32_t n_people = begin->network.n_people;
    memset(begin->row_basic, 1, model->n_rows);
    set_households(begin);
    for (uint32_t i = 0; i < n_people; i++)
        if (begin->chosen[i] != PROBLEM_NONE)
            set_row(begin, i, model->column_of_pair[begin->chosen[i]]);
    for (uint32_t part = 0; part < begin->network.n_parts; part++)
        if (begin->tree[part] != PROBLEM_NONE &&
            !begin->column_basic[model->column_of_pair[begin->tree[part]]])
            set_row(begin, n_people + part, model->column_of_pair[begin->tree[part]]);
    for (uint32_t j = model->n_pair_columns; j < model->n_columns; j++)
        for (size_t e = model->first[j]; e < model->first[j + 1]; e++) {
            uint32_t row = model->entries[e].row;
            if (model->rows[row].kind == MODEL_ROW_GROUP && begin->row_basic[row])
                set_row(begin, row, j);
        }
}

static void write_duals(const struct begin *begin, double *duals)
{
    memset(duals, 0, begin->run->model->n_rows * sizeof *duals);
    for (uint32_t part = 0; part < begin->network.n_parts; part++)
        duals[begin->network.n_people + part] = (double)begin->price[part];
}

int coupled_basis_begin(struct coupled_run *run, double *duals)
{
    struct begin begin;
    begin_init(&begin, run);
    int solved = solve(&begin);
    if (solved) {
        write_duals(&begin, duals);
        network_tree_grow(&begin.face, begin.gain, begin.price, begin.chosen, begin.tree);
        add_columns(&begin);
        set_basis(&begin);
        glpk_mip_begin(run->mip, begin.column_basic, begin.row_basic,
                       run->problem->n_households == 0);
    }
    begin_clear(&begin);
    return solved;
}
