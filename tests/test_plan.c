/* test_plan.c - plans and certificates: their bytes, there and back, and what is refused. */
#include "tests/check.h"

#include "models/alloc.h"
#include "models/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char plan_bytes[] =
    "{\"format\": \"almoner-plan/1\",\n"
    " \"world\": \"sha256:ab\",\n"
    " \"policy\": \"p@1\",\n"
    " \"now\": \"2025-03-01T00:00:00Z\",\n"
    " \"status\": \"optimal\",\n"
    " \"engine\": \"glpk\",\n"
    " \"objectives\": [\n"
    "  {\"name\": \"need\", \"value\": 12345, \"bound\": 12345},\n"
    "  {\"name\": \"travel\", \"value\": -9223372036854775808, \"bound\": 9223372036854775807}\n"
    " ],\n"
    " \"placements\": [\n"
    "  {\"applicant\": \"A1\", \"pool\": \"P9\", \"metres\": 1234, \"points\": 120, \"rank\": 0}\n"
    " ],\n"
    " \"unplaced\": [\n"
    "  {\"applicant\": \"A2\", \"reason\": \"outranked\", \"detail\": \"say "
    "\\\"no\\\"\\u000a\\\\\"}\n"
    " ],\n"
    " \"shadow_prices\": [\n"
    "  {\"pool\": \"P8\", \"price\": {\"need\": 35, \"travel\": 0}},\n"
    "  {\"pool\": \"P9\", \"price\": {\"need\": 5, \"travel\": -7}, \"next\": \"A2\", "
    "\"loss\": {\"need\": 6, \"travel\": -8}, \"last\": \"A1\"}\n"
    " ],\n"
    " \"reserve_prices\": [\n"
    "  {\"pool\": \"P9\", \"class\": \"\u7279\u56f0\", \"price\": {\"need\": 0, \"travel\": 1}, "
    "\"loss\": null}\n"
    " ]";
static const char stats_bytes[] =
    ",\n \"stats\": {\"applicants\": 2, \"pools\": 1, \"pairs\": 2, \"seconds\": {\"read\": "
    "0.500000, "
    "\"build\": 0.000000, \"solve\": 1.250000, \"check\": 0.000000}, \"peak_bytes\": 4096}";

static void fill_plan(struct plan *plan)
{
    plan_init(plan);
    plan->world = alloc_string("sha256:ab");
    plan->policy = alloc_string("p@1");
    plan->engine = alloc_string("glpk");
    plan->now = 1740787200;
    plan->n_objectives = 2;
    plan->objectives[0] = (struct objective_value){OBJECTIVE_NEED, 12345, 12345};
    plan->objectives[1] = (struct objective_value){OBJECTIVE_TRAVEL, INT64_MIN, INT64_MAX};
    plan->n_placements = plan->n_unplaced = plan->n_reserve_prices = 1;
    plan->placements = alloc_zero(1, sizeof *plan->placements);
    plan->placements[0] = (struct placement){"A1", "P9", 1234, 120, 0};
    plan->unplaced = alloc_zero(1, sizeof *plan->unplaced);
    list_add(&plan->sentences, "say \"no\"\n\\", strlen("say \"no\"\n\\"));
    plan->unplaced[0] = (struct unplaced){"A2", REASON_OUTRANKED, plan->sentences.items[0]};
    plan->n_prices = 2;
    plan->prices = alloc_zero(2, sizeof *plan->prices);
    plan->prices[0] = (struct shadow_price){.pool_id = "P8", .price = {35, 0}};
    plan->prices[1] = (struct shadow_price){.pool_id = "P9",
                                            .price = {5, -7},
                                            .loss = {6, -8},
                                            .loss_is = SHADOW_LOSS_STATED,
                                            .next = "A2",
                                            .last = "A1"};
    plan->reserve_prices = alloc_zero(1, sizeof *plan->reserve_prices);
    plan->reserve_prices[0] = (struct shadow_price){.pool_id = "P9",
                                                    .price = {0, 1},
                                                    .reserve = "\u7279\u56f0",
                                                    .loss_is = SHADOW_LOSS_UNKNOWN};
    plan->stats = (struct plan_stats){2, 1, 2, 0.5, 0, 1.25, 0, 4096};
}

