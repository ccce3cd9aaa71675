/* races_main.c - two daemons on one Redis: nobody shares a bed. */
#include "tests/check.h"

#define SUITES(X)                                                                                  \
    X(races)                                                                                       \
    X(race_rounds)
CHECK_MAIN(SUITES)
