/* test_cuts.c - rows that are added to a model, from one row or several, hold for every plan of a
 * small drawn round, tried one by one, and leave out the point they were sought for. */
#include "solver/cuts_basis.h"
#include "solver/cuts_combine.h"
#include "solver/cuts_odd.h"

#include "models/alloc.h"
#include "tests/check.h"
#include "tests/coupled_world.h"
#include "tests/drawn_round.h"

#include <stdlib.h>
#include <string.h>

enum { WORLDS = 400, POINTS = 6, FAMILIES_PEOPLE = 5 };

struct tried { /* every plan of a round against a model with cuts */
    const struct problem *problem;
    const struct model *plain, *cut; /* the same model without and with them */
    uint32_t chosen[RANDOM_PEOPLE];
    int64_t *x;
    int64_t *most;   /* per cut: what a plan takes of it */
    long n, n_wrong; /* plans; those that only the cuts refuse */
};

static int64_t taken(const struct model_cut *cut, const int64_t *x)
{
    int64_t sum = 0;
    for (size_t e = 0; e < cut->n; e++)
        sum += cut->entries[e].value * x[cut->entries[e].row];
    return sum;
}

static void judge(struct tried *tried, const struct cuts *cuts)
{
    if (model_complete(tried->plain, tried->chosen, tried->x) != 0)
        return;
    for (size_t c = 0; c < cuts->n; c++) {
        int64_t sum = taken(&cuts->items[c], tried->x);
        tried->most[c] = sum > tried->most[c] ? sum : tried->most[c];
    }
    tried->n++;
    tried->n_wrong += model_complete(tried->cut, tried->chosen, tried->x) != 0;
}

static void try_all(struct tried *tried, const struct cuts *cuts, uint32_t person)
{
    if (person == tried->problem->n_people) {
        judge(tried, cuts);
        return;
    }
    const struct problem_person *at = &tried->problem->people[person];
    for (uint32_t i = 0; i < at->n_pairs; i++) {
        tried->chosen[person] = at->first_pair + i;
        try_all(tried, cuts, person + 1);
    }
    tried->chosen[person] = PROBLEM_NONE;
    if (at->stay_pair == PROBLEM_NONE)
        try_all(tried, cuts, person + 1);
}

/* Quarters; who is counted by a load column is counted. */
static void draw_point(const struct model *model, uint64_t *state, double *x)
{
    for (uint32_t j = 0; j < model->n_columns; j++)
        x[j] = (double)model->columns[j].upper * (double)random_below(state, 5) / 4;
}

/* Of those whom that load column counts. */
static double sum_of_load(const struct model *model, uint32_t load, const double *x)
{
    uint32_t row = model->entries[model->first[load] + 1].row;
    double sum = 0;
    for (uint32_t j = 0; j < model->n_pair_columns; j++)
        for (size_t k = model->first[j]; k < model->first[j + 1]; k++)
            if (model->entries[k].row == row)
                sum += x[j];
    return sum;
}

static double beyond(const struct model_cut *cut, const struct model *model, const double *x)
{
    double sum = -(double)cut->upper;
    for (size_t e = 0; e < cut->n; e++) {
        uint32_t column = cut->entries[e].row;
        int is_load = model->columns[column].kind == MODEL_COLUMN_LOAD;
        sum +=
            (double)cut->entries[e].value * (is_load ? sum_of_load(model, column, x) : x[column]);
    }
    return sum;
}

struct counts {
    long cuts, tight, plans;
    long beds; /* cuts from beds that households want */
    long odd;  /* from beds that couples leave over */
};

