/* race_world.c - see race_world.h. */
#include "tests/race_world.h"

#include "models/alloc.h"
#include "tests/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void send_all(struct race_rig *rig, struct race_asks *asks, int wanted)
{
    race_run(rig, asks, NULL);
    CU_ASSERT_EQUAL_FATAL(race_count(asks, wanted), asks->n);
    race_asks_clear(asks);
}

static void create(struct race_rig *rig, struct race_asks *asks, const char *body, const char *path,
                   const char *id)
{
    struct race_ask *ask = race_ask_add(asks, 0, "PUT", rig->admin, body, "%s/%s", path, id);
    snprintf(ask->more, sizeof ask->more, "If-None-Match: *\r\n");
}

static void send_homes(struct race_rig *rig)
{
    static const char *const ids[RACE_HOMES] = {"H0", "H1"};
    struct race_asks asks = {0};
    for (int h = 0; h < RACE_HOMES; h++) {
        char body[200];
        snprintf(body, sizeof body,
                 "{\"institution_id\":\"%s\",\"name\":\"Home\",\"lat\":25,\"lon\":121.5}", ids[h]);
        create(rig, &asks, body, "/v1/institutions", ids[h]);
    }
    send_all(rig, &asks, 201);
}

static void add_pool(struct race_rig *rig, struct race_asks *asks, const char *id, const char *home,
                     int village, int usable, int occupied)
{
    char body[300];
    snprintf(
        body, sizeof body,
        "{\"pool_id\":\"%s\",\"institution_id\":\"%s\",\"kind\":\"nursing\",\"beds_usable\":%d,"
        "\"beds_occupied\":%d,\"serves\":[\"V%04d\"]}",
        id, home, usable, occupied, village);
    create(rig, asks, body, "/v1/pools", id);
}

/* `more`: further members, each with its comma before. */
static void add_person(struct race_rig *rig, struct race_asks *asks, const char *id, int village,
                       const char *more)
{
    char body[400];
    snprintf(body, sizeof body,
             "{\"applicant_id\":\"%s\",\"applied_at\":\"2025-01-01\",\"lat\":25,\"lon\":121.5,"
             "\"level\":3,\"kinds\":[\"nursing\"],\"district\":\"%s\",\"village\":\"V%04d\"%s}",
             id, RACE_DISTRICT, village, more);
    race_ask_add(asks, 0, "POST", rig->district, body, "/v1/applicants");
}

void race_world_pools(struct race_rig *rig, int pools)
{
    struct race_asks beds = {0}, people = {0};
    send_homes(rig);
    for (int i = 0; i < pools; i++) {
        char id[16];
        snprintf(id, sizeof id, "P%04d", i);
        add_pool(rig, &beds, id, "H0", i, 2, 0);
        for (char who = 'a'; who <= 'b'; who++) {
            snprintf(id, sizeof id, "A%04d%c", i, who);
            add_person(rig, &people, id, i, "");
        }
    }
    send_all(rig, &beds, 201);
    send_all(rig, &people, 201);
    CU_ASSERT_EQUAL_FATAL(race_agree(rig, 0), 0);
}

void race_world_swaps(struct race_rig *rig, int swaps)
{
    struct race_asks beds = {0}, people = {0};
    send_homes(rig);
    for (int i = 0; i < swaps; i++) {
        for (char here = 'X'; here <= 'Y'; here++) {
            char pool[16], person[20], more[120];
            snprintf(pool, sizeof pool, "%c%04d", here, i);
            snprintf(person, sizeof person, "A%s", pool);
            snprintf(more, sizeof more, ",\"current_pool\":\"%s\",\"preferences\":[\"%s\"]", pool,
                     here == 'X' ? "H1" : "H0");
            add_pool(rig, &beds, pool, here == 'X' ? "H0" : "H1", i, 1, 1);
            add_person(rig, &people, person, i, more);
        }
    }
    send_all(rig, &beds, 201);
    send_all(rig, &people, 201);
    CU_ASSERT_EQUAL_FATAL(race_agree(rig, 0), 0);
}

/* What the daemon says of a round that made other offers than it should. */
static void tell_round(struct race_rig *rig, int64_t round)
{
    char path[40], *answer;
    snprintf(path, sizeof path, "/v1/rounds/%" PRId64, round);
    served_ask(rig->daemon[0], "GET", path, rig->admin, "", NULL, &answer);
    printf("\n    %s\n", answer ? answer : path);
    free(answer);
}

size_t race_world_pairs(struct race_rig *rig, int64_t round, int pools, struct race_pair **pairs)
{
    char query[60];
    size_t i, n = 0;
    json_t *offer;
    *pairs = alloc_zero((size_t)pools, sizeof **pairs);
    snprintf(query, sizeof query, "state=sent&round=%" PRId64, round);
    json_t *offers = race_list(rig, 0, "/v1/offers", query);
    json_array_foreach(offers, i, offer)
    {
        const char *pool = json_string_value(json_object_get(offer, "pool_id"));
        struct race_pair *pair = &(*pairs)[atoi(pool + 1)];
        int second = pair->offer_id[0][0] != '\0';
        n += (size_t)second;
        snprintf(pair->pool_id, sizeof pair->pool_id, "%s", pool);
        snprintf(pair->offer_id[second], sizeof pair->offer_id[second], "%s",
                 json_string_value(json_object_get(offer, "offer_id")));
    }
    CU_ASSERT_EQUAL(json_array_size(offers), 2 * n);
    if (json_array_size(offers) != 2 * n)
        tell_round(rig, round);
    json_decref(offers);
    return n;
}

void race_world_post(struct race_rig *rig, int pools, int beds)
{
    struct race_asks asks = {0};
    char body[60];
    snprintf(body, sizeof body, "{\"beds_usable\":%d}", beds);
    for (int i = 0; i < pools; i++)
        race_ask_add(&asks, i % RACE_DAEMONS, "PUT", rig->home[0], body, "/v1/pools/P%04d/vacancy",
                     i);
    send_all(rig, &asks, 200);
}
