/* coupled_ahead.c - see coupled_ahead.h. */
#include "solver/coupled_ahead.h"

#include "models/alloc.h"
#include "solver/coupled_cuts.h"
#include "solver/coupled_relax.h"
#include "solver/coupled_search.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* A later objective counts at most FIRST for a person, the next FALL times less. LONG: a relaxation
 * that takes more iterations (beside one for every second row) goes round in circles. */
enum { FIRST = 1024, FALL = 8, ROUNDS = 8, NODES = 100, FEW_NODES = 20, LITTLE = 64, LONG = 300 };

struct coupled_ahead {
    int64_t unit;   /* of the stage's own objective */
    int64_t margin; /* all later objectives together are less, in any plan */
    int is_near;    /* the basis is that of an optimum of it */
    int64_t gain[]; /* per column */
};

static int64_t greatest_gain(const struct model *model, size_t k)
{
    int64_t most = 1;
    for (uint32_t j = 0; j < model->n_pair_columns; j++) {
        int64_t value = llabs(problem_gain(model->problem, model->columns[j].a, k));
        most = value > most ? value : most;
    }
    return most;
}

/* Where no objective asks for the distance it counts after all others, so that the relaxation of
 * the last one is not left with countless optima either. */
static int counts_metres(const struct problem *problem)
{
    size_t k = 0;
    while (k < problem->n_objectives && problem->objectives[k] != OBJECTIVE_TRAVEL)
        k++;
    return k == problem->n_objectives;
}

static void add_metres(const struct model *model, int64_t size, int64_t *gain)
{
    int64_t most = 1;
    for (uint32_t j = 0; j < model->n_pair_columns; j++) {
        int64_t metres = model->problem->pairs[model->columns[j].a].metres;
        most = metres > most ? metres : most;
    }
    for (uint32_t j = 0; j < model->n_pair_columns; j++)
        gain[j] -= model->problem->pairs[model->columns[j].a].metres * size / most;
}

/* 0 = the numbers would be too great. */
static int set_unit(const struct coupled_run *run, struct coupled_ahead *ahead)
{
    int64_t most = greatest_gain(run->model, run->stage);
    ahead->margin = 2 * FIRST * ((int64_t)run->problem->n_people + 1);
    ahead->unit = 2 * ahead->margin;
    return most < INT64_MAX / ahead->unit / (run->problem->n_people + 1);
}

static void set_gains(const struct coupled_run *run, struct coupled_ahead *ahead)
{
    const struct model *model = run->model;
    int64_t size = FIRST;
    for (uint32_t j = 0; j < model->n_pair_columns; j++)
        ahead->gain[j] = run->gain[j] * ahead->unit;
    for (size_t k = run->stage + 1; k < run->problem->n_objectives && size; k++) {
        int64_t most = greatest_gain(model, k);
        for (uint32_t j = 0; j < model->n_pair_columns; j++) {
            double part = (double)problem_gain(run->problem, model->columns[j].a, k) / (double)most;
            ahead->gain[j] += (int64_t)(part * (double)size);
        }
        size /= FALL;
    }
    if (counts_metres(run->problem))
        add_metres(model, size, ahead->gain);
}

static double relaxed_value(const struct coupled_run *run)
{
    double sum = 0;
    for (uint32_t j = 0; j < run->model->n_pair_columns; j++)
        sum += (double)run->gain[j] * glpk_mip_value(run->mip, j);
    return sum;
}

/* Rounds of cuts, until there is a plan of that value or they do not move the relaxation. */
static void round_off(struct coupled_run *run, struct coupled_ahead *ahead, int64_t most)
{
    struct coupled_stage first = {.most = INT64_MAX};
    if (!ahead->is_near && coupled_relax_again(run, &first, INT_MAX) != GLPK_DONE)
        return;
    ahead->is_near = 1;
    double before = relaxed_value(run), moved = FIRST;
    for (int n = 0; n < ROUNDS && moved > LITTLE && coupled_cuts_add(run); n++) {
        struct coupled_stage other = {.most = INT64_MAX};
        if (coupled_relax_again(run, &other, LONG + (int)run->model->n_rows / 2) != GLPK_DONE ||
            other.value >= most * ahead->unit - ahead->margin)
            return;
        moved = before - relaxed_value(run);
        before -= moved;
        coupled_cuts_rest(run, 0);
    }
}

static int is_there(const struct coupled_run *run, int64_t wanted)
{
    return coupled_run_value(run, run->best) >= wanted;
}

/* Where the plan at hand and the relaxation agree a better plan mostly does too: among what one of
 * them has a search is short. */