static void on_point(const struct problem *problem, uint64_t *state, struct counts *counts)
{
    struct model *plain = model_new(problem), *cut = model_new(problem);
    struct tried tried = {.problem = problem, .plain = plain, .cut = cut};
    struct cuts cuts;
    double *x = alloc_zero(plain->n_columns, sizeof *x);
    tried.x = alloc_zero(plain->n_columns, sizeof *tried.x);
    draw_point(plain, state, x);
    cuts_find(plain, x, model_cuts_room(plain), &cuts);
    tried.most = alloc_zero(cuts.n + 1, sizeof *tried.most);
    for (size_t c = 0; c < cuts.n; c++) {
        tried.most[c] = INT64_MIN;
        CU_ASSERT(beyond(&cuts.items[c], plain, x) > 0);
    }
    model_cuts_add(cut, cuts.items, cuts.n);
    CU_ASSERT_EQUAL(cut->n_rows, plain->n_rows + cuts.n);
    if (cuts.n)
        try_all(&tried, &cuts, 0);
    CU_ASSERT_EQUAL(tried.n_wrong, 0);
    for (size_t c = 0; c < cuts.n; c++) {
        CU_ASSERT(tried.most[c] <= cuts.items[c].upper);
        counts->tight += tried.most[c] == cuts.items[c].upper;
        counts->beds += plain->rows[cuts.items[c].base].kind == MODEL_ROW_PART;
    }
    counts->cuts += (long)cuts.n;
    counts->plans += tried.n;
    cuts_clear(&cuts);
    free(x);
    free(tried.x);
    free(tried.most);
    model_free(plain);
    model_free(cut);
}

static void each_round(void (*on_round)(const struct problem *, uint64_t *, struct counts *),
                       long n_worlds, uint64_t point, struct counts *counts)
{
    uint64_t state = 7 + point;
    for (uint64_t seed = 1; seed <= (uint64_t)n_worlds; seed++) {
        struct drawn_round round;
        struct alm_error err;
        if (drawn_round_init(&round, seed, RANDOM_COUPLED) != 0)
            continue;
        err_init(&err);
        struct problem *problem = problem_new(round.region, round.policy, round.world.now, &err);
        if (problem && problem->n_pairs)
            on_round(problem, &state, counts);
        problem_free(problem);
        err_clear(&err);
        drawn_round_clear(&round);
    }
}

/* Many are as strict as can be: with a limit less by 1 some plan would refute them. */
static void test_no_plan_is_lost(void)
{
    struct counts counts = {0};
    for (int p = 0; p < POINTS; p++)
        each_round(on_point, drawn_round_count(WORLDS), (uint64_t)p, &counts);
    CU_ASSERT(counts.cuts > drawn_round_count(WORLDS) * 3 / 4);
    CU_ASSERT(counts.tight * 4 > counts.cuts);
    CU_ASSERT(counts.plans > drawn_round_count(WORLDS) * 3);
}

/* Families who want more beds than there are. */
static void test_no_family_is_lost(void)
{
    struct counts counts = {0};
    uint64_t state = 3;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        struct coupled_world world;
        coupled_world_families(&world, seed, 3);
        struct problem *problem = coupled_world_problem(&world);
        for (int p = 0; world.n_people <= FAMILIES_PEOPLE && p < POINTS; p++)
            on_point(problem, &state, &counts);
        problem_free(problem);
        coupled_world_clear(&world);
    }
    CU_ASSERT(counts.beds > 300);
    CU_ASSERT(counts.tight * 3 > counts.cuts);
    CU_ASSERT(counts.plans > 3000);
}

/* -- several rows -- */

enum { MULTIPLIERS = 6, DIVISORS = 12 };

/* Whole rows with whole multipliers, whatever they are. */
static void draw_multipliers(const struct model *model, uint64_t *state,
                             struct cuts_multiplier *multipliers)
{
    for (int k = 0; k < MULTIPLIERS; k++)
        multipliers[k] =
            (struct cuts_multiplier){(uint32_t)random_below(state, model->n_rows),
                                     (int64_t)random_below(state, 2 * DIVISORS) - DIVISORS};
}

struct drawn_inverse {
    const struct model *model;
    uint64_t state;
};

