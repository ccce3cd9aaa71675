/* coupled_look.c - see coupled_look.h. */
#include "solver/coupled_look.h"

#include "models/alloc.h"
#include "solver/coupled_ahead.h"
#include "solver/coupled_cuts.h"
#include "solver/coupled_relax.h"
#include "solver/coupled_search.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* LONG: a relaxation that takes more iterations (beside one for every second row) goes round in
 * circles. */
enum { ROUNDS = 8, NODES = 100, FEW_NODES = 20, DIVE = 1500, LOSS = 300, LITTLE = 64, LONG = 300 };

static double relaxed_value(const struct coupled_run *run)
{
    double sum = 0;
    for (uint32_t j = 0; j < run->model->n_pair_columns; j++)
        sum += (double)run->gain[j] * glpk_mip_value(run->mip, j);
    return sum;
}

/* Rounds of cuts, until there is a plan of that value or they do not move the relaxation. */
static void round_off(struct coupled_run *run, int64_t wanted)
{
    struct coupled_ahead *ahead = run->ahead;
    struct coupled_stage first = {.most = INT64_MAX};
    if (!ahead->is_near && coupled_relax_again(run, &first, INT_MAX) != GLPK_DONE)
        return;
    ahead->is_near = 1;
    double before = relaxed_value(run), moved = LITTLE + 1;
    for (int n = 0; n < ROUNDS && moved > LITTLE && coupled_cuts_add(run); n++) {
        struct coupled_stage other = {.most = INT64_MAX};
        if (coupled_relax_again(run, &other, LONG + (int)run->model->n_rows / 2) != GLPK_DONE ||
            other.value >= wanted)
            return;
        moved = before - relaxed_value(run);
        before -= moved;
        coupled_cuts_rest(run, 0);
    }
}

static void look_briefly(struct coupled_run *run, int64_t wanted)
{
    coupled_search_between(run, wanted, FEW_NODES);
}

/* Among what the relaxation could have at no cost, too; without branching, and not for long. */
static void dive(struct coupled_run *run, int64_t wanted)
{
    struct budget whole = run->budget;
    int most = budget_work_left(&run->budget, DIVE);
    for (uint32_t j = 0; j < run->model->n_columns; j++)
        run->allowed[j] = run->best_x[j] || run->model->columns[j].lower > 0 ||
                          (run->allowed[j] &&
                           (glpk_mip_value(run->mip, j) > 0 || glpk_mip_is_basic(run->mip, j)));
    run->budget.work_limit = run->budget.work + most;
    coupled_search_first(run, wanted, 1);
    budget_widen(&run->budget, &whole);
}

static void look_well(struct coupled_run *run, int64_t wanted)
{
    round_off(run, wanted);
    if (coupled_run_value(run, run->best) < wanted)
        coupled_search_between(run, wanted, NODES);
}

static void turn_to(struct coupled_run *run, const int64_t *gain, unsigned char *alive)
{
    run->gain = gain;
    run->alive = alive;
    glpk_mip_objective(run->mip, gain);
    glpk_mip_set_alive(run->mip, alive);
}

/* Among the columns that a plan of the value stage->most, or less by `loss`, can contain. */
static void look(struct coupled_run *run, struct coupled_stage *stage, int64_t loss,
                 void (*way)(struct coupled_run *run, int64_t wanted))
{
    struct bound bound;
    const int64_t *gain = run->gain;
    unsigned char *alive = run->alive;
    if (!run->ahead || stage->is_proved)
        return;
    bound_init(&bound, run->model);
    bound_copy(&bound, &run->bound, run->model);
    for (uint32_t j = 0; j < run->model->n_columns; j++)
        run->allowed[j] = alive[j] && (run->model->columns[j].lower > 0 ||
                                       bound_allows_column(&bound, j, stage->most - loss));
    turn_to(run, run->ahead->gain, run->allowed);
    way(run, (stage->most - loss) * run->ahead->unit - run->ahead->margin);
    turn_to(run, gain, alive);
    bound_copy(&run->bound, &bound, run->model);
    bound_clear(&bound);
    coupled_run_weigh(run, stage);
}

void coupled_look_nearby(struct coupled_run *run, struct coupled_stage *stage)
{
    int64_t most = llabs(stage->most) / LOSS, loss = (stage->most - stage->value) / 2;
    look(run, stage, loss < most ? loss : most, dive);
    look(run, stage, 0, look_briefly);
}

void coupled_look_briefly(struct coupled_run *run, struct coupled_stage *stage)
{
    look(run, stage, 0, look_briefly);
}

void coupled_look_well(struct coupled_run *run, struct coupled_stage *stage)
{
    look(run, stage, 0, look_well);
}
