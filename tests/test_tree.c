/* test_tree.c - small integer programmes, every vector tried: branch and bound finds the best, says
 * of no column that the best plans do without it when one does not, and never loses a plan in
 * between (core, its propagation, its bounds). */
#include "solver/tree.h"

#include "models/alloc.h"
#include "tests/check.h"

#include <stdlib.h>
#include <string.h>

enum { PROGRAMMES = 4000, COLUMNS_MOST = 10, SETS_MOST = 4, ROWS_MOST = 6 };

struct dice {
    uint64_t state;
};

static int64_t roll(struct dice *dice, int64_t least, int64_t most)
{
    return least + (int64_t)check_roll(&dice->state, (uint64_t)(most - least + 1));
}

struct programme {
    struct model model;
    struct model_row rows[SETS_MOST + ROWS_MOST];
    struct model_column columns[COLUMNS_MOST];
    size_t first[COLUMNS_MOST + 1];
    struct model_entry entries[COLUMNS_MOST * (1 + ROWS_MOST)];
    int64_t gain[COLUMNS_MOST];
    unsigned char allowed[COLUMNS_MOST];
    int64_t best;                    /* of all vectors; INT64_MIN = there is none */
    int64_t most_with[COLUMNS_MOST]; /* the best with the column above 0 */
    int64_t x[COLUMNS_MOST];
};

static void draw_row(struct dice *dice, struct model_row *row)
{
    *row = (struct model_row){.kind = MODEL_ROW_PART, .lower = MODEL_NO_LOWER};
    row->upper = roll(dice, 0, 9);
    if (roll(dice, 0, 3) == 0)
        row->lower = row->upper - roll(dice, 0, 4);
}

static void draw_column(struct dice *dice, struct programme *programme, uint32_t j, uint32_t n_sets)
{
    struct model *model = &programme->model;
    int is_pair = n_sets && roll(dice, 0, 2);
    programme->columns[j] =
        (struct model_column){.kind = is_pair ? MODEL_COLUMN_PAIR : MODEL_COLUMN_LOAD,
                              .upper = is_pair ? 1 : roll(dice, 1, 3)};
    programme->gain[j] = roll(dice, -20, 60);
    programme->allowed[j] = roll(dice, 0, 9) > 0;
    if (is_pair)
        programme->entries[model->n_entries++] =
            (struct model_entry){(uint32_t)roll(dice, 0, n_sets - 1), 1};
    for (uint32_t i = n_sets; i < model->n_rows; i++)
        if (roll(dice, 0, 1))
            programme->entries[model->n_entries++] =
                (struct model_entry){i, roll(dice, 0, 3) ? roll(dice, 1, 5) : roll(dice, -4, -1)};
    programme->first[j + 1] = model->n_entries;
}

static void draw(struct programme *programme, uint64_t seed)
{
    struct dice dice = {check_seed(seed)};
    struct model *model = &programme->model;
    *programme = (struct programme){.best = INT64_MIN};
    uint32_t n_sets = (uint32_t)roll(&dice, 0, SETS_MOST);
    *model = (struct model){.rows = programme->rows,
                            .columns = programme->columns,
                            .first = programme->first,
                            .entries = programme->entries};
    model->n_rows = n_sets + (uint32_t)roll(&dice, 1, ROWS_MOST);
    model->n_columns = (uint32_t)roll(&dice, 1, COLUMNS_MOST);
    for (uint32_t i = 0; i < model->n_rows; i++)
        draw_row(&dice, &programme->rows[i]);
    for (uint32_t i = 0; i < n_sets; i++)
        programme->rows[i] = (struct model_row){
            .kind = MODEL_ROW_PERSON, .lower = roll(&dice, 0, 4) ? MODEL_NO_LOWER : 1, .upper = 1};
    for (uint32_t j = 0; j < model->n_columns; j++)
        draw_column(&dice, programme, j, n_sets);
}

