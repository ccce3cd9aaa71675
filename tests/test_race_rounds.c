/* Two almonerd processes on one Redis start rounds at the same time: a round has one number and one
 * daemon, and nobody gets two offers. */
#include "tests/check.h"

#include "tests/race_rig.h"
#include "tests/race_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { POOLS = 100, ROUNDS = 6, SUSPENSIONS = 12 };

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
    unsigned seed = (unsigned)check_seed(4);
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
                "{\"reason\":\"other\"}", "/v1/offers/%s:decline",
                json_string_value(json_object_get(json_array_get(offers, at), "offer_id")));
        race_run(rig, &asks, NULL);
        CU_ASSERT_EQUAL(race_count(&asks, 200), 2 * POOLS);
        json_decref(offers);
        race_asks_clear(&asks);
    }
    race_rig_free(rig);
}

/* ---- a home is suspended while a round fills it ---- */

static int try_put_home(struct race_rig *rig, int daemon, int is_suspended)
{
    char *answer = NULL, more[120], body[200];
    served_ask(rig->daemon[daemon], "GET", "/v1/institutions/H0", rig->admin, "", NULL, &answer);
    char *etag = served_header(answer, "ETag");
    snprintf(more, sizeof more, "If-Match: %s\r\n", etag ? etag : "");
    snprintf(body, sizeof body,
             "{\"institution_id\":\"H0\",\"name\":\"Home\",\"lat\":25,\"lon\":121.5,"
             "\"suspended\":%d}",
             is_suspended);
    free(etag);
    free(answer);
    int status = served_ask(rig->daemon[daemon], "PUT", "/v1/institutions/H0", rig->admin, more,
                            body, &answer);
    if (status != 200)
        printf("\n    suspended %d: %d: %s\n", is_suspended, status, answer ? answer : "");
    free(answer);
    return status;
}

/* A daemon that cannot answer within ten seconds says 503, and nobody knows yet: once more then. */
static void put_home(struct race_rig *rig, int daemon, int is_suspended)
{
    int status = 503;
    for (int i = 0; i < 10 && status == 503; i++)
        status = try_put_home(rig, daemon, is_suspended);
    CU_ASSERT_EQUAL(status, 200);
}

static size_t count_sent(struct race_rig *rig)
{
    json_t *offers = race_list(rig, 0, "/v1/offers", "state=sent");
    size_t n = json_array_size(offers);
    json_decref(offers);
    return n;
}

/* Until the round has begun to make offers: now is the moment. */
static void wait_for_an_offer(struct race_rig *rig)
{
    json_t *offers = NULL;
    for (int i = 0; i < 5000 && json_array_size(offers) == 0; i++) {
        json_decref(offers);
        offers = race_list(rig, 0, "/v1/offers", "state=sent");
    }
    json_decref(offers);
}

/* Offers made before are withdrawn with the suspension, and none is made after it: not even by a
 * round of the other daemon, which may not have heard of it yet. */
static void test_a_home_is_suspended_in_the_middle_of_a_round(void)
{
    struct race_rig *rig = race_rig_new();
    size_t n_made = 0;
    unsigned seed = (unsigned)check_seed(6);
    if (!rig)
        return;
    race_world_pools(rig, POOLS);
    for (int i = 0; i < SUSPENSIONS; i++) {
        char *answer = NULL;
        served_ask(rig->daemon[0], "POST", "/v1/rounds", rig->planner, "", NULL, &answer);
        char *path = served_header(answer, "Location");
        wait_for_an_offer(rig);
        usleep((useconds_t)rand_r(&seed) % 5000);
        put_home(rig, 1, 1);
        CU_ASSERT(race_wait_round(rig, 0, path) > 0);
        CU_ASSERT_EQUAL(race_agree(rig, 0), 0);
        CU_ASSERT_EQUAL(count_sent(rig), 0);
        race_check(rig);
        put_home(rig, 1, 0);
        CU_ASSERT_EQUAL(race_agree(rig, 0), 0);
        free(path);
        free(answer);
    }
    json_t *offers = race_list(rig, 0, "/v1/offers", "");
    n_made = json_array_size(offers);
    CU_ASSERT(n_made > 0);
    printf("(%zu of %d offers withdrawn) ", n_made, 2 * POOLS * SUSPENSIONS);
    json_decref(offers);
    race_rig_free(rig);
}

static const struct check_test tests[] = {
    {"two rounds at the same time", test_two_rounds_at_the_same_time},
    {"a home is suspended in the middle of a round",
     test_a_home_is_suspended_in_the_middle_of_a_round},
};
CHECK_SUITE(suite_race_rounds, tests);