static void test_bytes(void)
{
    struct plan plan;
    struct buffer wanted;
    buffer_init(&wanted);
    fill_plan(&plan);
    buffer_format(&wanted, "%s}\n", plan_bytes);
    char *text = plan_to_json(&plan, 0);
    CU_ASSERT_STRING_EQUAL(text, wanted.bytes);
    free(text);
    buffer_clear(&wanted);
    buffer_format(&wanted, "%s%s}\n", plan_bytes, stats_bytes);
    text = plan_to_json(&plan, 1);
    CU_ASSERT_STRING_EQUAL(text, wanted.bytes);
    free(text);
    buffer_clear(&wanted);
    plan_clear(&plan);
    plan_init(&plan);
    text = plan_to_json(&plan, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"placements\": [],"));
    free(text);
}

static void test_plan_there_and_back(void)
{
    for (int with_stats = 0; with_stats < 2; with_stats++) {
        struct plan plan, back;
        struct alm_error err;
        err_init(&err);
        fill_plan(&plan);
        plan.prices_are_bounds = with_stats;
        char *text = plan_to_json(&plan, with_stats);
        CU_ASSERT_EQUAL_FATAL(plan_from_json(text, strlen(text), &back, &err), 0);
        CU_ASSERT_STRING_EQUAL(back.unplaced[0].detail, plan.unplaced[0].detail);
        CU_ASSERT_EQUAL(back.objectives[1].value, INT64_MIN);
        CU_ASSERT_EQUAL(back.stats.peak_bytes, with_stats ? 4096 : 0);
        CU_ASSERT_EQUAL(back.prices_are_bounds, with_stats);
        char *again = plan_to_json(&back, with_stats);
        CU_ASSERT_STRING_EQUAL(again, text);
        free(again);
        free(text);
        plan_clear(&back);
        plan_clear(&plan);
        err_clear(&err);
    }
}

/* As many people as a metropolis has; no clock is read, but a quadratic way would be felt. */
static void test_big_plan(void)
{
    enum { PEOPLE = 100000 };
    struct plan plan, back;
    struct alm_error err;
    err_init(&err);
    fill_plan(&plan);
    plan.n_placements = PEOPLE;
    plan.placements = alloc_resize(plan.placements, PEOPLE, sizeof *plan.placements);
    for (int i = 0; i < PEOPLE; i++) {
        struct placement *placement = &plan.placements[i];
        *placement = (struct placement){.metres = i, .points = 3 * i, .rank = i % 7};
        snprintf(placement->applicant_id, sizeof placement->applicant_id, "A%06d", i);
        snprintf(placement->pool_id, sizeof placement->pool_id, "P%d", i % 3000);
    }
    char *text = plan_to_json(&plan, 0);
    CU_ASSERT_EQUAL_FATAL(plan_from_json(text, strlen(text), &back, &err), 0);
    CU_ASSERT_EQUAL(back.n_placements, PEOPLE);
    CU_ASSERT_STRING_EQUAL(back.placements[PEOPLE - 1].applicant_id, "A099999");
    free(text);
    plan_clear(&back);
    plan_clear(&plan);
    err_clear(&err);
}

/* Replaces one piece of the good text and reads it: -1 with an issue at `pointer` ("" = any). */
static void check_refused(const char *good, const char *old, const char *new, const char *pointer,
                          int (*read)(const char *, size_t, struct alm_error *))
{
    struct buffer text;
    struct alm_error err;
    const char *at = strstr(good, old);
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    buffer_init(&text);
    err_init(&err);
    buffer_add(&text, good, (size_t)(at - good));
    buffer_text(&text, new);
    buffer_text(&text, at + strlen(old));
    CU_ASSERT_EQUAL(read(text.bytes, text.len, &err), -1);
    CU_ASSERT_EQUAL(err.code, ERR_BAD_INPUT);
    CU_ASSERT_FATAL(err.n_issues > 0);
    if (strcmp(err.issues[0].pointer, pointer) != 0)
        fprintf(stderr, "%s instead of %s\n", err.issues[0].pointer, pointer);
    CU_ASSERT_STRING_EQUAL(err.issues[0].pointer, pointer);
    err_clear(&err);
    buffer_clear(&text);
}

static int read_plan(const char *bytes, size_t len, struct alm_error *err)
{
    struct plan plan;
    int result = plan_from_json(bytes, len, &plan, err);
    if (result != 0)
        CU_ASSERT_PTR_NULL(plan.placements);
    plan_clear(&plan);
    return result;
}

struct refusal {
    const char *old, *new, *pointer;
};

