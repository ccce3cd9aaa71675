/* scheduler_main.c - all suites of scheduler/ in one program. */
#include "tests/check.h"

#define SUITES(X)                                                                                  \
    X(config)                                                                                      \
    X(redis_child)                                                                                 \
    X(rounds)                                                                                      \
    X(worker)                                                                                      \
    X(writer)

#define SUITE_EXTERN(name) extern const struct check_suite suite_##name;
SUITES(SUITE_EXTERN)

int main(int argc, char **argv)
{
#define SUITE_ADDRESS(name) &suite_##name,
    static const struct check_suite *const suites[] = {SUITES(SUITE_ADDRESS)};
    return check_main(argc, argv, suites, sizeof suites / sizeof *suites);
}
