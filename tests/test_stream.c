/* A long stream of requests, good and bad, of district offices, homes and planners to two daemons:
 * whatever is asked, no daemon fails, both hold what Redis holds, everybody is in one state and
 * nobody shares a bed - after a daemon was killed in the middle as well.
 *
 * ALMONER_STREAM=N: so many batches of requests (4 unless said). */
#include "tests/check.h"

#include "tests/race_rig.h"
#include "tests/race_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POOLS = 12, BATCH = 160, BATCHES = 12, KILL_EACH = 2, NEW_PEOPLE = 200 };

struct stream {
    struct race_rig *rig;
    struct race_asks asks;
    json_t *people, *offers; /* as they were before the batch */
    unsigned seed;
    int n_people; /* sent in so far */
    size_t by_status[600];
};

static int roll(struct stream *stream, int n)
{
    return rand_r(&stream->seed) % n;
}

/* Mostly one who may, now and then another one, or nobody. */
static const char *who(struct stream *stream, const char *token)
{
    const struct race_rig *rig = stream->rig;
    const char *const others[] = {rig->district, rig->home[0], rig->home[1], rig->planner,
                                  rig->admin,    "alm_nobody", NULL};
    return roll(stream, 8) ? token : others[roll(stream, sizeof others / sizeof *others)];
}

static const char *any_id(struct stream *stream, json_t *list, const char *name)
{
    size_t n = json_array_size(list);
    if (n == 0 || roll(stream, 20) == 0)
        return "nobody";
    json_t *item = json_array_get(list, (size_t)roll(stream, (int)n));
    return json_string_value(json_object_get(item, name));
}

/* The id stands where the path has a '*'. */
static struct race_ask *ask(struct stream *stream, const char *method, const char *token,
                            const char *body, const char *path, const char *id)
{
    int before = (int)strcspn(path, "*");
    return race_ask_add(&stream->asks, roll(stream, RACE_DAEMONS), method, who(stream, token), body,
                        "%.*s%s%s", before, path, path[before] ? id : "",
                        path[before] ? path + before + 1 : "");
}

/* ---- what people send in ---- */

static void send_person(struct stream *stream)
{
    char body[400];
    int i = stream->n_people++ % NEW_PEOPLE;
    snprintf(body, sizeof body,
             "{\"applicant_id\":\"N%04d\",\"applied_at\":\"2025-02-01\",\"lat\":25,\"lon\":121.5,"
             "\"level\":%d,\"kinds\":[\"nursing\"],\"district\":\"%s\",\"village\":\"V%04d\"}",
             i, 1 + i % 6, RACE_DISTRICT, i % POOLS);
    ask(stream, "POST", stream->rig->district, body, "/v1/applicants", "");
}

static void send_nonsense(struct stream *stream)
{
    static const char *const bodies[] = {
        "",
        "{",
        "[]",
        "null",
        "{\"applicant_id\":7}",
        "{\"applicant_id\":\"N1\",\"level\":1e99}",
        "{\"applicant_id\":\"../etc\",\"applied_at\":\"2025-02-30\"}",
        "{\"x\":{\"x\":{\"x\":[]}}}",
        "{\"beds_usable\":-1}",
        "{\"beds_usable\":9223372036854775808}",
        "\xff\xfe",
        "{}{}"};
    static const char *const paths[] = {"/v1/applicants",
                                        "/v1/pools/P0001/vacancy",
                                        "/v1/pools/P0002",
                                        "/v1/applicants/A0001a",
                                        "/v1/rounds",
                                        "/v1/offers/x:decline",
                                        "/v1/institutions/H0",
                                        "/v1/applicants:batch",
                                        "/v1/nowhere/%00",
                                        "/v1/applicants?limit=-1",
                                        "/v1/applicants/A0001a:fly",
                                        "/v1/pools?cursor=@@"};
    static const char *const methods[] = {"POST", "PUT", "PATCH", "GET", "DELETE"};
    const char *const tokens[] = {stream->rig->district, stream->rig->home[0], stream->rig->admin};
    const char *body = bodies[roll(stream, sizeof bodies / sizeof *bodies)];
    const char *path = paths[roll(stream, sizeof paths / sizeof *paths)];
    struct race_ask *sent =
        ask(stream, methods[roll(stream, 5)], tokens[roll(stream, 3)], body, path, "");
    if (roll(stream, 2))
        snprintf(sent->more, sizeof sent->more, "If-Match: \"%d\"\r\n", roll(stream, 4));
}