static void test_plan_refused(void)
{
    static const struct refusal refusals[] = {
        {"plan/1", "plan/2", "/format"},
        {"2025-03-01T", "2025-02-30T", "/now"},
        {"optimal", "best", "/status"},
        {"\"engine\"", "\"motor\"", "/engine"},
        {"\"need\"", "\"hope\"", "/objectives/0/name"},
        {"\"travel\"", "\"need\"", "/objectives/1/name"},
        {"\"bound\": 12345", "\"bound\": 12345.0", "/objectives/0/bound"},
        {"1234,", "\"1234\",", "/placements/0/metres"},
        {"\"rank\": 0", "\"rank\": 0, \"bed\": 3", "/placements/0/bed"},
        {"\"A1\"", "\"A 1\"", "/placements/0/applicant"},
        {"outranked", "unlucky", "/unplaced/0/reason"},
        {"\"need\": 35, ", "", "/shadow_prices/0/price/need"},
        {"\"travel\": 0", "\"travel\": 0, \"moves\": 1", "/shadow_prices/0/price/moves"},
        {"\"travel\": 0", "\"travel\": null", "/shadow_prices/0/price/travel"},
        {"\"need\": 6, ", "", "/shadow_prices/1/loss/need"},
        {"\"last\": \"A1\"", "\"last\": 1", "/shadow_prices/1/last"},
        {"\"shadow_prices\"", "\"shadow_prices_are\": \"exact\", \"shadow_prices\"",
         "/shadow_prices_are"},
        {"\"class\": \"", "\"class\": \" ", "/reserve_prices/0/class"},
        {"\"loss\": null", "\"lost\": null", "/reserve_prices/0/lost"},
        {"0.500000", "-0.5", "/stats/seconds/read"},
        {"\"pools\": 1", "\"pols\": 1", "/stats/pools"},
        {"9223372036854775807", "9223372036854775808", ""},
    };
    struct buffer good;
    buffer_init(&good);
    buffer_format(&good, "%s%s}\n", plan_bytes, stats_bytes);
    struct alm_error err;
    err_init(&err);
    CU_ASSERT_EQUAL(read_plan(good.bytes, good.len, &err), 0);
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        check_refused(good.bytes, refusals[i].old, refusals[i].new, refusals[i].pointer, read_plan);
    buffer_clear(&good);
    err_clear(&err);
}

static const char certificate_bytes[] =
    "{\"format\": \"almoner-certificate/1\",\n"
    " \"world\": \"sha256:ab\",\n"
    " \"policy\": \"p@1\",\n"
    " \"plan\": \"sha256:cd\",\n"
    " \"objectives\": [\n"
    "  {\"name\": \"need\", \"value\": 5, \"bound\": 5},\n"
    "  {\"name\": \"travel\", \"value\": 7, \"bound\": 7}\n"
    " ],\n"
    " \"pool_prices\": [\n"
    "  {\"pool\": \"P9\", \"reserve\": \"\u7279\u56f0\", \"price\": [35, 0]},\n"
    "  {\"pool\": \"P9\", \"price\": [0, -3]}\n"
    " ],\n"
    " \"person_prices\": [\n"
    "  {\"applicant\": \"A1\", \"price\": [85, -340]}\n"
    " ]}\n";

static void test_certificate_there_and_back(void)
{
    struct certificate certificate;
    struct alm_error err;
    err_init(&err);
    CU_ASSERT_EQUAL_FATAL(
        certificate_from_json(certificate_bytes, strlen(certificate_bytes), &certificate, &err), 0);
    CU_ASSERT_EQUAL_FATAL(certificate.n_pools, 2);
    CU_ASSERT_STRING_EQUAL(certificate.pools[0].reserve, "\u7279\u56f0");
    CU_ASSERT_STRING_EQUAL(certificate.pools[1].reserve, "");
    CU_ASSERT_EQUAL(certificate.pools[1].price[1], -3);
    CU_ASSERT_EQUAL(certificate.people[0].price[1], -340);
    char *text = certificate_to_json(&certificate);
    CU_ASSERT_STRING_EQUAL(text, certificate_bytes);
    free(text);
    certificate_clear(&certificate);
    err_clear(&err);
}

