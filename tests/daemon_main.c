/* daemon_main.c - tests of the real almonerd, from outside. */
#include "tests/check.h"

#define SUITES(X) X(daemon)
CHECK_MAIN(SUITES)
