/* network.h - a round without coupled rows, solved exactly: stage after stage on the face of the
 * one before, proved by integer prices, then the ties. The theory: docs/solver.md. */
#ifndef ALMONER_NETWORK_H
#define ALMONER_NETWORK_H

#include "solver/greatest.h"
#include "solver/problem.h"
#include "solver/solver_options.h"

struct network_result {
    enum plan_status status;            /* OPTIMAL = every stage proved, ties settled */
    int64_t values[OBJECTIVE_COUNT];    /* as the contract states them (minimised ones positive) */
    int64_t bounds[OBJECTIVE_COUNT];    /* = values where proved; after an unproved stage for plans
                                           that equal this one in the objectives before the first
                                           unproved one */
    int64_t *part_price, *person_price; /* least prices, n_objectives each, all as maximisation;
                                           NULL unless OPTIMAL */
    int64_t *bound_price;               /* unless OPTIMAL: prices of parts, n_objectives each, that
                                           give the bounds, each objective on the face before it */
    int is_confirmed;                   /* GLPK, being the engine, called every stage optimal */
    int64_t work;                       /* simplex iterations and integer improvements */
    struct greatest greatest;           /* the greatest prices, where has_greatest */
    int has_greatest;                   /* found on the way, in a round that was repaired */
};

/* `chosen` (n_people) receives the plan: a pair per person, PROBLEM_NONE = unplaced. -1 (INTERNAL)
 * when the integers contradict themselves. */
int network_solve(const struct problem *problem, const struct solver_options *options,
                  uint32_t *chosen, struct network_result *result, struct alm_error *err);
void network_result_clear(struct network_result *result);

/* Bounds that need no solving, and their prices, of a plan that somebody else makes: everyone in
 * the pool where they count most, at one price for all beds. Rows that couple people only take
 * plans away. The rest of the result stays empty. */
void network_plain_bounds(const struct problem *problem, struct network_result *result);

#endif
