/* coupled_stage.c - see coupled_stage.h. */
#include "solver/coupled_stage.h"

#include "solver/coupled_ahead.h"
#include "solver/coupled_basis.h"
#include "solver/coupled_cuts.h"
#include "solver/coupled_look.h"
#include "solver/coupled_plan.h"
#include "solver/coupled_reference.h"
#include "solver/coupled_relax.h"
#include "solver/coupled_search.h"

#include <limits.h>

/* CUTS_PERCENT: of what a limit leaves a stage, before there is a plan by small changes. */
enum { FEW_ITERATIONS = 50, STAGE_PERCENT = 50, CUTS_PERCENT = 50, SHAKES = 2 };

/* What cannot be proved leaves time to what follows. */
int coupled_stage_percent(const struct coupled_run *run)
{
    return coupled_run_is_last(run) ? 100 : STAGE_PERCENT;
}

static void find_plan(struct coupled_run *run, struct coupled_stage *stage)
{
    if (stage->is_proved || !run->plan)
        return;
    coupled_plan_find(run->plan);
    coupled_run_weigh(run, stage);
}

static void shake(struct coupled_run *run, struct coupled_stage *stage, int shakes)
{
    if (stage->is_proved)
        return;
    coupled_plan_shake(run->plan, shakes);
    coupled_run_weigh(run, stage);
}

/* The first stage's plan is a rough one until a look from it fails. To shake it takes less time
 * than to search all columns, and often ends at the bound's value. Where no stage comes after, to
 * which more cuts and a good plan would be of use too, short looks from an even rougher one come
 * before them. */
static void look_from_rough(struct coupled_run *run, struct coupled_stage *stage)
{
    if (stage->is_proved)
        return;
    coupled_plan_begin(run->plan);
    coupled_run_weigh(run, stage);
    if (!coupled_run_is_last(run)) {
        coupled_look_well(run, stage);
        shake(run, stage, SHAKES);
        return;
    }
    for (int shakes = 0; shakes < SHAKES; shakes++) {
        coupled_look_briefly(run, stage);
        shake(run, stage, shakes);
    }
    coupled_look_briefly(run, stage);
    coupled_look_well(run, stage);
}

/* With staff rows the relaxation with its cuts, or what it and a plan have, mostly leads to a plan
 * of just the bound's value. */
static void look_ahead(struct coupled_run *run, struct coupled_stage *stage)
{
    if (run->plan && run->stage == 0) {
        look_from_rough(run, stage);
    } else {
        find_plan(run, stage);
        coupled_look_well(run, stage);
    }
}

/* Where no stage comes after, cuts end as soon as there is a plan as good as the bound. */
static void look_early(struct coupled_run *run, struct coupled_stage *stage)
{
    coupled_plan_begin(run->plan);
    coupled_run_weigh(run, stage);
    coupled_look_nearby(run, stage);
}

static int looks_early(const struct coupled_run *run)
{
    return run->plan && run->stage == 0 && coupled_run_is_last(run) &&
           !coupled_run_has_network(run);
}

/* What searches have ruled out is no part of a certificate. */
static void settle_with_cuts(struct coupled_run *run, struct coupled_stage *stage)
{
    unsigned char *alive = run->alive;
    struct budget whole = budget_narrow(&run->budget, run->plan ? CUTS_PERCENT : 100);
    if (run->plan)
        coupled_plan_see(run->plan);
    if (coupled_run_has_network(run))
        find_plan(run, stage);
    run->alive = run->reached;
    glpk_mip_set_alive(run->mip, run->alive);
    if (!stage->is_proved)
        coupled_cuts_tighten(run, stage, looks_early(run) ? look_early : NULL);
    budget_widen(&run->budget, &whole);
    if (!coupled_run_has_network(run))
        look_ahead(run, stage);
    run->alive = alive;
    if (!stage->is_proved)
        coupled_search_settle(run, stage, coupled_run_has_network(run) ? NULL : coupled_look_well);
}

/* Where the stage before ended is often an optimum of this one too; else from the network's, whose
 * prices may prove what there is. 1 = the relaxation is solved. */
static int relax_stage(struct coupled_run *run, struct coupled_stage *stage)
{
    if (!coupled_run_has_network(run)) {
        coupled_ahead_relax(run, INT_MAX);
        return coupled_relax_again(run, stage, INT_MAX) == GLPK_DONE;
    }
    if (glpk_mip_is_near(run->mip) && coupled_relax_again(run, stage, FEW_ITERATIONS) == GLPK_DONE)
        return 1;
    if (!stage->is_proved && coupled_basis_begin(run, run->duals))
        coupled_run_see(run, stage, run->duals);
    return !stage->is_proved && coupled_relax_again(run, stage, INT_MAX) == GLPK_DONE;
}

static void begin(struct coupled_run *run, const int64_t *gain, struct coupled_stage *stage)
{
    *stage = (struct coupled_stage){.most = INT64_MAX};
    run->gain = gain;
    run->uses_cuts = 0;
    glpk_mip_use_cuts(run->mip, 0);
    coupled_ahead_begin(run);
    glpk_mip_objective(run->mip, gain);
}

void coupled_stage_relax(struct coupled_run *run, const int64_t *gain, struct coupled_stage *stage)
{
    begin(run, gain, stage);
    coupled_run_see_plain(run, stage, NULL);
    coupled_run_weigh(run, stage);
    if (!stage->is_proved)
        stage->is_relaxed = relax_stage(run, stage);
}

void coupled_stage_settle(struct coupled_run *run, struct coupled_stage *stage)
{
    coupled_run_weigh(run, stage);
    if (!stage->is_proved && stage->is_relaxed) {
        if (run->is_reference)
            coupled_reference_settle(run, stage);
        else
            settle_with_cuts(run, stage);
    }
    if (stage->is_proved)
        stage->most = stage->value;
}

void coupled_stage_run(struct coupled_run *run, const int64_t *gain, struct coupled_stage *stage)
{
    coupled_stage_relax(run, gain, stage);
    coupled_stage_settle(run, stage);
}

/* The relaxation has its part of the stage's until there is a plan. Where a limit ends it there is
 * one that is good in all objectives all the same; else the stage asks for one when it needs it. */
static void solve(struct coupled_run *run, const int64_t *gain, struct coupled_stage *stage)
{
    struct budget whole = budget_narrow(&run->budget, run->plan ? COUPLED_RELAX_PERCENT : 100);
    coupled_stage_relax(run, gain, stage);
    budget_widen(&run->budget, &whole);
    if (run->plan && !stage->is_proved && !stage->is_relaxed) {
        coupled_plan_find(run->plan);
        coupled_stage_relax(run, gain, stage);
    }
    coupled_stage_settle(run, stage);
}

void coupled_stage_solve(struct coupled_run *run, const int64_t *gain, struct coupled_stage *stage)
{
    struct budget whole = budget_narrow(&run->budget, coupled_stage_percent(run));
    solve(run, gain, stage);
    budget_widen(&run->budget, &whole);
}
