/* test_knapsack.c - what a home can take at most, against a fool who tries every number of
 * everybody.
 */
#include "solver/knapsack.h"

#include "tests/check.h"

#include <stdlib.h>

enum { PARTS = 2, CLASSES = 3, PEOPLE = 3 };

struct home {
    struct knapsack knapsack;
    struct knapsack_part parts[PARTS];
    struct knapsack_class classes[PARTS * CLASSES];
    int64_t sums[PARTS * CLASSES][PEOPLE + 1];
};

static int64_t draw(uint64_t *seed, int64_t most)
{
    return (int64_t)check_roll(seed, (uint64_t)most + 1);
}

/* Sums of the best, who are worth less and less, some of them less than nothing. */
static void draw_home(struct home *home, uint64_t seed)
{
    home->knapsack = (struct knapsack){(size_t)draw(&seed, 9), home->parts, PARTS};
    for (int p = 0; p < PARTS; p++) {
        struct knapsack_class *classes = home->classes + p * CLASSES;
        home->parts[p] = (struct knapsack_part){(size_t)draw(&seed, 3), classes, CLASSES};
        for (int c = 0; c < CLASSES; c++) {
            int64_t worth = draw(&seed, 30), *sum = home->sums[p * CLASSES + c];
            classes[c] = (struct knapsack_class){draw(&seed, 5), PEOPLE, sum};
            sum[0] = 0;
            for (int k = 0; k < PEOPLE; k++, worth -= draw(&seed, 20))
                sum[k + 1] = sum[k] + worth;
        }
    }
}

/* Everybody of the class at `at` and those after it, any number of them. */
static int64_t try_all(const struct home *home, int at, size_t beds, size_t limit)
{
    int part = at / CLASSES;
    int64_t best = INT64_MIN;
    if (at == PARTS * CLASSES)
        return 0;
    if (at % CLASSES == 0)
        beds = home->parts[part].beds;
    for (size_t k = 0; k <= PEOPLE && k <= beds; k++) {
        size_t used = k * (size_t)home->classes[at].size;
        if (used > limit)
            break;
        int64_t now = home->classes[at].sum[k] + try_all(home, at + 1, beds - k, limit - used);
        best = now > best ? now : best;
    }
    return best;
}

static void test_most(void)
{
    struct knapsack_table table = {0};
    int64_t n_scarce = 0;
    for (uint64_t seed = 0; seed < 3000; seed++) {
        struct home home;
        draw_home(&home, seed);
        int64_t most = knapsack_most(&home.knapsack, &table);
        CU_ASSERT_FALSE(knapsack_is_large(&home.knapsack));
        CU_ASSERT_EQUAL(most, try_all(&home, 0, 0, home.knapsack.limit));
        n_scarce += most < try_all(&home, 0, 0, home.knapsack.limit + 1);
    }
    CU_ASSERT_TRUE(n_scarce > 500);
    free(table.value);
}

static void test_large(void)
{
    struct knapsack_part part = {.beds = 100};
    struct knapsack knapsack = {.limit = 1000, .parts = &part, .n_parts = 1};
    CU_ASSERT_FALSE(knapsack_is_large(&knapsack));
    knapsack.limit = 100000;
    CU_ASSERT_TRUE(knapsack_is_large(&knapsack));
    knapsack.limit = 1;
    part.beds = 5000;
    CU_ASSERT_TRUE(knapsack_is_large(&knapsack));
}

static const struct check_test tests[] = {{"most", test_most}, {"large", test_large}};
CHECK_SUITE(suite_knapsack, tests);
