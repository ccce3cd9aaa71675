/* check.c - see check.h. */
#include "tests/check.h"

#include <CUnit/Basic.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static size_t skipped;
static char *tmpdirs[256];
static size_t n_tmpdirs;
static pid_t owner;

void check_skip(const char *why)
{
    printf("\n    SKIP: %s\n", why);
    skipped++;
}

/* splitmix64 */
uint64_t check_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint64_t check_roll(uint64_t *state, uint64_t sides)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (*state >> 33) % sides;
}

uint64_t check_seed(uint64_t usual)
{
    const char *seed = getenv("ALMONER_SEED");
    return usual + (seed ? strtoull(seed, NULL, 10) : 0);
}

static const char *under(const char *folder, const char *name)
{
    static char path[PATH_MAX];
    const char *top = getenv("top_srcdir");
    if (!top)
        top = getenv("srcdir");
    snprintf(path, sizeof path, "%s/%s%s", top ? top : ".", folder, name);
    return path;
}

const char *check_source(const char *name)
{
    return under("", name);
}

const char *check_shared(const char *name)
{
    const char *path = under("../shared/data/", name);
    return access(path, R_OK) == 0 ? path : NULL;
}

static int remove_entry(const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
    (void)stat, (void)type, (void)ftw;
    return remove(path);
}

static void remove_tmpdirs(void)
{
    for (size_t i = 0; i < n_tmpdirs; i++) {
        if (getpid() == owner)
            nftw(tmpdirs[i], remove_entry, 16, FTW_DEPTH | FTW_PHYS);
        free(tmpdirs[i]);
    }
    n_tmpdirs = 0;
}

/* Sockets lie in these folders, and a socket's path has 107 bytes. */
static const char *tmp_base(void)
{
    enum { BASE_MAX = 60 };
    const char *base = getenv("TMPDIR");
    return base && strlen(base) <= BASE_MAX ? base : "/tmp";
}

char *check_tmpdir(void)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/almoner-test-XXXXXX", tmp_base());
    if (!mkdtemp(path) || n_tmpdirs == sizeof tmpdirs / sizeof *tmpdirs) {
        perror("check_tmpdir");
        exit(99);
    }
    if (n_tmpdirs == 0) {
        owner = getpid();
        atexit(remove_tmpdirs);
    }
    tmpdirs[n_tmpdirs++] = strdup(path);
    return strdup(path);
}

static void add_suite(const struct check_suite *suite, const char *only)
{
    CU_pSuite added = NULL;
    for (size_t i = 0; i < suite->n; i++) {
        if (only && strcmp(only, suite->name) != 0 && strcmp(only, suite->tests[i].name) != 0)
            continue;
        if (!added)
            added = CU_add_suite(suite->name, NULL, NULL);
        CU_add_test(added, suite->tests[i].name, suite->tests[i].run);
    }
}

int check_main(int argc, char **argv, const struct check_suite *const *suites, size_t n)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 99;
    for (size_t i = 0; i < n; i++)
        add_suite(suites[i], argc > 1 ? argv[1] : NULL);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned run = CU_get_number_of_tests_run(), failed = CU_get_number_of_tests_failed();
    unsigned suite_failed = CU_get_number_of_suites_failed();
    CU_cleanup_registry();
    printf("tests: %u passed, %u failed, %zu skipped\n", run - failed - (unsigned)skipped, failed,
           skipped);
    if (run == 0)
        return 99;
    return failed || suite_failed ? 1 : run == skipped ? 77 : 0;
}
