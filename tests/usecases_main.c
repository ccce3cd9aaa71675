/* usecases_main.c - the tests of scheduler/usecases/. */
#include "tests/check.h"

#define SUITES(X)                                                                                  \
    X(admit)                                                                                       \
    X(erase)                                                                                       \
    X(intake)                                                                                      \
    X(offer)                                                                                       \
    X(placement)                                                                                   \
    X(walk)
CHECK_MAIN(SUITES)