static void change_person(struct stream *stream)
{
    static const char *const bodies[] = {"{\"level\":5}", "{\"max_fee\":100}", "{\"level\":null}",
                                         "{\"kinds\":[]}", "{\"state\":\"admitted\"}"};
    struct race_ask *sent = ask(stream, "PATCH", stream->rig->district, bodies[roll(stream, 5)],
                                "/v1/applicants/*", any_id(stream, stream->people, "applicant_id"));
    snprintf(sent->more, sizeof sent->more, "If-Match: \"%d\"\r\n", 1 + roll(stream, 4));
}

static void act_on_person(struct stream *stream)
{
    static const char *const paths[] = {"/v1/applicants/*:park",     "/v1/applicants/*:unpark",
                                        "/v1/applicants/*:move",     "/v1/applicants/*:move",
                                        "/v1/applicants/*:withdraw", "/v1/applicants/*:reopen",
                                        "/v1/applicants/*:erase"};
    ask(stream, "POST", stream->rig->district, NULL,
        paths[roll(stream, sizeof paths / sizeof *paths)],
        any_id(stream, stream->people, "applicant_id"));
}

static void act_on_resident(struct stream *stream)
{
    static const char *const paths[] = {"/v1/residents/*:discharge", "/v1/residents/*:leave",
                                        "/v1/residents/*:return"};
    ask(stream, "POST", stream->rig->home[0], NULL, paths[roll(stream, 3)],
        any_id(stream, stream->people, "applicant_id"));
}

static void answer_offer(struct stream *stream)
{
    const char *district = stream->rig->district, *home = stream->rig->home[0];
    const char *id = any_id(stream, stream->offers, "offer_id");
    const char *reason = "{\"reason\":\"other\"}";
    int what = roll(stream, 8);
    struct race_ask *sent =
        what < 3    ? ask(stream, "POST", district, NULL, "/v1/offers/*:accept", id)
        : what < 6  ? ask(stream, "POST", home, NULL, "/v1/offers/*:admit", id)
        : what == 6 ? ask(stream, "POST", district, reason, "/v1/offers/*:decline", id)
                    : ask(stream, "POST", home, reason, "/v1/offers/*:withdraw", id);
    if (roll(stream, 2)) /* now and then the same key for two things */
        snprintf(sent->more, sizeof sent->more, "Idempotency-Key: k%d\r\n", roll(stream, 5000));
}

static void post_beds(struct stream *stream)
{
    char body[80], pool[16];
    snprintf(body, sizeof body, "{\"beds_usable\":%d}", roll(stream, 4));
    snprintf(pool, sizeof pool, "P%04d", roll(stream, POOLS + 1));
    ask(stream, "PUT", stream->rig->home[0], body, "/v1/pools/*/vacancy", pool);
}

static void look(struct stream *stream)
{
    static const char *const paths[] = {"/v1/waiting",         "/v1/occupancy", "/v1/shadow-prices",
                                        "/v1/applicants",      "/v1/offers",    "/v1/rounds",
                                        "/v1/rounds/1/plan",   "/v1/pools",     "/v1/rounds/1",
                                        "/v1/institutions/H0", "/readyz",       "/openapi.json",
                                        "/v1/rounds/99/plan"};
    ask(stream, "GET", stream->rig->admin, NULL, paths[roll(stream, sizeof paths / sizeof *paths)],
        "");
    ask(stream, "GET", stream->rig->district, NULL, "/v1/applicants/*/explanation",
        any_id(stream, stream->people, "applicant_id"));
}

static void start_round(struct stream *stream)
{
    if (roll(stream, 4) == 0)
        ask(stream, "POST", stream->rig->planner, NULL, "/v1/rounds", "");
}

static void (*const kinds[])(struct stream *stream) = {
    send_person,  send_nonsense, change_person, act_on_person, act_on_resident,
    answer_offer, answer_offer,  answer_offer,  answer_offer,  answer_offer,
    post_beds,    look,          act_on_person, start_round};

/* ---- what must hold ---- */

