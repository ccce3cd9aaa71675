/* coupled_start.c - see coupled_start.h. */
#include "solver/coupled_start.h"

#include "models/alloc.h"
#include "solver/face.h"
#include "solver/network_tree.h"
#include "solver/prices.h"
#include "solver/problem_coupled.h"
#include "solver/transport.h"

#include <stdlib.h>
#include <string.h>

/* More of them bring prices nearer than the simplex needs them. */
enum { TURNS = 9 };

/* How much a price moves, for minutes that are so many times too many: points per minute. */
static const double first_pace = 0.8, slower = 0.4, faster = 1.25;

struct staff_price {
    int64_t price; /* per minute */
    int64_t limit, used;
    double pace, excess; /* of the turn before */
};

struct search {
    const struct choices *choices;
    const struct model *model;
    const int64_t *gain;
    const unsigned char *alive;
    int64_t scale;
    struct budget *budget;
    struct coupled_start *start;
    struct problem network;     /* households have taken their beds */
    struct problem_part *parts; /* of it */
    struct face face;           /* people alone */
    uint32_t *staff_of;         /* per part; PROBLEM_NONE */
    struct staff_price *staff;
    int64_t *pair_gain; /* less the minutes' price */
    int64_t *part_price, *person_price;
};

/* -- rows -- */

static void find_staff(struct search *search)
{
    const struct problem *problem = search->model->problem;
    for (uint32_t part = 0; part < problem->n_parts; part++)
        search->staff_of[part] = problem_coupled_staff(problem, part);
    for (uint32_t s = 0; s < problem->n_staff; s++) {
        search->staff[s].limit =
            problem->staff[s].free_minutes + problem->staff[s].resident_minutes;
        search->staff[s].pace = first_pace;
    }
}

static void search_init(struct search *search)
{
    const struct problem *problem = search->model->problem;
    size_t n_people = (size_t)problem->n_people + 1, n_parts = (size_t)problem->n_parts + 1;
    search->network = *problem;
    search->parts = alloc_zero(n_parts, sizeof *search->parts);
    search->network.parts = search->parts;
    search->staff_of = alloc_zero(n_parts, sizeof *search->staff_of);
    search->staff = alloc_zero(problem->n_staff + 1, sizeof *search->staff);
    search->pair_gain = alloc_zero((size_t)problem->n_pairs + 1, sizeof *search->pair_gain);
    search->part_price = alloc_zero(n_parts, sizeof *search->part_price);
    search->person_price = alloc_zero(n_people, sizeof *search->person_price);
    search->start->chosen = alloc_zero(n_people, sizeof(uint32_t));
    search->start->tree = alloc_zero(n_parts, sizeof(uint32_t));
    search->start->price = alloc_zero(search->model->most_rows, sizeof(double));
    find_staff(search);
    face_init(&search->face, &search->network);
    face_leave_out_households(&search->face); /* they keep what the start has for them */
}

static void search_clear(struct search *search)
{
    face_clear(&search->face);
    free(search->parts);
    free(search->staff_of);
    free(search->staff);
    free(search->pair_gain);
    free(search->part_price);
    free(search->person_price);
}

/* -- households -- */

struct pick {
    const struct search *search;
    uint32_t *columns, n;
    double worth;
};

static int has_beds(const struct search *search, const uint32_t *columns, uint32_t n)
{
    const struct problem *problem = search->model->problem;
    for (uint32_t c = 0; c < n; c++) {
        const struct model_column *column = &search->model->columns[columns[c]];
        if (column->kind != MODEL_COLUMN_PAIR || problem_is_stay(problem, column->a))
            continue;
        uint32_t part = problem->pairs[column->a].part;
        int64_t wanted = 0;
        for (uint32_t d = 0; d < n; d++)
            wanted += search->model->columns[columns[d]].kind == MODEL_COLUMN_PAIR &&
                      problem->pairs[search->model->columns[columns[d]].a].part == part;
        if (search->parts[part].capacity - search->parts[part].stayers < wanted)
            return 0;
    }
    return 1;
}

static void see_choice(void *context, const uint32_t *columns, uint32_t n, double worth)
{
    struct pick *pick = context;
    if (worth <= pick->worth || !has_beds(pick->search, columns, n))
        return;
    if (n)
        memcpy(pick->columns, columns, n * sizeof *columns);
    pick->n = n;
    pick->worth = worth;
}

/* Whoever of a household lives somewhere counts there as a stayer until they move. */
static void take_choice(struct search *search, const struct pick *pick)
{
    const struct problem *problem = search->model->problem;
    for (uint32_t c = 0; c < pick->n; c++) {
        const struct model_column *column = &search->model->columns[pick->columns[c]];
        if (column->kind != MODEL_COLUMN_PAIR)
            continue;
        uint32_t person = problem->pairs[column->a].person;
        search->start->chosen[person] = column->a;
        search->parts[problem->pairs[column->a].part].capacity--;
        if (problem_is_stay(problem, column->a))
            search->parts[problem->pairs[column->a].part].stayers--;
    }
}

