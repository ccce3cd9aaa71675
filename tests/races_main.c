/* races_main.c - two daemons on one Redis: nobody shares a bed. */
#include "tests/check.h"

extern const struct check_suite suite_races, suite_race_rounds;

int main(int argc, char **argv)
{
    static const struct check_suite *const suites[] = {&suite_races, &suite_race_rounds};
    return check_main(argc, argv, suites, 2);
}
