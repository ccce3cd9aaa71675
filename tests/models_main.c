/* models_main.c - all suites of models/ in one program. */
#include "tests/check.h"

#define SUITES(X)                                                                                  \
    X(assessment)                                                                                  \
    X(beside)                                                                                      \
    X(change)                                                                                      \
    X(csv)                                                                                         \
    X(fields)                                                                                      \
    X(geo)                                                                                         \
    X(household)                                                                                   \
    X(lifecycle)                                                                                   \
    X(list)                                                                                        \
    X(plan)                                                                                        \
    X(points)                                                                                      \
    X(policy)                                                                                      \
    X(record)                                                                                      \
    X(region)                                                                                      \
    X(record_json)                                                                                 \
    X(slices)                                                                                      \
    X(stamp)                                                                                       \
    X(travel_origins)                                                                              \
    X(world)
CHECK_MAIN(SUITES)
