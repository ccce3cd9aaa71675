/* coupled_search.c - see coupled_search.h. */
#include "solver/coupled_search.h"

#include "models/alloc.h"
#include "solver/core_sums.h"

#include <stdlib.h>

/* LOOKS: where the bound is far off, steps down get greater sooner than plans are near. */
enum { TRIAL_NODES = 200, MORE_NODES = 30, BETWEEN_NODES = 100, ALL_IN = 3000, LOOKS = 4 };

int64_t coupled_search_take(void *context, const int64_t *x)
{
    struct coupled_run *run = context;
    return coupled_run_take(run, x) < 0 ? INT64_MIN : coupled_run_value(run, run->found);
}

struct glpk_core *coupled_search_load(struct coupled_run *run, const struct core *core)
{
    struct glpk_core *lp = glpk_core_new(core, run->mip);
    for (uint32_t j = 0; j < core->n_columns; j++) {
        uint32_t origin = core->columns[j].origin;
        if (origin == MODEL_NONE || core->n_columns <= ALL_IN || core->columns[j].lower > 0 ||
            run->best_x[origin] || glpk_mip_is_basic(run->mip, origin) ||
            glpk_mip_value(run->mip, origin) > 0.5 || core->columns[j].set == MODEL_NONE)
            glpk_core_add(lp, j);
    }
    glpk_core_start(lp);
    return lp;
}

/* Notes the columns that some plan of that value contains. */
static void keep_reach(struct coupled_run *run, const struct core *core, const int64_t *reach,
                       int64_t value)
{
    for (uint32_t j = 0; j < run->model->n_columns; j++) {
        uint32_t inside = core->inside[j];
        run->reached[j] = run->reached[j] &&
                          (inside == MODEL_NONE ? core->settled[j] > 0 : reach[inside] >= value);
    }
}

/* A search among the `allowed` columns; is_whole = they are all that a plan of the value `kept` can
 * contain. TREE_DONE: run->best is the best of the plans that are wanted, or there is none, and
 * *most is as tree_search says. */
static enum tree_outcome search(struct coupled_run *run, const struct tree_task *wish, int is_whole,
                                int64_t *most)
{
    struct core *core = core_new(run->model, run->gain, run->allowed);
    *most = INT64_MIN;
    if (!core)
        return TREE_DONE;
    core_sums_add(core);
    struct core_limits limits;
    struct glpk_core *lp = coupled_search_load(run, core);
    struct tree *tree = tree_new(core, lp);
    struct tree_task task = *wish;
    task.take = coupled_search_take;
    task.context = run;
    task.budget = &run->budget;
    if (is_whole)
        task.reach = alloc_zero((size_t)core->n_columns + 1, sizeof *task.reach);
    core_limits_init(&limits, core);
    enum tree_outcome outcome = tree_search(tree, &task, &limits, most);
    int64_t value = coupled_run_value(run, run->best);
    if (is_whole && outcome == TREE_DONE && value >= task.kept)
        keep_reach(run, core, task.reach, value);
    core_limits_clear(&limits);
    tree_free(tree);
    glpk_core_free(lp);
    core_free(core);
    free(task.reach);
    return outcome;
}

void coupled_search_first(struct coupled_run *run, int64_t wanted, int64_t max_nodes)
{
    int64_t unused;
    struct tree_task task = {
        .wanted = wanted, .kept = wanted, .is_enough = 1, .max_nodes = max_nodes};
    search(run, &task, 0, &unused);
}

void coupled_search_between(struct coupled_run *run, int64_t wanted, int64_t max_nodes)
{
    for (uint32_t j = 0; j < run->model->n_columns; j++)
        run->allowed[j] = run->best_x[j] || run->model->columns[j].lower > 0 ||
                          (run->allowed[j] && glpk_mip_value(run->mip, j) > 0);
    coupled_search_first(run, wanted, max_nodes);
}

