/* solver_options.h - how a round is to be solved: by which engine, within which limits, from where.
 */
#ifndef ALMONER_SOLVER_OPTIONS_H
#define ALMONER_SOLVER_OPTIONS_H

#include <stdint.h>

struct certificate;
struct plan;

enum solver_engine { SOLVER_AUTO, SOLVER_GLPK, SOLVER_GREEDY };

struct solver_options {
    enum solver_engine engine;
    double time_limit_s; /* 0 = none; a wall clock: the result may differ from run to run */
    int64_t work_limit;  /* 0 = none; in the units of budget.h: deterministic */
    /* Of the round before, each may be NULL: where a network round starts. They save time and
     * change nothing else, unless a limit ends the solve before it is proved. */
    const struct plan *last_plan;
    const struct certificate *last_certificate;
};

#endif
