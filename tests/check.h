/* check.h - what every test program shares: a table of suites in, an exit code from the failure
 * count out. */
#ifndef ALMONER_CHECK_H
#define ALMONER_CHECK_H

#include <CUnit/CUnit.h>
#include <stddef.h>
#include <stdint.h>

struct check_test {
    const char *name;
    void (*run)(void);
};

struct check_suite {
    const char *name;
    const struct check_test *tests;
    size_t n;
};

#define CHECK_SUITE(suite, list)                                                                   \
    const struct check_suite suite = {#suite, list, sizeof list / sizeof list[0]}

/* main() of a test program; SUITES(X) is the list of its suites, X(name) each. */
#define CHECK_EXTERN(name) extern const struct check_suite suite_##name;
#define CHECK_ADDRESS(name) &suite_##name,
#define CHECK_MAIN(SUITES)                                                                         \
    SUITES(CHECK_EXTERN)                                                                           \
    int main(int argc, char **argv)                                                                \
    {                                                                                              \
        static const struct check_suite *const suites[] = {SUITES(CHECK_ADDRESS)};                 \
        return check_main(argc, argv, suites, sizeof suites / sizeof *suites);                     \
    }

/* Runs the suites (argv[1] = only the suite or test with that name); 0 when nothing failed, 77 when
 * a test said check_skip and nothing failed and nothing else ran, else 1. CUnit's own exit code is
 * not used. */
int check_main(int argc, char **argv, const struct check_suite *const *suites, size_t n);

void check_skip(const char *why); /* prints "SKIP: why"; the test then returns */
/* For what is drawn: the environment's ALMONER_SEED (0 unless said) is added to the usual seed, so
 * that the same tests meet other worlds, lives and races. */
uint64_t check_seed(uint64_t usual);
/* The next number of a stream, the same on every machine; and one of another stream below `sides`
 * (at most 2^31). */
uint64_t check_random(uint64_t *state);
uint64_t check_roll(uint64_t *state, uint64_t sides);
/* Path of ../shared/data/<name> beside the source tree, or NULL when it is not there. Static
 * buffer. */
const char *check_shared(const char *name);
/* Path of a file of the source tree (tests run from the build folder). Static buffer. */
const char *check_source(const char *name);
/* A fresh folder below TMPDIR (/tmp where that is too long for a socket's path), removed with all
 * it holds when the program ends. */
char *check_tmpdir(void); /* caller frees the text */

#endif
