/* models_main.c - all suites of models/ in one program. */
#include "tests/check.h"

#define SUITES(X)                                                                                  \
    X(assessment)                                                                                  \
    X(change)                                                                                      \
    X(csv)                                                                                         \
    X(fields)                                                                                      \
    X(geo)                                                                                         \
    X(household)                                                                                   \
    X(lifecycle)                                                                                   \
    X(list)                                                                                        \
    X(plan)                                                                                        \
    X(points)                                                                                      \
    X(policy)                                                                                      \
    X(record)                                                                                      \
    X(region)                                                                                      \
    X(record_json)                                                                                 \
    X(stamp)                                                                                       \
    X(world)

#define SUITE_EXTERN(name) extern const struct check_suite suite_##name;
SUITES(SUITE_EXTERN)

int main(int argc, char **argv)
{
#define SUITE_ADDRESS(name) &suite_##name,
    static const struct check_suite *const suites[] = {SUITES(SUITE_ADDRESS)};
    return check_main(argc, argv, suites, sizeof suites / sizeof *suites);
}