/* Every column that a plan of `value` or more can contain. */
static void allow(struct coupled_run *run, int64_t value, int only_inside)
{
    for (uint32_t j = 0; j < run->model->n_columns; j++)
        run->allowed[j] =
            run->alive[j] && run->reached[j] &&
            (run->model->columns[j].lower > 0 || (bound_allows_column(&run->bound, j, value) &&
                                                  bound_allows_column(&run->plain, j, value))) &&
            (!only_inside || run->best_x[j] || glpk_mip_has(run->mip, j));
}

static void see_search(struct coupled_run *run, struct coupled_stage *stage, int64_t most)
{
    stage->value = coupled_run_value(run, run->best);
    if (most < stage->most)
        stage->most = most < stage->value ? stage->value : most;
    stage->is_proved = stage->value >= stage->most;
}

/* A plan of just the bound's value, before all columns that it can contain are searched. */
static void look_between(struct coupled_run *run, struct coupled_stage *stage)
{
    allow(run, stage->most, 0);
    coupled_search_between(run, stage->most, BETWEEN_NODES);
    coupled_run_weigh(run, stage);
}

/* From the bound downwards: few columns can be in a plan of a value that great, and most nodes
 * close at once. Until the stage is proved or a search gets long. */
static void go_down(struct coupled_run *run, struct coupled_stage *stage, coupled_search_look *look)
{
    int64_t target = stage->most, step = 1, guess;
    int looks = 0;
    while (!stage->is_proved) {
        target = target > stage->value ? target : stage->value + 1;
        struct tree_task task = {
            .wanted = target, .kept = target, .max_nodes = TRIAL_NODES, .more_nodes = MORE_NODES};
        allow(run, target, 0);
        enum tree_outcome outcome = search(run, &task, 1, &guess);
        see_search(run, stage, outcome == TREE_DONE ? target - 1 : guess);
        if (outcome != TREE_DONE)
            return;
        target = guess < target - step && guess > target - 16 * step ? guess : target - step;
        step *= 2;
        if (look && !stage->is_proved && looks++ < LOOKS)
            look(run, stage);
    }
}

/* A good plan among few columns: those of the relaxation, or, where a row keeps what an earlier
 * objective has reached (other people seldom sum up to just that), those of the people who have a
 * bed in the plan at hand. */
static void look_around(struct coupled_run *run, struct coupled_stage *stage)
{
    int64_t unused, wanted = stage->value + 1;
    int is_kept = run->model->n_stages > 0;
    struct tree_task task = {
        .wanted = wanted, .kept = wanted, .max_nodes = TRIAL_NODES, .more_nodes = MORE_NODES};
    allow(run, wanted, !is_kept);
    for (uint32_t j = 0; is_kept && j < run->model->n_pair_columns; j++)
        if (run->best[run->problem->pairs[run->model->columns[j].a].person] == PROBLEM_NONE)
            run->allowed[j] = 0;
    search(run, &task, 0, &unused);
    see_search(run, stage, INT64_MAX);
}

/* Whatever can be better than what there is; anew with each better plan. */
static void finish(struct coupled_run *run, struct coupled_stage *stage)
{
    int64_t value, most;
    do {
        value = stage->value;
        struct tree_task task = {.wanted = value + 1, .kept = value, .more_nodes = MORE_NODES};
        allow(run, value, 0);
        enum tree_outcome outcome = search(run, &task, 1, &most);
        see_search(run, stage, outcome == TREE_DONE ? INT64_MIN : most);
    } while (!stage->is_proved && stage->value > value);
}

void coupled_search_settle(struct coupled_run *run, struct coupled_stage *stage,
                           coupled_search_look *look)
{
    if (coupled_run_has_network(run))
        look_between(run, stage);
    int64_t value = stage->value;
    go_down(run, stage, look);
    if (!stage->is_proved && stage->value == value && !run->plan)
        look_around(run, stage);
    if (!stage->is_proved)
        finish(run, stage);
}
