/* usecases_main.c - the tests of scheduler/usecases/. */
#include "tests/check.h"

extern const struct check_suite suite_admit, suite_intake, suite_offer, suite_placement, suite_walk;

int main(int argc, char **argv)
{
    const struct check_suite *const suites[] = {&suite_intake, &suite_offer, &suite_admit,
                                                &suite_placement, &suite_walk};
    return check_main(argc, argv, suites, sizeof suites / sizeof *suites);
}