static int holds(const struct programme *programme, const int64_t *x)
{
    const struct model *model = &programme->model;
    int64_t sum[SETS_MOST + ROWS_MOST] = {0};
    for (uint32_t j = 0; j < model->n_columns; j++) {
        if (x[j] < 0 || x[j] > (programme->allowed[j] ? programme->columns[j].upper : 0))
            return 0;
        for (size_t e = model->first[j]; e < model->first[j + 1]; e++)
            sum[model->entries[e].row] += model->entries[e].value * x[j];
    }
    for (uint32_t i = 0; i < model->n_rows; i++)
        if (sum[i] > model->rows[i].upper ||
            (model->rows[i].lower != MODEL_NO_LOWER && sum[i] < model->rows[i].lower))
            return 0;
    return 1;
}

static int64_t value_of(const struct programme *programme, const int64_t *x)
{
    int64_t value = 0;
    for (uint32_t j = 0; j < programme->model.n_columns; j++)
        value += programme->gain[j] * x[j];
    return value;
}

static void try_all(struct programme *programme, uint32_t column)
{
    if (column < programme->model.n_columns) {
        for (int64_t value = 0; value <= programme->columns[column].upper; value++) {
            programme->x[column] = value;
            try_all(programme, column + 1);
        }
        return;
    }
    if (!holds(programme, programme->x))
        return;
    int64_t value = value_of(programme, programme->x);
    if (value > programme->best)
        programme->best = value;
    for (uint32_t j = 0; j < programme->model.n_columns; j++)
        if (programme->x[j] && value > programme->most_with[j])
            programme->most_with[j] = value;
}

static int64_t take(void *context, const int64_t *x)
{
    const struct programme *programme = context;
    return holds(programme, x) ? value_of(programme, x) : INT64_MIN;
}

struct taken {
    struct programme *programme;
    int64_t wanted, value;
};

static int64_t take_best(void *context, const int64_t *x)
{
    struct taken *taken = context;
    int64_t value = take(taken->programme, x);
    if (value >= taken->wanted && value > taken->value)
        taken->value = value;
    return value;
}

/* Wanted: `below` less than the best, so that there is something to find on the way. */
static void compare(struct programme *programme, const struct core *core, int64_t below)
{
    int64_t reach[COLUMNS_MOST + 1], most;
    struct core_limits limits;
    struct budget budget = {0};
    struct glpk_core *lp = glpk_core_new(core, NULL);
    struct tree *tree = tree_new(core, lp);
    int64_t wanted = programme->best == INT64_MIN ? -1000 : programme->best - below;
    struct taken taken = {programme, wanted, INT64_MIN};
    struct tree_task task = {.wanted = wanted,
                             .kept = wanted,
                             .take = take_best,
                             .context = &taken,
                             .budget = &budget,
                             .reach = reach};
    core_limits_init(&limits, core);
    CU_ASSERT_EQUAL(tree_search(tree, &task, &limits, &most), TREE_DONE);
    CU_ASSERT_EQUAL(taken.value, below < 0 ? INT64_MIN : programme->best);
    for (uint32_t j = 0; j < programme->model.n_columns; j++) {
        if (below < 0 || programme->best == INT64_MIN || programme->most_with[j] < programme->best)
            continue;
        uint32_t inside = core->inside[j];
        CU_ASSERT(inside == MODEL_NONE ? core->settled[j] > 0 : reach[inside] >= programme->best);
    }
    core_limits_clear(&limits);
    tree_free(tree);
    glpk_core_free(lp);
}

static void test_programmes(void)
{
    int n_empty = 0;
    for (uint64_t seed = 1; seed <= PROGRAMMES; seed++) {
        struct programme programme;
        draw(&programme, seed);
        for (uint32_t j = 0; j < COLUMNS_MOST; j++)
            programme.most_with[j] = INT64_MIN;
        try_all(&programme, 0);
        struct core *core = core_new(&programme.model, programme.gain, programme.allowed);
        n_empty += programme.best == INT64_MIN;
        if (!core) {
            CU_ASSERT_EQUAL(programme.best, INT64_MIN);
            continue;
        }
        compare(&programme, core, 0);
        compare(&programme, core, 1 + (int64_t)(seed % 60));
        if (programme.best != INT64_MIN)
            compare(&programme, core, -1);
        core_free(core);
    }
    CU_ASSERT(n_empty > PROGRAMMES / 50 && n_empty < PROGRAMMES / 2);
}

