/* solver_main.c - the suites of tests/test_solver. */
#include "tests/check.h"

extern const struct check_suite suite_coupled;
extern const struct check_suite suite_eligibility;
extern const struct check_suite suite_explain;
extern const struct check_suite suite_export;
extern const struct check_suite suite_network;
extern const struct check_suite suite_prices;
extern const struct check_suite suite_problem;
extern const struct check_suite suite_solver;
extern const struct check_suite suite_ties;
extern const struct check_suite suite_verify;
extern const struct check_suite suite_worlds;

int main(int argc, char **argv)
{
    static const struct check_suite *const suites[] = {
        &suite_coupled, &suite_eligibility, &suite_explain, &suite_export,
        &suite_network, &suite_prices,      &suite_problem, &suite_solver,
        &suite_ties,    &suite_verify,      &suite_worlds,
    };
    return check_main(argc, argv, suites, sizeof suites / sizeof *suites);
}
