/* Two almonerd processes on one Redis start rounds at the same time: a round has one number and one
 * daemon, and nobody gets two offers. */
#include "tests/check.h"

#include "tests/race_rig.h"
#include "tests/race_world.h"

#include <stdio.h>
#include <stdlib.h>

enum { POOLS = 100, ROUNDS = 6 };

static void start_both(struct race_rig *rig)
{
    struct race_asks asks = {0};
    for (int d = 0; d < RACE_DAEMONS; d++)
        race_ask_add(&asks, d, "POST", rig->planner, NULL, "/v1/rounds");
    race_run(rig, &asks, NULL);
    CU_ASSERT_EQUAL(race_count(&asks, 202), RACE_DAEMONS);
    for (int d = 0; d < RACE_DAEMONS; d++) {
        char *path = served_header(asks.list[d].answer, "Location");
        CU_ASSERT(race_wait_round(rig, d, path) > 0);
        free(path);
    }
    race_asks_clear(&asks);
}

/* Every offer belongs to one recorded round, and each round made as many as it says; nobody has two
 * live ones (race_check looks at that). */
static void check_rounds(struct race_rig *rig)
{
    struct region *region = race_region(rig);
    const struct record *record = region_first(region, RECORD_ROUND);
    for (; record; record = region_next(record)) {
        const struct round *round = (const struct round *)record;
        const struct record *at = region_first(region, RECORD_OFFER);
        int64_t made = 0;
        for (; at; at = region_next(at))
            made += ((const struct offer *)at)->round == round->number;
        CU_ASSERT_EQUAL(round->ok, 1);
        CU_ASSERT_EQUAL(round->offers, made);
    }
    region_free(region);
}

static void test_two_rounds_at_the_same_time(void)
{
    struct race_rig *rig = race_rig_new();
    unsigned seed = 4;
    if (!rig)
        return;
    race_world_pools(rig, POOLS);
    for (int i = 0; i < ROUNDS; i++) {
        struct race_asks asks = {0};
        start_both(rig);
        CU_ASSERT_EQUAL(race_agree(rig, 0), 0);
        race_check(rig);
        check_rounds(rig);
        json_t *offers = race_list(rig, i % RACE_DAEMONS, "/v1/offers", "state=sent");
        CU_ASSERT_EQUAL(json_array_size(offers), 2 * POOLS);
        for (size_t at = 0; at < json_array_size(offers); at++)
            race_ask_add(
                &asks, rand_r(&seed) % RACE_DAEMONS, "POST", rig->district,
                "{\"reason\":\"another\"}", "/v1/offers/%s:decline",
                json_string_value(json_object_get(json_array_get(offers, at), "offer_id")));
        race_run(rig, &asks, NULL);
        CU_ASSERT_EQUAL(race_count(&asks, 200), 2 * POOLS);
        json_decref(offers);
        race_asks_clear(&asks);
    }
    race_rig_free(rig);
}

static const struct check_test tests[] = {
    {"two rounds at the same time", test_two_rounds_at_the_same_time},
};
CHECK_SUITE(suite_race_rounds, tests);
