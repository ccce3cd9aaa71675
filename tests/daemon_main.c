/* daemon_main.c - tests of the real almonerd, from outside. */
#include "tests/check.h"

#define SUITES(X) X(daemon) X(daemon_pair) X(daemon_retention)
CHECK_MAIN(SUITES)