static void look_between(struct coupled_run *run, int64_t wanted, int64_t nodes)
{
    uint32_t n = run->model->n_columns;
    unsigned char *allowed = alloc_zero((size_t)n + 1, 1);
    memcpy(allowed, run->allowed, n);
    for (uint32_t j = 0; j < n; j++)
        run->allowed[j] = run->best_x[j] || run->model->columns[j].lower > 0 ||
                          (allowed[j] && glpk_mip_value(run->mip, j) > 0);
    coupled_search_first(run, wanted, nodes);
    memcpy(run->allowed, allowed, n);
    free(allowed);
}

static void glance(struct coupled_run *run, struct coupled_ahead *ahead,
                   struct coupled_stage *stage)
{
    int64_t wanted = stage->most * ahead->unit - ahead->margin;
    round_off(run, ahead, stage->most);
    if (!is_there(run, wanted))
        look_between(run, wanted, NODES);
}

static void peep(struct coupled_run *run, struct coupled_ahead *ahead, struct coupled_stage *stage)
{
    look_between(run, stage->most * ahead->unit - ahead->margin, FEW_NODES);
}

static void look(struct coupled_run *run, struct coupled_ahead *ahead, struct coupled_stage *stage)
{
    int64_t wanted = stage->most * ahead->unit - ahead->margin;
    if (coupled_search_first(run, wanted, NODES) == TREE_DONE && !is_there(run, wanted))
        stage->most--;
}

static void turn_to(struct coupled_run *run, const int64_t *gain, unsigned char *alive)
{
    run->gain = gain;
    run->alive = alive;
    glpk_mip_objective(run->mip, gain);
    glpk_mip_set_alive(run->mip, alive);
}

/* What the stage before was best at together with the later objectives is, now that a row keeps its
 * value, nearly best for the later ones: the dual simplex has that row to mend. */
static void follow(struct coupled_run *run)
{
    int whole;
    if (!run->ahead)
        return;
    glpk_mip_objective(run->mip, run->ahead->gain);
    if (glpk_mip_return(run->mip))
        glpk_mip_relax(run->mip, LONG + 2 * (int)run->model->n_rows, &run->budget, run->duals,
                       run->x, &whole);
}

void coupled_ahead_begin(struct coupled_run *run)
{
    size_t size = ((size_t)run->model->n_columns + 1) * sizeof(int64_t);
    struct coupled_ahead *ahead = alloc_zero(1, sizeof *ahead + size);
    follow(run);
    free(run->ahead);
    run->ahead = NULL;
    int has_later = !coupled_run_is_last(run) || counts_metres(run->problem);
    if (run->is_reference || !has_later || !set_unit(run, ahead)) {
        free(ahead);
        return;
    }
    set_gains(run, ahead);
    run->ahead = ahead;
}

void coupled_ahead_relax(struct coupled_run *run, int most)
{
    struct coupled_stage other = {.most = INT64_MAX};
    const int64_t *gain = run->gain;
    int uses_cuts = run->uses_cuts;
    if (!run->ahead || (uses_cuts && !run->ahead->is_near))
        return;
    run->ahead->is_near = 1;
    run->uses_cuts = 1; /* its bounds are of another objective */
    run->gain = run->ahead->gain;
    if (!uses_cuts)
        glpk_mip_objective(run->mip, run->gain);
    if (coupled_relax_again(run, &other, most) == GLPK_DONE && !uses_cuts)
        glpk_mip_mark(run->mip);
    run->uses_cuts = uses_cuts;
    run->gain = gain;
    glpk_mip_objective(run->mip, gain);
}

void coupled_ahead_cut(struct coupled_run *run)
{
    if (run->ahead && run->ahead->is_near)
        glpk_mip_objective(run->mip, run->ahead->gain);
}

typedef void ahead_way(struct coupled_run *, struct coupled_ahead *, struct coupled_stage *);

/* Among the columns that a plan of the value stage->most can contain. */
static void look_that_way(struct coupled_run *run, struct coupled_stage *stage, ahead_way *way)
{
    struct bound bound;
    const int64_t *gain = run->gain;
    unsigned char *alive = run->alive;
    if (!run->ahead)
        return;
    bound_init(&bound, run->model);
    bound_copy(&bound, &run->bound, run->model);
    for (uint32_t j = 0; j < run->model->n_columns; j++)
        run->allowed[j] = alive[j] && (run->model->columns[j].lower > 0 ||
                                       bound_allows_column(&bound, j, stage->most));
    turn_to(run, run->ahead->gain, run->allowed);
    way(run, run->ahead, stage);
    turn_to(run, gain, alive);
    bound_copy(&run->bound, &bound, run->model);
    bound_clear(&bound);
    coupled_run_weigh(run, stage);
}

void coupled_ahead_glance(struct coupled_run *run, struct coupled_stage *stage)
{
    look_that_way(run, stage, glance);
}

void coupled_ahead_look(struct coupled_run *run, struct coupled_stage *stage)
{
    look_that_way(run, stage, look);
}

void coupled_ahead_peep(struct coupled_run *run, struct coupled_stage *stage)
{
    look_that_way(run, stage, peep);
}
