/* scheduler_main.c - all suites of scheduler/ in one program. */
#include "tests/check.h"

#define SUITES(X)                                                                                  \
    X(config)                                                                                      \
    X(redis_child)                                                                                 \
    X(retention)                                                                                   \
    X(rounds)                                                                                      \
    X(worker)                                                                                      \
    X(writer)
CHECK_MAIN(SUITES)
