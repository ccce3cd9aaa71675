/* drawn_round.c - see drawn_round.h. */
#include "tests/drawn_round.h"

#include "models/alloc.h"
#include "models/world.h"
#include "tests/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void give_up(const struct drawn_round *round, const char *what, const struct alm_error *err)
{
    printf("\n    seed %" PRIu64 ": %s: %s\n", round->world.seed, what, err->message);
    exit(99);
}

struct region *drawn_round_shuffled(const struct drawn_round *round, uint64_t shuffle)
{
    static const struct world_options options;
    struct world_files files = {0};
    struct alm_error notes, err;
    err_init(&notes);
    err_init(&err);
    random_world_files(&round->world, shuffle, &files);
    struct region *region = world_read(&files, &options, &notes, &err);
    if (!region || notes.n_issues)
        give_up(round, "the world is not read", region ? &notes : &err);
    world_files_clear(&files);
    err_clear(&notes);
    err_clear(&err);
    return region;
}

int drawn_round_init(struct drawn_round *round, uint64_t seed, enum random_sort sort)
{
    struct alm_error err;
    struct world_files files = {0};
    memset(round, 0, sizeof *round);
    random_world_draw(&round->world, check_seed(seed), sort);
    if (!random_sort_is_large(sort) && brute_force(&round->world, &round->brute) != 0)
        return -1;
    err_init(&err);
    round->region = drawn_round_shuffled(round, 0);
    char *policy = random_world_policy(&round->world);
    round->policy = policy_from_json(policy, strlen(policy), &err);
    if (!round->policy)
        give_up(round, "the policy is not read", &err);
    free(policy);
    world_write(round->region, &files);
    world_hash(&files, round->hash);
    world_files_clear(&files);
    return 0;
}

void drawn_round_clear(struct drawn_round *round)
{
    region_free(round->region);
    policy_free(round->policy);
}

static void add_person(const struct brute_result *brute, int i, struct plan *plan)
{
    if (brute->to[i] == RANDOM_NONE) {
        struct unplaced *unplaced = &plan->unplaced[plan->n_unplaced++];
        strcpy(unplaced->applicant_id, random_id('A', i));
        unplaced->reason = (enum reason)brute->reasons[i];
        list_add(&plan->sentences, "by trying all plans", strlen("by trying all plans"));
        unplaced->detail = plan->sentences.items[plan->sentences.n - 1];
        return;
    }
    struct placement *placement = &plan->placements[plan->n_placements++];
    strcpy(placement->applicant_id, random_id('A', i));
    strcpy(placement->pool_id, random_id('P', brute->to[i]));
    placement->metres = brute->metres[i];
    placement->points = brute->points[i];
    placement->rank = brute->ranks[i];
}

void drawn_round_plan(const struct drawn_round *round, const struct brute_result *brute,
                      struct plan *plan)
{
    const struct random_world *world = &round->world;
    plan_init(plan);
    plan->world = alloc_string(round->hash);
    plan->policy = policy_label(round->policy);
    plan->now = world->now;
    plan->status = PLAN_OPTIMAL;
    plan->engine = alloc_string("brute force");
    for (int k = 0; k < brute->n_objectives; k++) {
        const char *name = random_objectives[brute->objectives[k]];
        struct objective_value *objective = &plan->objectives[plan->n_objectives++];
        objective->objective = (enum objective)words_find(&words_objective, name, strlen(name));
        objective->value = objective->bound = brute->values[k];
    }
    plan->placements = alloc_zero((size_t)world->n_people, sizeof *plan->placements);
    plan->unplaced = alloc_zero((size_t)world->n_people, sizeof *plan->unplaced);
    for (int i = 0; i < world->n_people; i++)
        if (world->people[i].is_waiting)
            add_person(brute, i, plan);
}

long drawn_round_count(long usual)
{
    const char *count = getenv("ALMONER_WORLDS");
    if (count)
        return strtol(count, NULL, 10);
    return getenv("ALMONER_QUICK") ? (usual + 3) / 4 : usual;
}

void drawn_round_each(enum random_sort sort, long n, drawn_round_ask *ask)
{
    size_t wrong = 0;
    for (long seed = 1; seed <= n; seed++) {
        struct drawn_round round;
        if (drawn_round_init(&round, (uint64_t)seed, sort) != 0)
            continue;
        size_t here = ask(&round);
        if (here && !wrong)
            printf("\n    seed %ld\n", seed);
        wrong += here;
        drawn_round_clear(&round);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}