/* Quarters and thirds, and some that no small number makes whole. */
static int draw_inverse(void *context, uint32_t which, double *multipliers)
{
    struct drawn_inverse *inverse = context;
    for (uint32_t i = 0; i < inverse->model->n_rows; i++) {
        double twelfths = (double)random_below(&inverse->state, 25) - 12;
        multipliers[i] = random_below(&inverse->state, 4) ? 0 : twelfths / 12;
        if (which % 7 == 0)
            multipliers[i] *= 0.70710678;
    }
    return which % 5 == 0 ? -1 : 0;
}

struct several { /* cuts of one point, and which columns a plan may have */
    struct cuts cuts;
    unsigned char *alive;
    size_t n_odd;
};

/* Prices and losses, whatever they are. */
static void find_odd(const struct model *model, uint64_t *state, const double *x,
                     struct several *several)
{
    struct bound bound;
    size_t before = several->cuts.n;
    bound_init(&bound, model);
    for (uint32_t i = 0; i < model->n_rows; i++)
        bound.price[i] = (int64_t)random_below(state, 3) << BOUND_SHIFT;
    for (uint32_t j = 0; j < model->n_columns; j++)
        bound.reduced[j] = random_below(state, 3) ? 0 : -((int64_t)1 << BOUND_SHIFT);
    struct cuts_odd odd = {model, several->alive, x, &bound};
    cuts_odd_find(&odd, 3, &several->cuts);
    several->n_odd = several->cuts.n - before;
    CU_ASSERT(several->n_odd <= 3);
    bound_clear(&bound);
}

static void find_several(const struct model *model, uint64_t *state, const double *x,
                         struct several *several)
{
    struct drawn_inverse inverse = {model, *state};
    double *duals = alloc_zero((size_t)model->n_rows + 1, sizeof *duals);
    draw_inverse(&inverse, 1, duals);
    struct cuts_basis basis = {model, several->alive, x, duals, draw_inverse, &inverse};
    struct cuts_combine *combine = cuts_combine_new(model, several->alive, x);
    size_t effort = 0;
    several->cuts = (struct cuts){0};
    for (int t = 0; t < 20; t++) {
        struct cuts_multiplier multipliers[MULTIPLIERS];
        struct model_cut cut;
        double distance;
        draw_multipliers(model, state, multipliers);
        int64_t divisor = 2 + (int64_t)random_below(state, DIVISORS);
        if (!cuts_combine_round(combine, multipliers, MULTIPLIERS, divisor, &cut, &distance,
                                &effort))
            continue;
        ALLOC_GROW(several->cuts.items, several->cuts.n, several->cuts.room);
        several->cuts.items[several->cuts.n++] = cut;
    }
    size_t before = several->cuts.n;
    cuts_basis_find(&basis, 10, &several->cuts);
    CU_ASSERT(several->cuts.n <= before + 10);
    find_odd(model, &inverse.state, x, several);
    cuts_combine_free(combine);
    free(duals);
    *state = inverse.state;
}

static double beyond_plainly(const struct model_cut *cut, const double *x)
{
    double sum = -(double)cut->upper;
    for (size_t e = 0; e < cut->n; e++)
        sum += (double)cut->entries[e].value * x[cut->entries[e].row];
    return sum;
}

static int is_left(const struct model *model, const unsigned char *alive, const uint32_t *chosen)
{
    for (uint32_t i = 0; i < model->problem->n_people; i++)
        if (chosen[i] != PROBLEM_NONE && (model->column_of_pair[chosen[i]] == MODEL_NONE ||
                                          !alive[model->column_of_pair[chosen[i]]]))
            return 0;
    return 1;
}

struct leftover { /* the plans that `alive` leaves */
    const struct model *model;
    const struct several *several;
    uint32_t chosen[RANDOM_PEOPLE];
    int64_t *x, *most;
    long n;
};

