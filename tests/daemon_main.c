/* daemon_main.c - tests of the real almonerd, from outside. */
#include "tests/check.h"

extern const struct check_suite suite_daemon;

int main(int argc, char **argv)
{
    static const struct check_suite *const suites[] = {&suite_daemon};
    return check_main(argc, argv, suites, 1);
}
