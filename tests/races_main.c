/* races_main.c - two daemons on one Redis: nobody shares a bed. */
#include "tests/check.h"

extern const struct check_suite suite_races;

int main(int argc, char **argv)
{
    static const struct check_suite *const suites[] = {&suite_races};
    return check_main(argc, argv, suites, 1);
}