static void place_households(struct search *search)
{
    const struct choices *choices = search->choices;
    struct choices_prices prices = {search->start->price, search->gain, search->alive};
    struct pick pick = {.search = search};
    pick.columns = alloc_zero(choices->longest, sizeof *pick.columns);
    memcpy(search->parts, search->model->problem->parts,
           search->model->problem->n_parts * sizeof *search->parts);
    for (uint32_t o = 0; o < choices->n_owners; o++) {
        if (choices->household[o] == PROBLEM_NONE)
            continue;
        pick.n = choices_of_plan(choices, o, NULL, NULL, pick.columns);
        pick.worth = 0;
        for (uint32_t c = 0; c < pick.n; c++)
            pick.worth += choices_worth(choices, &prices, pick.columns[c]);
        choices_each(choices, o, &prices, see_choice, &pick);
        const struct problem_household *household =
            &search->model->problem->households[choices->household[o]];
        for (size_t m = 0; m < household->n; m++)
            search->start->chosen[household->people[m]] = PROBLEM_NONE;
        take_choice(search, &pick);
    }
    free(pick.columns);
}

/* -- the network at prices of minutes -- */

static void price_pairs(struct search *search)
{
    const struct model *model = search->model;
    const struct problem *problem = model->problem;
    for (uint32_t j = 0; j < model->n_pair_columns; j++) {
        uint32_t pair = model->columns[j].a, person = problem->pairs[pair].person;
        uint32_t staff = search->staff_of[problem->pairs[pair].part];
        search->pair_gain[pair] = search->gain[j];
        if (staff != PROBLEM_NONE)
            search->pair_gain[pair] -=
                search->staff[staff].price * problem->people[person].care_minutes;
    }
}

/* Members of households are none of its business: their choice is kept beside. */
static int solve_network(struct search *search, int is_last)
{
    const struct problem *problem = search->model->problem;
    uint32_t *chosen = alloc_zero((size_t)problem->n_people + 1, sizeof *chosen);
    for (uint32_t i = 0; i < problem->n_people; i++)
        chosen[i] = problem->people[i].household == PROBLEM_NONE ? problem->people[i].stay_pair
                                                                 : PROBLEM_NONE;
    int solved = transport_solve(&search->face, search->pair_gain, NULL, TRANSPORT_FITTING,
                                 search->budget, chosen, search->part_price);
    if (solved && is_last)
        solved = prices_prove(&search->face, search->pair_gain, chosen, INT64_MAX, search->budget,
                              search->part_price, search->person_price, NULL) > 0;
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (problem->people[i].household == PROBLEM_NONE)
            search->start->chosen[i] = chosen[i];
    free(chosen);
    return solved;
}

static void write_prices(struct search *search)
{
    const struct model *model = search->model;
    for (uint32_t part = 0; part < model->problem->n_parts; part++)
        search->start->price[model->problem->n_people + part] = (double)search->part_price[part];
    for (uint32_t i = 0; i < model->n_rows; i++)
        if (model->rows[i].kind == MODEL_ROW_STAFF && model->rows[i].upper > 0) {
            const struct staff_price *staff = &search->staff[model->rows[i].a];
            search->start->price[i] =
                (double)(staff->price * (staff->limit / model->rows[i].upper));
        }
    choices_price_loads(search->choices, search->start->price);
}

/* A price that went to the other side of its limit moves slower from now on. */
static void move_prices(struct search *search)
{
    const struct problem *problem = search->model->problem;
    for (uint32_t s = 0; s < problem->n_staff; s++)
        search->staff[s].used = 0;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        uint32_t pair = search->start->chosen[i];
        uint32_t s =
            pair == PROBLEM_NONE ? PROBLEM_NONE : search->staff_of[problem->pairs[pair].part];
        if (s != PROBLEM_NONE)
            search->staff[s].used += problem->people[i].care_minutes;
    }
    for (uint32_t s = 0; s < problem->n_staff; s++) {
        struct staff_price *at = &search->staff[s];
        double excess = (double)(at->used - at->limit) / (double)(at->limit > 0 ? at->limit : 1);
        if (at->excess != 0)
            at->pace *= (excess > 0) == (at->excess > 0) ? faster : slower;
        at->excess = excess;
        double price = (double)at->price + excess * at->pace * (double)search->scale;
        at->price = price > 0 ? (int64_t)price : 0;
    }
}

void coupled_start_find(const struct choices *choices, const int64_t *gain,
                        const unsigned char *alive, int64_t scale, struct budget *budget,
                        struct coupled_start *start)
{
    struct search search = {.choices = choices,
                            .model = choices->model,
                            .gain = gain,
                            .alive = alive,
                            .scale = scale,
                            .budget = budget,
                            .start = start};
    *start = (struct coupled_start){0};
    search_init(&search);
    for (int turn = 0; turn < TURNS; turn++) {
        place_households(&search);
        price_pairs(&search);
        if (!solve_network(&search, turn + 1 == TURNS))
            break;
        write_prices(&search);
        if (turn + 1 < TURNS)
            move_prices(&search);
    }
    network_tree_grow(&search.face, search.pair_gain, search.part_price, start->chosen,
                      start->tree);
    search_clear(&search);
}

void coupled_start_clear(struct coupled_start *start)
{
    free(start->chosen);
    free(start->tree);
    free(start->price);
}