static void see_plan(struct leftover *left)
{
    const struct model *model = left->model;
    if (!is_left(model, left->several->alive, left->chosen) ||
        model_complete(model, left->chosen, left->x) != 0)
        return;
    for (uint32_t j = model->n_pair_columns; j < model->n_columns; j++)
        if (left->x[j] && !left->several->alive[j])
            return;
    left->n++;
    for (size_t c = 0; c < left->several->cuts.n; c++) {
        int64_t sum = taken(&left->several->cuts.items[c], left->x);
        left->most[c] = sum > left->most[c] ? sum : left->most[c];
    }
}

static void see_all(struct leftover *left, uint32_t person)
{
    if (person == left->model->problem->n_people) {
        see_plan(left);
        return;
    }
    const struct problem_person *at = &left->model->problem->people[person];
    for (uint32_t i = 0; i < at->n_pairs; i++) {
        left->chosen[person] = at->first_pair + i;
        see_all(left, person + 1);
    }
    left->chosen[person] = PROBLEM_NONE;
    if (at->stay_pair == PROBLEM_NONE)
        see_all(left, person + 1);
}

/* One column in eight is gone. */
static void on_several(const struct problem *problem, uint64_t *state, struct counts *counts)
{
    struct model *model = model_new(problem);
    struct several several = {.alive = alloc_zero(model->n_columns, 1)};
    struct leftover left = {.model = model, .several = &several};
    double *x = alloc_zero(model->n_columns, sizeof *x);
    for (uint32_t j = 0; j < model->n_columns; j++)
        several.alive[j] = random_below(state, 8) != 0;
    draw_point(model, state, x);
    for (uint32_t j = 0; j < model->n_columns; j++)
        x[j] = several.alive[j] ? x[j] : 0;
    find_several(model, state, x, &several);
    left.x = alloc_zero(model->n_columns, sizeof *left.x);
    left.most = alloc_zero(several.cuts.n + 1, sizeof *left.most);
    for (size_t c = 0; c < several.cuts.n; c++) {
        left.most[c] = INT64_MIN;
        CU_ASSERT(beyond_plainly(&several.cuts.items[c], x) > 0);
    }
    see_all(&left, 0);
    for (size_t c = 0; c < several.cuts.n; c++) {
        CU_ASSERT(left.most[c] <= several.cuts.items[c].upper);
        counts->tight += left.most[c] == several.cuts.items[c].upper;
    }
    counts->cuts += (long)several.cuts.n;
    counts->odd += (long)several.n_odd;
    counts->plans += left.n;
    cuts_clear(&several.cuts);
    free(several.alive);
    free(left.x);
    free(left.most);
    free(x);
    model_free(model);
}

/* Whatever rows are added up, and whatever they are divided by. With a limit less by 1 some plan
 * would refute every third of them. */
static void test_sums_of_rows(void)
{
    struct counts counts = {0};
    for (int p = 0; p < POINTS; p++)
        each_round(on_several, drawn_round_count(WORLDS), (uint64_t)p, &counts);
    CU_ASSERT(counts.cuts > drawn_round_count(WORLDS) * 5 / 2);
    CU_ASSERT(counts.tight * 3 > counts.cuts);
    CU_ASSERT(counts.plans > drawn_round_count(WORLDS) * 3);
}

/* The same for families, of whom sets of beds leave one over. */
static void test_odd_beds(void)
{
    struct counts counts = {0};
    uint64_t state = 5;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        struct coupled_world world;
        coupled_world_families(&world, seed, 3);
        struct problem *problem = coupled_world_problem(&world);
        for (int p = 0; world.n_people <= FAMILIES_PEOPLE && p < POINTS; p++)
            on_several(problem, &state, &counts);
        problem_free(problem);
        coupled_world_clear(&world);
    }
    CU_ASSERT(counts.odd > 300);
    CU_ASSERT(counts.tight * 3 > counts.cuts);
}

/* -- limits -- */

