/* store_main.c - the tests of store/. */
#include "tests/check.h"

#define SUITES(X)                                                                                  \
    X(seal)                                                                                        \
    X(token)                                                                                       \
    X(world_files)                                                                                 \
    X(store_contract)                                                                              \
    X(redis_store)                                                                                 \
    X(redis_recovery)                                                                              \
    X(last_bed)
CHECK_MAIN(SUITES)