static const char bounds_bytes[] =
    "{\"format\": \"almoner-certificate/1\",\n"
    " \"world\": \"sha256:ab\",\n"
    " \"policy\": \"p@1\",\n"
    " \"plan\": \"sha256:cd\",\n"
    " \"objectives\": [\n"
    "  {\"name\": \"need\", \"value\": 5, \"bound\": 6},\n"
    "  {\"name\": \"travel\", \"value\": 7, \"bound\": 6}\n"
    " ],\n"
    " \"pool_prices\": [\n"
    "  {\"pool\": \"P9\", \"price\": [36700160, 0]}\n"
    " ],\n"
    " \"person_prices\": [\n"
    "  {\"applicant\": \"A1\", \"price\": [85, -340]}\n"
    " ],\n"
    " \"household_prices\": [\n"
    "  {\"household\": \"C1\", \"price\": [12, 0]}\n"
    " ],\n"
    " \"staff_prices\": [\n"
    "  {\"institution\": \"H1\", \"minutes\": 60, \"price\": [4, -1]}\n"
    " ],\n"
    " \"room_prices\": [\n"
    "  {\"pool\": \"P9\", \"price\": [1, 0]},\n"
    "  {\"pool\": \"P9\", \"sex\": \"male\", \"price\": [0, 2]}\n"
    " ],\n"
    " \"kept_prices\": [\n"
    "  {\"objective\": \"need\", \"price\": [0, 16384]}\n"
    " ],\n"
    " \"offers\": {\"institutions\": [\n"
    "  {\"institution\": \"H1\"}\n"
    " ],\n"
    " \"pool_prices\": [\n"
    "  {\"pool\": \"P9\", \"reserve\": \"tekun\", \"price\": [7, 0]}\n"
    " ],\n"
    " \"staff_prices\": [],\n"
    " \"room_prices\": [\n"
    "  {\"pool\": \"P9\", \"sex\": \"female\", \"price\": [3, 9]}\n"
    " ],\n"
    " \"kept_prices\": [\n"
    "  {\"objective\": \"need\", \"price\": [0, -4]}\n"
    " ],\n"
    " \"person_offers\": [\n"
    "  {\"applicant\": \"A1\", \"price\": [-121, 8]}\n"
    " ],\n"
    " \"member_offers\": [\n"
    "  {\"applicant\": \"A2\", \"institution\": \"H1\", \"price\": [5, 0]}\n"
    " ]},\n"
    " \"shift\": 20,\n"
    " \"bound\": [6, 6],\n"
    " \"rest\": [1, 1048575]}\n";

static void test_bounds_there_and_back(void)
{
    struct certificate certificate;
    struct alm_error err;
    err_init(&err);
    CU_ASSERT_EQUAL_FATAL(
        certificate_from_json(bounds_bytes, strlen(bounds_bytes), &certificate, &err), 0);
    CU_ASSERT_EQUAL(certificate.shift, 20);
    CU_ASSERT_EQUAL(certificate.staff[0].minutes, 60);
    CU_ASSERT_EQUAL(certificate.rooms[0].sex, SEX_NONE);
    CU_ASSERT_EQUAL(certificate.rooms[1].sex, SEX_MALE);
    CU_ASSERT_EQUAL(certificate.kept[0].price[1], 16384);
    CU_ASSERT_EQUAL(certificate.rests[1], 1048575);
    CU_ASSERT_EQUAL(certificate.offers->people[0].price[0], -121);
    CU_ASSERT_EQUAL(certificate.offers->people[0].price[1], 8);
    CU_ASSERT_EQUAL(certificate.offers->kept[0].price[1], -4);
    CU_ASSERT_EQUAL(certificate.offers->n_objectives, 2);
    CU_ASSERT_STRING_EQUAL(certificate.offers->members[0].institution_id, "H1");
    char *text = certificate_to_json(&certificate);
    CU_ASSERT_STRING_EQUAL(text, bounds_bytes);
    free(text);
    certificate_clear(&certificate);
    err_clear(&err);
}

/* As certificates were before later objectives had offers. */
static void test_offers_of_first(void)
{
    static const char offers[] = " \"offers\": {\"institutions\": [{\"institution\": \"H1\"}],"
                                 " \"pool_prices\": [{\"pool\": \"P9\", \"price\": [7]}],"
                                 " \"staff_prices\": [], \"room_prices\": [],"
                                 " \"person_offers\": [{\"applicant\": \"A1\", \"price\": [-121]}],"
                                 " \"member_offers\": []},\n";
    struct certificate certificate;
    struct alm_error err;
    struct buffer text;
    const char *begin = strstr(bounds_bytes, " \"offers\""), *end = strstr(begin, " \"shift\"");
    buffer_init(&text);
    err_init(&err);
    buffer_add(&text, bounds_bytes, (size_t)(begin - bounds_bytes));
    buffer_text(&text, offers);
    buffer_text(&text, end);
    CU_ASSERT_EQUAL_FATAL(certificate_from_json(text.bytes, text.len, &certificate, &err), 0);
    CU_ASSERT_EQUAL(certificate.offers->n_objectives, 1);
    CU_ASSERT_EQUAL(certificate.offers->n_kept, 0);
    CU_ASSERT_EQUAL(certificate.offers->people[0].price[0], -121);
    certificate_clear(&certificate);
    buffer_clear(&text);
    err_clear(&err);
}

