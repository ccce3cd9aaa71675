/* races_main.c - two daemons on one Redis: nobody shares a bed, whatever is asked. */
#include "tests/check.h"

#define SUITES(X)                                                                                  \
    X(races)                                                                                       \
    X(race_rounds)                                                                                 \
    X(stream)                                                                                      \
    X(each_command)
CHECK_MAIN(SUITES)
