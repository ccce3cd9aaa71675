/* test_families.c - rounds of families of whom none differs from the others: nothing says which one
 * comes, only how many can, and that is counted here by trying all mixtures per home. */
#include "solver/coupled.h"

#include "models/alloc.h"
#include "tests/check.h"
#include "tests/coupled_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* WORK: what a proof may take; trying one family after the other takes more. */
enum { WORLDS = 150, FAMILIES = 14, HOMES = 12, SIZES = 4, WORK = 20000 };

struct mixture {
    int64_t beds[HOMES]; /* of each home, whatever the pools */
    int n_homes;
    int64_t families[SIZES]; /* by size */
};

/* Those of two and three who can come to the homes from `home` on, and people alone to what is left
 * of all beds: the most people. */
static int64_t most_people(struct mixture *mixture, int home, int64_t left)
{
    int64_t most = 0;
    if (home == mixture->n_homes)
        return left < mixture->families[1] ? left : mixture->families[1];
    for (int64_t threes = 0; 3 * threes <= mixture->beds[home]; threes++)
        for (int64_t twos = 0; 3 * threes + 2 * twos <= mixture->beds[home]; twos++) {
            if (threes > mixture->families[3] || twos > mixture->families[2])
                continue;
            int64_t taken = 3 * threes + 2 * twos;
            mixture->families[3] -= threes;
            mixture->families[2] -= twos;
            int64_t sum =
                taken + most_people(mixture, home + 1, left + mixture->beds[home] - taken);
            mixture->families[3] += threes;
            mixture->families[2] += twos;
            most = sum > most ? sum : most;
        }
    return most;
}

static void read_mixture(const struct problem *problem, struct mixture *mixture)
{
    *mixture = (struct mixture){0};
    for (uint32_t part = 0; part < problem->n_parts; part++) {
        if (part == 0 || problem->parts[part].institution != problem->parts[part - 1].institution)
            mixture->n_homes++;
        mixture->beds[mixture->n_homes - 1] += problem->parts[part].capacity;
    }
    for (uint32_t i = 0; i < problem->n_people; i++)
        mixture->families[1] += problem->people[i].household == PROBLEM_NONE;
    for (size_t h = 0; h < problem->n_households; h++)
        mixture->families[problem->households[h].n]++;
}

/* How many are placed where it is proved that none has more need; -1 = it is not. */
static int64_t count_placed(uint64_t seed, const struct problem *problem)
{
    struct coupled_result result;
    struct solver_options options = {.work_limit = WORK};
    uint32_t *chosen = alloc_zero(problem->n_people, sizeof *chosen);
    int64_t placed = 0;
    CU_ASSERT_EQUAL(coupled_solve(problem, &options, NULL, chosen, &result, NULL), 0);
    for (uint32_t i = 0; i < problem->n_people; i++)
        placed += chosen[i] != PROBLEM_NONE;
    for (size_t k = 0; k < problem->n_objectives; k++)
        if (problem->objectives[k] == OBJECTIVE_NEED && result.values[k] != result.bounds[k]) {
            printf("\n    families %d: %d placed, not proved\n", (int)seed, (int)placed);
            placed = -1;
        }
    coupled_result_clear(&result);
    free(chosen);
    return placed;
}

/* As many are placed as can be, and it is proved. */
static int solve(uint64_t seed, const struct problem *problem)
{
    struct mixture mixture;
    read_mixture(problem, &mixture);
    return count_placed(seed, problem) == most_people(&mixture, 0, 0);
}

static void test_mixtures(void)
{
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        struct coupled_world world;
        coupled_world_families(&world, seed, FAMILIES);
        struct problem *problem = coupled_world_problem(&world);
        CU_ASSERT_TRUE(solve(seed, problem));
        problem_free(problem);
        coupled_world_clear(&world);
    }
}

/* Homes of three beds for couples: half a couple in each is the best that fractions can do. */
static void test_odd_beds(void)
{
    static const struct {
        int twos, threes, alone, homes;
        int64_t beds;
    } rounds[] = {{12, 0, 0, 4, 3}, {20, 0, 0, 6, 3}, {12, 0, 3, 4, 3}, {12, 4, 0, 5, 3},
                  {4, 8, 0, 4, 4},  {40, 0, 0, 8, 5}, {7, 0, 0, 3, 3},  {9, 9, 2, 6, 5}};
    for (size_t r = 0; r < sizeof rounds / sizeof *rounds; r++) {
        struct coupled_world world;
        coupled_world_empty(&world);
        coupled_world_put_homes(&world, rounds[r].homes, rounds[r].beds);
        coupled_world_put_families(&world, rounds[r].twos, 2);
        coupled_world_put_families(&world, rounds[r].threes, 3);
        coupled_world_put_families(&world, rounds[r].alone, 1);
        struct problem *problem = coupled_world_problem(&world);
        CU_ASSERT_TRUE(solve(r, problem));
        problem_free(problem);
        coupled_world_clear(&world);
    }
}

/* An odd number of people alone in need of most care, each home even: they need not be apart from
 * each other, so no home has to leave a bed over, only all of them together. Half a couple would
 * fill it. */
static void test_odd_city(void)
{
    static const struct {
        int twos, alone, homes;
        int64_t beds;
    } rounds[] = {{20, 1, 5, 4}, {30, 3, 8, 6}, {40, 5, 10, 4}, {50, 7, 12, 8}};
    for (size_t r = 0; r < sizeof rounds / sizeof *rounds; r++) {
        struct coupled_world world;
        coupled_world_empty(&world);
        coupled_world_put_homes(&world, rounds[r].homes, rounds[r].beds);
        coupled_world_put_families(&world, rounds[r].twos, 2);
        for (int n = 0; n < rounds[r].alone; n++) {
            char id[16];
            snprintf(id, sizeof id, "S%d", n);
            coupled_world_person(world.region, id, SEX_FEMALE)->level = 5;
        }
        struct problem *problem = coupled_world_problem(&world);
        CU_ASSERT_EQUAL(count_placed(r, problem), rounds[r].homes * rounds[r].beds - 1);
        problem_free(problem);
        coupled_world_clear(&world);
    }
}

static const struct check_test tests[] = {
    {"mixtures", test_mixtures}, {"odd_beds", test_odd_beds}, {"odd_city", test_odd_city}};

CHECK_SUITE(suite_families, tests);