static int read_certificate(const char *bytes, size_t len, struct alm_error *err)
{
    struct certificate certificate;
    int result = certificate_from_json(bytes, len, &certificate, err);
    certificate_clear(&certificate);
    return result;
}

static void test_certificate_refused(void)
{
    static const struct refusal refusals[] = {
        {"certificate/1", "plan/1", "/format"},
        {"\"plan\": ", "\"plot\": ", "/plan"},
        {"[35, 0]", "[35]", "/pool_prices/0/price"},
        {"[35, 0]", "[35, 0, 0]", "/pool_prices/0/price"},
        {"[85, -340]", "[85, \"x\"]", "/person_prices/0/price/1"},
        {"[85, -340]", "{}", "/person_prices/0/price"},
        {"\"reserve\"", "\"class\"", "/pool_prices/0/class"},
        {"\"person_prices\"", "\"people\"", "/person_prices"},
    };
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        check_refused(certificate_bytes, refusals[i].old, refusals[i].new, refusals[i].pointer,
                      read_certificate);
}

static void test_bounds_refused(void)
{
    static const struct refusal refusals[] = {
        {"\"shift\": 20", "\"shift\": 31", "/shift"},
        {"\"shift\": 20", "\"shift\": 0", "/shift"},
        {"\"bound\": [6, 6]", "\"bound\": [6]", "/bound"},
        {"\"rest\": [1,", "\"rest\": [1.5,", "/rest/0"},
        {",\n \"rest\": [1, 1048575]", "", "/rest"},
        {" \"shift\": 20,\n", "", "/household_prices"},
        {"\"male\"", "\"man\"", "/room_prices/1/sex"},
        {"\"minutes\": 60", "\"minutes\": -60", "/staff_prices/0/minutes"},
        {"\"objective\": \"need\"", "\"objective\": \"nead\"", "/kept_prices/0/objective"},
        {"[12, 0]", "[12, 0, 0]", "/household_prices/0/price"},
        {"[-121, 8]", "[-121]", "/offers/person_offers/0/price"},
        {"[-121, 8]", "[-1.5, 8]", "/offers/person_offers/0/price/0"},
        {"[-121, 8]", "[99999999999999999999, 8]", ""},
        {"\"staff_prices\": [],\n", "", "/offers/staff_prices"},
        {"\"institutions\": [", "\"homes\": [", "/offers/institutions"},
    };
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        check_refused(bounds_bytes, refusals[i].old, refusals[i].new, refusals[i].pointer,
                      read_certificate);
}

/* Nobody's id or price lies where somebody else's does. */
static void test_people(void)
{
    const struct certificate_people of = {200, 3, sizeof "A000"};
    struct certificate_person *people = certificate_people_new(&of);
    size_t wrong = 0;
    for (size_t i = 0; i < of.n; i++) {
        char id[] = {'A', (char)('0' + i / 100), (char)('0' + i / 10 % 10), (char)('0' + i % 10),
                     0};
        wrong += people[i].applicant_id[0] != '\0';
        strcpy(people[i].applicant_id, id);
        for (size_t k = 0; k < of.n_objectives; k++)
            people[i].price[k] -= (int64_t)(10 * i + k);
    }
    for (size_t i = 0; i < of.n; i++) {
        wrong += strlen(people[i].applicant_id) != 4 || atoi(people[i].applicant_id + 1) != (int)i;
        for (size_t k = 0; k < of.n_objectives; k++)
            wrong += people[i].price[k] != -(int64_t)(10 * i + k);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    free(people);
}

static const struct check_test tests[] = {
    {"certificate_people", test_people},
    {"plan_bytes", test_bytes},
    {"plan_there_and_back", test_plan_there_and_back},
    {"plan_big", test_big_plan},
    {"plan_refused", test_plan_refused},
    {"certificate_there_and_back", test_certificate_there_and_back},
    {"certificate_refused", test_certificate_refused},
    {"bounds_there_and_back", test_bounds_there_and_back},
    {"offers_of_first", test_offers_of_first},
    {"bounds_refused", test_bounds_refused},
};

CHECK_SUITE(suite_plan, tests);