/* The control: with a bound that is too low a plan is lost, and the comparison above sees it. */
static void test_what_is_not_kept_is_lost(void)
{
    int n_lost = 0;
    for (uint64_t seed = 1; seed <= PROGRAMMES / 4; seed++) {
        struct programme programme;
        draw(&programme, seed);
        try_all(&programme, 0);
        struct core *core = core_new(&programme.model, programme.gain, programme.allowed);
        if (!core || programme.best == INT64_MIN) {
            core_free(core);
            continue;
        }
        struct core_limits limits;
        struct core_bound bound;
        double duals[SETS_MOST + ROWS_MOST] = {0};
        core_limits_init(&limits, core);
        core_bound_init(&bound, core);
        core_bound_set(&bound, &limits, duals, 0);
        CU_ASSERT(core_bound_value(&bound) >= programme.best);
        core_bound_narrow(&bound, &limits,
                          core_bound_value(&bound) + 1 > programme.best + 1 ? programme.best + 1
                                                                            : programme.best);
        n_lost += core_limits_propagate(&limits) < 0;
        core_bound_clear(&bound);
        core_limits_clear(&limits);
        core_free(core);
    }
    CU_ASSERT(n_lost > 0);
}

/* The same rows, a hundred times as long. */
static void lengthen_rows(struct programme *programme)
{
    struct model *model = &programme->model;
    for (uint32_t i = 0; i < model->n_rows; i++)
        if (model->rows[i].kind == MODEL_ROW_PART) {
            model->rows[i].upper *= 100;
            model->rows[i].lower *= model->rows[i].lower == MODEL_NO_LOWER ? 1 : 100;
        }
    for (size_t e = 0; e < model->n_entries; e++)
        if (model->rows[model->entries[e].row].kind == MODEL_ROW_PART)
            model->entries[e].value *= 100;
}

/* Any prices prove a bound that holds, and no ray ends a search that has a plan: also where what a
 * column is worth goes beyond 64 bits. */
static void test_prices_of_any_size(void)
{
    int n_beyond = 0;
    for (uint64_t seed = 1; seed <= PROGRAMMES / 4; seed++) {
        struct programme programme;
        struct dice dice = {check_seed(seed)};
        draw(&programme, seed);
        try_all(&programme, 0);
        lengthen_rows(&programme);
        struct core *core = core_new(&programme.model, programme.gain, programme.allowed);
        struct core_limits limits;
        struct core_bound bound;
        double duals[SETS_MOST + ROWS_MOST];
        for (size_t i = 0; i < SETS_MOST + ROWS_MOST; i++)
            duals[i] = (double)roll(&dice, -1, 1) * 0x1.fp40;
        if (core && programme.best != INT64_MIN) {
            core_limits_init(&limits, core);
            core_bound_init(&bound, core);
            core_bound_set(&bound, &limits, duals, 1);
            CU_ASSERT(bound.total >= 0);
            core_bound_set(&bound, &limits, duals, 0);
            CU_ASSERT(core_bound_value(&bound) >= programme.best);
            n_beyond += bound.total == BOUND_NONE;
            core_bound_clear(&bound);
            core_limits_clear(&limits);
        }
        core_free(core);
    }
    CU_ASSERT(n_beyond > 0);
}

static const struct check_test tests[] = {
    {"programmes", test_programmes},
    {"prices_of_any_size", test_prices_of_any_size},
    {"what_is_not_kept_is_lost", test_what_is_not_kept_is_lost}};
CHECK_SUITE(suite_tree, tests);
