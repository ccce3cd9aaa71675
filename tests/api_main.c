/* api_main.c - all suites of api/ in one program. */
#include "tests/check.h"

#define SUITES(X)                                                                                  \
    X(api)                                                                                         \
    X(explanation)                                                                                 \
    X(gate)                                                                                        \
    X(routes)                                                                                      \
    X(bad_input)                                                                                   \
    X(http)                                                                                        \
    X(limits)                                                                                      \
    X(matrix)                                                                                      \
    X(retries)

#define SUITE_EXTERN(name) extern const struct check_suite suite_##name;
SUITES(SUITE_EXTERN)

int main(int argc, char **argv)
{
#define SUITE_ADDRESS(name) &suite_##name,
    static const struct check_suite *const suites[] = {SUITES(SUITE_ADDRESS)};
    return check_main(argc, argv, suites, sizeof suites / sizeof *suites);
}
