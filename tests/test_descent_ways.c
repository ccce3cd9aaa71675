/* test_descent_ways.c - how many of each class a home takes at most and how likely, against a fool
 * who weighs every number of everybody. */
#include "solver/descent_ways.h"

#include "tests/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS = 2, CLASSES = 3, ALL = PARTS * CLASSES, PEOPLE = 3, HOMES = 3000 };
static const double HEAT = 4, REACH = 20;

struct home {
    struct descent_ways_home ways;
    struct descent_ways_part parts[PARTS];
    struct descent_ways_class classes[ALL];
    double sums[ALL][PEOPLE + 1], mixes[ALL][PEOPLE + 1], chances[ALL][PEOPLE + 1];
};

struct fool {
    const struct home *home;
    double best, sum, chances[ALL][PEOPLE + 1];
    size_t taken[ALL];
};

static size_t draw(uint64_t *seed, size_t most)
{
    return check_roll(seed, most + 1);
}

/* Sums of the best, who are worth less and less, some of them less than nothing. */
static void draw_home(struct home *home, uint64_t seed)
{
    home->ways = (struct descent_ways_home){draw(&seed, 9), home->parts, PARTS};
    for (int p = 0; p < PARTS; p++) {
        struct descent_ways_class *classes = home->classes + p * CLASSES;
        home->parts[p] = (struct descent_ways_part){draw(&seed, 3), classes, CLASSES};
        for (int c = 0; c < CLASSES; c++) {
            double worth = (double)draw(&seed, 300) / 10, *sum = home->sums[p * CLASSES + c];
            classes[c] = (struct descent_ways_class){draw(&seed, 5), PEOPLE, sum, 0, 0, NULL, NULL};
            classes[c].chance = home->chances[p * CLASSES + c];
            sum[0] = 0;
            for (int k = 0; k < PEOPLE; k++, worth -= (double)draw(&seed, 200) / 10)
                sum[k + 1] = sum[k] + worth;
            for (int k = 0; k <= PEOPLE; k++)
                home->mixes[p * CLASSES + c][k] = 1 + (double)draw(&seed, 20) / 10;
        }
    }
}

static void weigh_all(struct fool *fool, size_t at, size_t beds, size_t limit, double worth,
                      double mixes)
{
    const struct home *home = fool->home;
    if (at == ALL) {
        double weight = mixes * exp(worth / HEAT);
        fool->best = worth > fool->best ? worth : fool->best;
        fool->sum += weight;
        for (size_t c = 0; c < ALL; c++)
            fool->chances[c][fool->taken[c]] += weight;
        return;
    }
    if (at % CLASSES == 0)
        beds = home->parts[at / CLASSES].beds;
    size_t size = home->classes[at].size;
    for (size_t k = 0; k <= PEOPLE && k <= beds && k * size <= limit; k++) {
        fool->taken[at] = k;
        weigh_all(fool, at + 1, beds - k, limit - k * size, worth + home->sums[at][k],
                  mixes * home->mixes[at][k]);
    }
}

/* Returns 0 where some way was left out. */
static int compare(struct home *home, struct descent_ways *ways, double reach, double near)
{
    struct fool fool = {.home = home};
    int is_same = 1;
    weigh_all(&fool, 0, 0, home->ways.limit, 0, 1);
    double best = descent_ways_find(ways, &home->ways, reach);
    CU_ASSERT_DOUBLE_EQUAL(best, fool.best, 1e-9);
    for (size_t c = 0; c < ALL; c++)
        home->classes[c].mixes = home->mixes[c] + home->classes[c].first;
    descent_ways_weigh(ways, HEAT);
    for (size_t c = 0; c < ALL; c++) {
        const struct descent_ways_class *class = &home->classes[c];
        for (size_t k = 0; k <= PEOPLE; k++) {
            int is_in = k >= class->first && k <= class->last;
            double chance = is_in ? class->chance[k - class->first] : 0;
            is_same &= fabs(chance - fool.chances[c][k] / fool.sum) < near;
        }
    }
    return is_same;
}

static void test_as_a_fool_weighs(void)
{
    struct descent_ways *ways = descent_ways_new();
    struct home home;
    int n_same = 0, n_far = 0;
    for (uint64_t seed = 0; seed < HOMES; seed++) {
        draw_home(&home, seed);
        n_same += compare(&home, ways, REACH * HEAT, 1e-5);
        n_far += !compare(&home, ways, HEAT / 2, 1e-5);
    }
    descent_ways_free(ways);
    CU_ASSERT_EQUAL(n_same, HOMES);
    CU_ASSERT_TRUE(n_far > HOMES / 2); /* ways that matter can be missing, and are missed */
}

static const struct check_test tests[] = {{"as_a_fool_weighs", test_as_a_fool_weighs}};

CHECK_SUITE(suite_descent_ways, tests);