/* At most one live offer, which the state knows of; whoever lives somewhere is counted there. */
static void check_states(const struct race_rig *rig)
{
    struct region *region = race_region(rig);
    const struct record *record = region_first(region, RECORD_APPLICANT), *at;
    size_t n_wrong = 0;
    race_check_region(region);
    for (; record; record = region_next(record)) {
        const struct applicant *person = (const struct applicant *)record;
        int sent = 0, accepted = 0;
        for (at = region_first(region, RECORD_OFFER); at; at = region_next(at)) {
            const struct offer *offer = (const struct offer *)at;
            int is_theirs = strcmp(offer->applicant_id, record->id) == 0;
            sent += is_theirs && offer->state == OFFER_SENT;
            accepted += is_theirs && offer->state == OFFER_ACCEPTED;
        }
        n_wrong += sent + accepted > 1 || sent != (person->state == APPLICANT_OFFERED) ||
                   accepted != (person->state == APPLICANT_ACCEPTED);
        n_wrong += person->state == APPLICANT_ADMITTED && !*person->current_pool;
        n_wrong += person->state == APPLICANT_CLOSED && *person->current_pool;
    }
    CU_ASSERT_EQUAL(n_wrong, 0);
    region_free(region);
}

/* Every question has an answer, and none says that the daemon is at fault; of one that is killed
 * (`is_killing`) some are lost. */
static void check_answers(struct stream *stream, int is_killing)
{
    for (size_t i = 0; i < stream->asks.n; i++) {
        const struct race_ask *sent = &stream->asks.list[i];
        int is_answered = sent->status >= 200 && sent->status < 500;
        stream->by_status[sent->status > 0 && sent->status < 600 ? sent->status : 0]++;
        if (!is_answered && !is_killing)
            printf("(%s %s: %d) ", sent->method, sent->path, sent->status);
        CU_ASSERT(is_answered || (is_killing && (sent->status <= 0 || sent->status == 503)));
    }
}

static void run_batch(struct stream *stream, int batch)
{
    int daemon = batch % RACE_DAEMONS, is_killing = batch % KILL_EACH == 1;
    stream->people = race_list(stream->rig, daemon, "/v1/applicants", "");
    stream->offers = race_list(stream->rig, daemon, "/v1/offers", "state=sent");
    json_t *accepted = race_list(stream->rig, daemon, "/v1/offers", "state=accepted");
    json_array_extend(stream->offers, accepted);
    for (int i = 0; i < BATCH; i++)
        kinds[roll(stream, sizeof kinds / sizeof *kinds)](stream);
    if (is_killing)
        race_run_killing(stream->rig, &stream->asks, batch / 2 % RACE_DAEMONS, roll(stream, BATCH));
    else
        race_run(stream->rig, &stream->asks, NULL);
    check_answers(stream, is_killing);
    CU_ASSERT(race_round(stream->rig, daemon) > 0);
    CU_ASSERT_EQUAL(race_agree(stream->rig, 0), 0);
    check_states(stream->rig);
    race_asks_clear(&stream->asks);
    json_decref(accepted);
    json_decref(stream->people);
    json_decref(stream->offers);
}

static void test_whatever_is_asked(void)
{
    struct stream stream = {.rig = race_rig_new(), .seed = (unsigned)check_seed(6)};
    const char *text = getenv("ALMONER_STREAM");
    int batches = text && atoi(text) > 0 ? atoi(text) : BATCHES;
    struct race_history history;
    if (!stream.rig)
        return;
    race_world_pools(stream.rig, POOLS);
    CU_ASSERT(race_round(stream.rig, 0) > 0);
    for (int batch = 0; batch < batches; batch++)
        run_batch(&stream, batch);
    race_history_read(stream.rig, &history);
    CU_ASSERT_EQUAL(history.too_late, 0);
    CU_ASSERT(history.accepts > 0); /* the controls: beds were given, and much was refused */
    CU_ASSERT(stream.by_status[200] > 0 && stream.by_status[400] > 0);
    CU_ASSERT(stream.by_status[404] > 0 && stream.by_status[409] > 0);
    printf("(%zu accepts;", history.accepts);
    for (int status = 0; status < 600; status++)
        if (stream.by_status[status])
            printf(" %d: %zu", status, stream.by_status[status]);
    printf(") ");
    race_history_clear(&history);
    race_rig_free(stream.rig);
}

static const struct check_test tests[] = {{"whatever is asked", test_whatever_is_asked}};
CHECK_SUITE(suite_stream, tests);
