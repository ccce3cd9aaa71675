/* store_main.c - the tests of store/. */
#include "tests/check.h"

extern const struct check_suite suite_store_contract;

int main(int argc, char **argv)
{
    static const struct check_suite *const suites[] = {&suite_store_contract};
    return check_main(argc, argv, suites, sizeof suites / sizeof *suites);
}
