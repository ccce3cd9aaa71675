/* coupled.c - see coupled.h. */
#include "solver/coupled.h"

#include "models/alloc.h"
#include "solver/coupled_large.h"
#include "solver/coupled_plan.h"
#include "solver/coupled_stage.h"
#include "solver/coupled_ties.h"
#include "solver/greedy.h"

#include <stdlib.h>
#include <string.h>

/* From so many people on a simplex over all of them takes minutes. */
enum { LARGE_PEOPLE = 4000 };
/* Without staff rows it begins at the network's optimum, which rooms bend little, and as many
 * households not much more. */
enum { MORE_PEOPLE = 30000, FEW_HOUSEHOLDS = 250 };
/* With them, and hardly any households. */
enum { STAFF_PEOPLE = 7000, STAFF_HOUSEHOLDS = 60 };

/* The relaxation has its part of the stage's until there is a plan. Where a limit ends it there is
 * one that is good in all objectives all the same; else the stage asks for one when it needs it. */
static void run_stage(struct coupled_run *run, const int64_t *gain, struct coupled_stage *stage)
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

static void run_stages(struct coupled_run *run, struct coupled_large *large,
                       struct coupled_result *result)
{
    result->status = PLAN_OPTIMAL;
    for (size_t k = 0; k < run->problem->n_objectives; k++) {
        struct coupled_stage stage;
        const int64_t *gain = run->gains[k] = model_gains(run->model, k);
        run->stage = k;
        if (run->proof)
            coupled_proof_begin(run->proof, k);
        struct budget whole = budget_narrow(&run->budget, large ? 100 : coupled_stage_percent(run));
        if (large)
            coupled_large_stage(large, gain, &stage);
        else
            run_stage(run, gain, &stage);
        budget_widen(&run->budget, &whole);
        coupled_stage_keep(run, &stage, k);
        result->bounds[k] =
            words_objective_is_max(run->problem->objectives[k]) ? stage.most : -stage.most;
        if (!stage.is_proved)
            result->status = PLAN_FEASIBLE;
    }
    run->proof = NULL;
    run->stage = run->problem->n_objectives;
}

/* 1, or 0 = it breaks a row. */
static int give_best(const struct coupled_run *run, struct coupled_result *result, uint32_t *chosen)
{
    const struct problem *problem = run->problem;
    if (!coupled_is_feasible(problem, run->best))
        return 0;
    memcpy(chosen, run->best, problem->n_people * sizeof *chosen);
    if (result->status != PLAN_OPTIMAL)
        greedy_label(problem, chosen);
    problem_values(problem, chosen, result->values);
    result->work = run->budget.work;
    return 1;
}

int coupled_solve_from(const struct problem *problem, const struct solver_options *options,
                       uint32_t large_people, const uint32_t *start, uint32_t *chosen,
                       struct coupled_result *result, struct alm_error *err)
{
    struct coupled_run run;
    struct coupled_large *large = NULL;
    struct coupled_plan plan = {0};
    *result = (struct coupled_result){0};
    coupled_run_init(&run, problem, options);
    coupled_proof_init(&result->proof, run.model);
    run.proof = &result->proof;
    coupled_stage_begin(&run, start);
    if (problem->n_people >= large_people && !run.is_reference) {
        large = coupled_large_new(&run);
        coupled_large_plan(large);
    } else {
        coupled_plan_init(&plan, &run);
        run.plan = run.is_reference ? NULL : &plan;
        coupled_stage_load(&run);
    }
    run_stages(&run, large, result);
    if (result->status == PLAN_OPTIMAL) {
        coupled_stage_load(&run);
        coupled_ties_settle(&run);
    }
    int holds = give_best(&run, result, chosen);
    coupled_large_free(large);
    coupled_plan_clear(&plan);
    coupled_run_clear(&run);
    return holds ? 0 : err_set(err, ERR_INTERNAL, "the plan of the round breaks one of its rows");
}

static uint32_t large_people(const struct problem *problem)
{
    if (problem->n_staff == 0 && problem->n_households <= FEW_HOUSEHOLDS)
        return MORE_PEOPLE;
    return problem->n_staff && problem->n_households <= STAFF_HOUSEHOLDS ? STAFF_PEOPLE
                                                                         : LARGE_PEOPLE;
}

int coupled_solve(const struct problem *problem, const struct solver_options *options,
                  const uint32_t *start, uint32_t *chosen, struct coupled_result *result,
                  struct alm_error *err)
{
    return coupled_solve_from(problem, options, large_people(problem), start, chosen, result, err);
}

int64_t coupled_improve(const struct problem *problem, const struct solver_options *options,
                        uint32_t *chosen)
{
    struct coupled_run run;
    struct coupled_plan plan = {0};
    struct coupled_result result;
    coupled_run_init(&run, problem, options);
    coupled_stage_begin(&run, chosen);
    if (problem->n_staff) {
        coupled_plan_init(&plan, &run);
        run.plan = &plan;
    }
    coupled_stage_load(&run);
    run_stages(&run, NULL, &result);
    memcpy(chosen, run.best, problem->n_people * sizeof *chosen);
    int64_t work = run.budget.work;
    coupled_plan_clear(&plan);
    coupled_run_clear(&run);
    return work;
}

void coupled_result_clear(struct coupled_result *result)
{
    coupled_proof_clear(&result->proof);
}

int coupled_is_feasible(const struct problem *problem, const uint32_t *chosen)
{
    struct model *model = model_new(problem);
    int64_t *x = alloc_zero(model->n_columns, sizeof *x);
    int holds = model_complete(model, chosen, x) == 0;
    for (uint32_t i = 0; i < problem->n_people && holds; i++)
        holds = chosen[i] != PROBLEM_NONE || problem->people[i].stay_pair == PROBLEM_NONE;
    free(x);
    model_free(model);
    return holds;
}
