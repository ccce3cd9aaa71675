/* coupled.h - a round with coupled rows (households, staff minutes, rooms), stage after stage by
 * integer programming. The rules in words: docs/solver-coupled.md.
 *
 * Owns the order of the stages and which way a round goes, small or large. Delegates: one stage,
 * the incumbent and what is proved to coupled_stage.h, large rounds to coupled_large.h, rows and
 * columns to model.h. Always holds: `chosen` satisfies every row, in integers, whatever GLPK says.
 */
#ifndef ALMONER_COUPLED_H
#define ALMONER_COUPLED_H

#include "solver/coupled_proof.h"
#include "solver/problem.h"
#include "solver/solver_options.h"

struct coupled_result {
    enum plan_status status;         /* OPTIMAL = every stage proved */
    int64_t values[OBJECTIVE_COUNT]; /* as the contract states them (minimised ones positive) */
    int64_t bounds[OBJECTIVE_COUNT]; /* = values where proved; after an unproved stage a bound holds
                                        for plans that equal this one in the objectives before */
    struct coupled_proof proof;      /* prices for the bounds of the relaxations */
    int64_t work; /* simplex iterations + nodes: deterministic without time_limit_s */
};

/* `start` (may be NULL): an assignment to begin with (pair per person, PROBLEM_NONE = unplaced);
 * one that breaks a row is ignored. `chosen` (n_people) receives the plan. Uses time_limit_s and
 * work_limit of the options; when one is hit, or GLPK fails, the best plan found is returned with
 * status FEASIBLE. -1 (INTERNAL) when that would break a row. */
int coupled_solve(const struct problem *problem, const struct solver_options *options,
                  const uint32_t *start, uint32_t *chosen, struct coupled_result *result,
                  struct alm_error *err);

/* The same with the way of large rounds from `large_people` people on: for tests. */
int coupled_solve_from(const struct problem *problem, const struct solver_options *options,
                       uint32_t large_people, const uint32_t *start, uint32_t *chosen,
                       struct coupled_result *result, struct alm_error *err);

void coupled_result_clear(struct coupled_result *result);

/* 1 when the assignment satisfies every row of the round: one pair per person, parts, households,
 * staff, rooms. In integers; also for rounds without coupled rows. */
int coupled_is_feasible(const struct problem *problem, const uint32_t *chosen);

#endif
