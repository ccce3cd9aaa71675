/* coupled_basis.c - see coupled_basis.h. */
#include "solver/coupled_basis.h"

#include "models/alloc.h"
#include "solver/coupled_start.h"
#include "solver/face.h"
#include "solver/least.h"
#include "solver/network_tree.h"
#include "solver/transport.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* FIRST_PAIRS: of each person, those that are worth most. WIDEST_BITS: a gain at prices of minutes
 * is as long as that; POINT: so many times less is where these prices begin. LOSS: a pair that is
 * worth less than waiting by more than such a part of the widest gain is a bad one. */
enum { FIRST_PAIRS = 4, WIDEST_BITS = 44, POINT = 1000, LOSS = 100 };

struct begin {
    struct coupled_run *run;
    struct problem network; /* members of households have taken their beds */
    struct problem_part *parts;
    struct face face; /* people alone, pairs that are alive */
    int64_t *gain;    /* by pair */
    int64_t least;    /* that a pair is worth which is there from the beginning */
    uint32_t *chosen, *tree;
    const uint32_t *placed; /* what members of households have */
    unsigned char *is_home; /* per column: and their home */
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
    *begin = (struct begin){.run = run, .network = *problem, .least = INT64_MIN};
    begin->parts = alloc_zero(n_parts, sizeof *begin->parts);
    begin->gain = alloc_zero((size_t)problem->n_pairs + 1, sizeof *begin->gain);
    begin->chosen = alloc_zero(n_people, sizeof *begin->chosen);
    begin->tree = alloc_zero(n_parts, sizeof *begin->tree);
    begin->price = alloc_zero(n_parts, sizeof *begin->price);
    begin->person_price = alloc_zero(n_people, sizeof *begin->person_price);
    begin->column_basic = alloc_zero((size_t)run->model->n_columns + 1, 1);
    begin->row_basic = alloc_zero((size_t)run->model->n_rows + 1, 1);
    begin->placed = run->best;
    begin->is_home = alloc_zero((size_t)run->model->n_columns + 1, 1);
    for (uint32_t j = run->model->n_pair_columns; j < run->model->n_columns; j++)
        begin->is_home[j] = run->model->columns[j].kind == MODEL_COLUMN_HOME && run->best_x[j] > 0;
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
    free(begin->is_home);
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
        uint32_t pair = face->pairs[at];
        if (worth(begin, pair) < begin->least)
            continue;
        uint32_t place = n < FIRST_PAIRS ? n++ : FIRST_PAIRS;
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

/* Where the household is: its home is in its own row, a pair there in the row of the member and
 * that home (in the person's is then what a resident leaves), any other in the person's. */
static void set_member(struct begin *begin, uint32_t person)
{
    const struct model *model = begin->run->model;
    uint32_t pair = begin->placed[person], stay = begin->network.people[person].stay_pair;
    if (pair == PROBLEM_NONE)
        return;
    uint32_t column = model->column_of_pair[pair], row = person;
    for (size_t e = model->first[column]; e < model->first[column + 1]; e++)
        if (model->rows[model->entries[e].row].kind == MODEL_ROW_MEMBER)
            row = model->entries[e].row;
    if (row != person && stay != PROBLEM_NONE)
        set_row(begin, person, model->column_of_pair[stay]);
    set_row(begin, row, column);
}

static void set_households(struct begin *begin)
{
    const struct model *model = begin->run->model;
    for (uint32_t i = 0; i < begin->network.n_people; i++)
        if (!is_alone(begin, i))
            set_member(begin, i);
    for (uint32_t j = model->n_pair_columns; j < model->n_columns; j++)
        if (begin->is_home[j])
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

/* -- at prices of minutes -- */

/* All gains times the same power of two, so that whole prices are near enough. -1 = they are too
 * great. */
static int widen(const struct coupled_run *run, int64_t *gain, int64_t *widest)
{
    int bits = 0;
    *widest = 1;
    for (uint32_t j = 0; j < run->model->n_pair_columns; j++)
        *widest = llabs(run->gain[j]) > *widest ? llabs(run->gain[j]) : *widest;
    if (*widest >> WIDEST_BITS)
        return -1;
    while (*widest >> (WIDEST_BITS - 1 - bits) == 0)
        bits++;
    for (uint32_t j = 0; j < run->model->n_pair_columns; j++)
        gain[j] = run->gain[j] * ((int64_t)1 << bits);
    return bits;
}

static double worth_of(const struct begin *begin, const struct choices *choices,
                       const struct choices_prices *prices, uint32_t pair)
{
    const uint32_t *column_of = begin->run->model->column_of_pair;
    return pair == PROBLEM_NONE ? 0 : choices_worth(choices, prices, column_of[pair]);
}

/* A home that is worth less to a household than to stay would make the basis no optimum. */
static void leave_bad_homes(const struct begin *begin, const struct choices *choices,
                            const struct choices_prices *prices, uint32_t *chosen)
{
    const struct problem *problem = begin->run->problem;
    for (uint32_t h = 0; h < problem->n_households; h++) {
        const struct problem_household *at = &problem->households[h];
        double gained = 0;
        for (size_t m = 0; m < at->n; m++) {
            uint32_t stay = problem->people[at->people[m]].stay_pair;
            gained += worth_of(begin, choices, prices, chosen[at->people[m]]) -
                      worth_of(begin, choices, prices, stay);
        }
        for (size_t m = 0; m < at->n && gained < 0; m++)
            chosen[at->people[m]] = problem->people[at->people[m]].stay_pair;
    }
}

/* The home of a household is that of a pair whose member's row it shares. */
static void find_homes(struct begin *begin)
{
    const struct model *model = begin->run->model;
    unsigned char *is_taken = alloc_zero((size_t)model->n_rows + 1, 1);
    for (uint32_t j = 0; j < model->n_pair_columns; j++) {
        uint32_t pair = model->columns[j].a;
        for (size_t e = model->first[j]; e < model->first[j + 1]; e++)
            is_taken[model->entries[e].row] |=
                begin->placed[begin->network.pairs[pair].person] == pair &&
                model->rows[model->entries[e].row].kind == MODEL_ROW_MEMBER;
    }
    for (uint32_t j = model->n_pair_columns; j < model->n_columns; j++) {
        begin->is_home[j] = 0;
        for (size_t e = model->first[j]; e < model->first[j + 1]; e++)
            begin->is_home[j] |=
                model->columns[j].kind == MODEL_COLUMN_HOME && is_taken[model->entries[e].row];
    }
    free(is_taken);
}

/* The network of the start is the one to come: minutes are paid with the pairs. */
static void take_start(struct begin *begin, const struct choices *choices,
                       const struct choices_prices *prices, const struct coupled_start *start)
{
    const struct model *model = begin->run->model;
    uint32_t n_people = begin->network.n_people;
    for (uint32_t i = 0; i < n_people; i++)
        begin->chosen[i] = is_alone(begin, i) ? start->chosen[i] : PROBLEM_NONE;
    memcpy(begin->tree, start->tree, begin->network.n_parts * sizeof *begin->tree);
    for (uint32_t part = 0; part < begin->network.n_parts; part++)
        begin->price[part] = (int64_t)start->price[n_people + part];
    for (uint32_t j = 0; j < model->n_pair_columns; j++) {
        uint32_t pair = model->columns[j].a;
        begin->gain[pair] = (int64_t)choices_worth(choices, prices, j) +
                            begin->price[begin->network.pairs[pair].part];
    }
    begin->placed = start->chosen;
    find_homes(begin);
}

static void add_households(struct begin *begin)
{
    for (uint32_t i = 0; i < begin->network.n_people; i++)
        if (!is_alone(begin, i) && begin->placed[i] != PROBLEM_NONE)
            add_pair(begin, begin->placed[i]);
    for (uint32_t j = begin->run->model->n_pair_columns; j < begin->run->model->n_columns; j++)
        if (begin->is_home[j])
            glpk_mip_add(begin->run->mip, j);
}

/* What loads count stands in their rows; minutes have prices in the unit of the gains. */
static void set_loads(struct begin *begin, const struct choices *choices, int bits, double *price)
{
    const struct model *model = begin->run->model;
    for (uint32_t i = 0; i < model->n_rows; i++) {
        enum model_row_kind kind = model->rows[i].kind;
        if (kind == MODEL_ROW_LOAD && choices->load_column[i] != MODEL_NONE)
            set_row(begin, i, choices->load_column[i]);
        price[i] = kind == MODEL_ROW_STAFF ? ldexp(price[i], -bits) : 0;
    }
}

void coupled_basis_begin_priced(struct coupled_run *run, const struct choices *choices)
{
    struct begin begin;
    struct coupled_start start = {0};
    int64_t widest, *gain = alloc_zero((size_t)run->model->n_columns + 1, sizeof *gain);
    int bits = widen(run, gain, &widest);
    begin_init(&begin, run);
    if (bits >= 0) {
        int64_t point = widest / POINT + 1;
        if (coupled_run_is_last(run)) /* later objectives would need bad pairs anyway */
            begin.least = -(widest << bits) / LOSS;
        coupled_start_find(choices, gain, run->alive, point * ((int64_t)1 << bits), &run->budget,
                           &start);
        struct choices_prices prices = {start.price, gain, run->alive};
        leave_bad_homes(&begin, choices, &prices, start.chosen);
        take_start(&begin, choices, &prices, &start);
        add_columns(&begin);
        add_households(&begin);
        set_basis(&begin);
        set_loads(&begin, choices, bits, start.price);
        glpk_mip_begin_priced(run->mip, begin.column_basic, begin.row_basic, start.price);
    }
    coupled_start_clear(&start);
    begin_clear(&begin);
    free(gain);
}