/* What might not fit into the numbers is refused, up to the last one that does. */
static void on_limits(const struct problem *problem, uint64_t *state, struct counts *counts)
{
    struct model *model = model_new(problem);
    int64_t *gain = alloc_zero(model->n_columns, sizeof *gain);
    double *x = alloc_zero(model->n_columns, sizeof *x);
    draw_point(model, state, x);
    for (int is_great = 0; is_great < 2 && model->n_pair_columns; is_great++) {
        struct model_cut cut;
        struct cuts_multiplier multiplier = {model->n_rows, 1};
        double distance;
        size_t effort = 0;
        gain[0] = ((int64_t)1 << 31) - 1 + 2 * is_great;
        if (!is_great)
            model_keep(model, 0, gain, 1);
        else
            multiplier.row--;
        x[0] = 0.5;
        struct cuts_combine *combine = cuts_combine_new(model, NULL, x);
        CU_ASSERT_EQUAL(cuts_combine_round(combine, &multiplier, 1, 1 + ((int64_t)1 << 17), &cut,
                                           &distance, &effort),
                        0);
        int is_done =
            cuts_combine_round(combine, &multiplier, 1, 1 << 17, &cut, &distance, &effort);
        CU_ASSERT_EQUAL(is_done, !is_great);
        counts->cuts += is_done;
        if (is_done)
            free(cut.entries);
        cuts_combine_free(combine);
    }
    free(gain);
    free(x);
    model_free(model);
}

static void test_great_numbers(void)
{
    struct counts counts = {0};
    each_round(on_limits, 200, 0, &counts);
    CU_ASSERT(counts.cuts > 10);
}

static int64_t entry_of(const struct model *model, uint32_t column, uint32_t row)
{
    for (size_t e = model->first[column]; e < model->first[column + 1]; e++)
        if (model->entries[e].row == row)
            return model->entries[e].value;
    return 0;
}

/* The row of a cut at rest is the next one's. */
static void on_rest(const struct problem *problem, uint64_t *state, struct counts *counts)
{
    struct model *model = model_new(problem);
    if (!model->n_columns) { /* nobody may go anywhere */
        model_free(model);
        return;
    }
    uint32_t last = model->n_columns - 1, n_rows = model->n_rows;
    struct model_entry entries[2][2] = {{{0, 3}, {last, 4}}, {{0, 5}, {last, 6}}};
    struct model_cut cuts[2] = {{0, 7, entries[0], 1 + (last > 0)},
                                {0, 8, entries[1], 1 + (last > 0)}};
    size_t room = model_cuts_room(model), n_entries = model->n_entries;
    model_cuts_add(model, cuts, 2);
    CU_ASSERT_EQUAL(model_cuts_room(model), room - 2);
    model_cuts_rest(model, n_rows);
    CU_ASSERT_EQUAL(model_cuts_room(model), room - 1);
    model_cuts_add(model, &cuts[1], 1);
    CU_ASSERT_EQUAL(model->n_rows, n_rows + 2);
    CU_ASSERT_EQUAL(model->rows[n_rows].upper, 8);
    CU_ASSERT_EQUAL(entry_of(model, 0, n_rows), 5);
    CU_ASSERT_EQUAL(entry_of(model, 0, n_rows + 1), 5);
    CU_ASSERT_EQUAL(model->n_entries, n_entries + 2 * cuts[0].n);
    counts->plans += (long)random_below(state, 1) + 1;
    model_free(model);
}

static void test_rows_at_rest(void)
{
    struct counts counts = {0};
    each_round(on_rest, 200, 0, &counts);
    CU_ASSERT(counts.plans > 10);
}

static const struct check_test tests[] = {
    {"no_plan_is_lost", test_no_plan_is_lost}, {"no_family_is_lost", test_no_family_is_lost},
    {"sums_of_rows", test_sums_of_rows},       {"odd_beds", test_odd_beds},
    {"great_numbers", test_great_numbers},     {"rows_at_rest", test_rows_at_rest}};
CHECK_SUITE(suite_cuts, tests);
