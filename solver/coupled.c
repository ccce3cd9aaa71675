/* coupled.c - see coupled.h. */
#include "solver/coupled.h"

#include "models/alloc.h"
#include "solver/coupled_large.h"
#include "solver/coupled_plan.h"
#include "solver/coupled_relax.h"
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

static void run_stages(struct coupled_run *run, struct coupled_large *large,
                       struct coupled_result *result)
{
    result->status = PLAN_OPTIMAL;
    for (size_t k = 0; k < run->problem->n_objectives; k++) {
        struct coupled_stage stage;
        coupled_run_turn(run, k);
        if (large)
            coupled_large_stage(large, run->gains[k], &stage);
        else
            coupled_stage_solve(run, run->gains[k], &stage);
        coupled_run_keep(run, &stage, k);
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
    coupled_run_begin(&run, start);
    if (problem->n_people >= large_people && !run.is_reference) {
        large = coupled_large_new(&run);
        coupled_large_plan(large);
    } else {
        coupled_plan_init(&plan, &run);
        run.plan = run.is_reference ? NULL : &plan;
        coupled_relax_load(&run);
    }
    run_stages(&run, large, result);
    if (result->status == PLAN_OPTIMAL) {
        coupled_relax_load(&run);
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
