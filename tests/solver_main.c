/* solver_main.c - the suites of tests/test_solver. */
#include "tests/check.h"

#define SUITES(X)                                                                                  \
    X(bound_homes)                                                                                 \
    X(budget)                                                                                      \
    X(compare)                                                                                     \
    X(confirm)                                                                                     \
    X(coupled)                                                                                     \
    X(coupled_large)                                                                               \
    X(cuts)                                                                                        \
    X(descent)                                                                                     \
    X(descent_polish)                                                                              \
    X(descent_ways)                                                                                \
    X(eligibility)                                                                                 \
    X(explain)                                                                                     \
    X(families)                                                                                    \
    X(export)                                                                                      \
    X(forgery)                                                                                     \
    X(greatest)                                                                                    \
    X(hostile)                                                                                     \
    X(knapsack)                                                                                    \
    X(least)                                                                                       \
    X(matroid)                                                                                     \
    X(network)                                                                                     \
    X(offers)                                                                                      \
    X(prices)                                                                                      \
    X(problem)                                                                                     \
    X(problem_pairs)                                                                               \
    X(repair)                                                                                      \
    X(repair_rows)                                                                                 \
    X(solver)                                                                                      \
    X(ties)                                                                                        \
    X(transport)                                                                                   \
    X(tree)                                                                                        \
    X(verify)                                                                                      \
    X(warm)                                                                                        \
    X(verify_guests)                                                                               \
    X(verify_look)                                                                                 \
    X(verify_ties)                                                                                 \
    X(worlds)                                                                                      \
    X(worth)
CHECK_MAIN(SUITES)
