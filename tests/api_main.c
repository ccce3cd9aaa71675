/* api_main.c - all suites of api/ in one program. */
#include "tests/check.h"

#define SUITES(X)                                                                                  \
    X(api)                                                                                         \
    X(erasing)                                                                                     \
    X(explanation)                                                                                 \
    X(gate)                                                                                        \
    X(routes)                                                                                      \
    X(bad_input)                                                                                   \
    X(http)                                                                                        \
    X(limits)                                                                                      \
    X(matrix)                                                                                      \
    X(reading)                                                                                     \
    X(retries)                                                                                     \
    X(travel)
CHECK_MAIN(SUITES)
