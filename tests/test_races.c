/* Two almonerd processes on one Redis, asked for the same beds at the same time: one of the two
 * gets the bed, both daemons and Redis say the same afterwards, and a daemon killed in the middle
 * comes back with the same region. The control accepts the broken way - look, then write - and has
 * to be caught by the very same count.
 *
 * ALMONER_RACES=N: so many tries for the last bed (1,000 unless said). */
#include "tests/check.h"

#include "models/alloc.h"
#include "tests/race_naive.h"
#include "tests/race_rig.h"
#include "tests/race_world.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { POOLS = 250, SMALL = 100, SWAPS = 40, TRIES = 1000 };

/* ---- what all of them do ---- */

static int64_t tries_wanted(void)
{
    const char *text = getenv("ALMONER_RACES");
    int64_t tries = text ? atoll(text) : 0;
    return tries > 0 ? tries : TRIES;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void shuffle(struct race_pair *pairs, size_t n, unsigned *seed)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)rand_r(seed) % i;
        struct race_pair held = pairs[i - 1];
        pairs[i - 1] = pairs[j];
        pairs[j] = held;
    }
}

/* A round for the pools: two offers for each, in random order. `round`: the one before in (0 = none
 * yet), its number out. */
static size_t make_pairs(struct race_rig *rig, int pools, int daemon, unsigned *seed,
                         int64_t *round, struct race_pair **pairs)
{
    CU_ASSERT_EQUAL_FATAL(race_agree(rig, *round), 0);
    *round = race_round(rig, daemon);
    CU_ASSERT_FATAL(*round > 0);
    CU_ASSERT_EQUAL_FATAL(race_agree(rig, *round), 0);
    size_t n = race_world_pairs(rig, *round, pools, pairs);
    CU_ASSERT_EQUAL_FATAL(n, (size_t)pools);
    shuffle(*pairs, n, seed);
    return n;
}

/* Both offers of each pair, one at each daemon: asks 2i and 2i+1. */
static void add_accepts(struct race_rig *rig, const struct race_pair *pairs, size_t n,
                        unsigned *seed, struct race_asks *asks)
{
    for (size_t i = 0; i < n; i++) {
        int flip = rand_r(seed) % 2;
        for (int d = 0; d < RACE_DAEMONS; d++) {
            const char *offer = pairs[i].offer_id[d ^ flip];
            struct race_ask *ask =
                race_ask_add(asks, d, "POST", rig->district, NULL, "/v1/offers/%s:accept", offer);
            snprintf(ask->more, sizeof ask->more, "Idempotency-Key: accept-%s\r\n", offer);
        }
    }
}

/* Of two answers one is yes and one says that there is no bed. */
static int is_one_bed(const struct race_ask *a, const struct race_ask *b)
{
    return (a->status == 200 && b->status == 409 && race_says(b, "no_bed")) ||
           (b->status == 200 && a->status == 409 && race_says(a, "no_bed"));
}

static void check_history(const struct race_rig *rig, size_t accepts)
{
    struct race_history history;
    race_history_read(rig, &history);
    CU_ASSERT_EQUAL(history.accepts, accepts);
    CU_ASSERT_EQUAL(history.too_late, 0);
    race_history_clear(&history);
}

/* Those who got a bed give it back, those who did not turn theirs down: all wait again. */
static void undo(struct race_rig *rig, const struct race_asks *accepts)
{
    struct race_asks asks = {0};
    for (size_t i = 0; i < accepts->n; i++) {
        const struct race_ask *accept = &accepts->list[i];
        int has_bed = accept->status == 200;
        race_ask_add(&asks, (int)(i / 2 % RACE_DAEMONS), "POST",
                     has_bed ? rig->home[0] : rig->district, "{\"reason\":\"other\"}", "%.*s%s",
                     (int)(strrchr(accept->path, ':') - accept->path), accept->path,
                     has_bed ? ":withdraw" : ":decline");
    }
    race_run(rig, &asks, NULL);
    CU_ASSERT_EQUAL(race_count(&asks, 200), asks.n);
    race_asks_clear(&asks);
}

/* ---- the last bed ---- */

struct score {
    int64_t tries, together, won_by_first;
    int64_t round;  /* the last one */
    double seconds; /* of the accepts alone */
};

static void count_pairs(const struct race_asks *asks, struct score *score)
{
    size_t n_right = 0;
    for (size_t i = 0; i + 1 < asks->n; i += 2) {
        const struct race_ask *a = &asks->list[i], *b = &asks->list[i + 1];
        n_right += (size_t)is_one_bed(a, b);
        score->together += a->sent_ns < b->done_ns && b->sent_ns < a->done_ns;
        score->won_by_first += a->status == 200;
        score->tries++;
    }
    CU_ASSERT_EQUAL(n_right, asks->n / 2);
}

static void race_for_beds(struct race_rig *rig, int daemon, unsigned *seed, struct score *score)
{
    struct race_pair *pairs;
    struct race_asks asks = {0};
    race_world_post(rig, POOLS, 2);
    size_t n = make_pairs(rig, POOLS, daemon, seed, &score->round, &pairs);
    race_world_post(rig, POOLS, 1);
    add_accepts(rig, pairs, n, seed, &asks);
    asks.is_in_step = 1;
    double start = seconds();
    race_run(rig, &asks, NULL);
    score->seconds += seconds() - start;
    count_pairs(&asks, score);
    CU_ASSERT_EQUAL(race_agree(rig, score->round), 0);
    race_check(rig);
    undo(rig, &asks);
    race_asks_clear(&asks);
    free(pairs);
}

static void test_nobody_shares_the_last_bed(void)
{
    struct race_rig *rig = race_rig_new();
    struct score score = {0};
    unsigned seed = (unsigned)check_seed(1);
    int64_t wanted = tries_wanted();
    if (!rig)
        return;
    race_world_pools(rig, POOLS);
    double start = seconds();
    for (int batch = 0; score.tries < wanted; batch++)
        race_for_beds(rig, batch % RACE_DAEMONS, &seed, &score);
    printf("(%" PRId64 " tries, %" PRId64 " of them at the same moment, won %" PRId64 " to %" PRId64
           "; %.0f accepts/s; %.1f s) ",
           score.tries, score.together, score.won_by_first, score.tries - score.won_by_first,
           2.0 * (double)score.tries / score.seconds, seconds() - start);
    CU_ASSERT(score.together > 0);
    CU_ASSERT_EQUAL(race_agree(rig, 0), 0);
    race_check(rig);
    check_history(rig, (size_t)score.tries);
    race_rig_free(rig);
}

/* ---- the control ---- */

static void test_control_check_before_write_shares_beds(void)
{
    struct race_rig *rig = race_rig_new();
    struct race_pair *pairs;
    unsigned seed = (unsigned)check_seed(2);
    int64_t round = 0;
    if (!rig)
        return;
    race_world_pools(rig, SMALL);
    size_t n = make_pairs(rig, SMALL, 0, &seed, &round, &pairs);
    race_world_post(rig, SMALL, 1);
    CU_ASSERT_EQUAL(race_agree(rig, round), 0);
    for (int d = 0; d < RACE_DAEMONS; d++)
        CU_ASSERT_EQUAL(served_end(rig->daemon[d], SIGTERM), 0);
    size_t told_yes = race_naive_accept(redis_server_socket(rig->redis), pairs, n);
    struct region *region = race_region(rig);
    CU_ASSERT_PTR_NOT_NULL_FATAL(region);
    size_t n_shared = race_shared_beds(region);
    CU_ASSERT(n_shared > 0);
    CU_ASSERT_EQUAL(told_yes, n + n_shared);
    printf("(%zu of %zu shared) ", n_shared, n);
    region_free(region);
    free(pairs);
    race_rig_free(rig);
}

/* ---- accept against a home that takes a bed out of service ---- */

/* Asks 3i, 3i+1: the accepts; 3i+2: the posting. */
static void add_accepts_and_post(struct race_rig *rig, const struct race_pair *pairs, size_t n,
                                 unsigned *seed, struct race_asks *asks)
{
    for (size_t i = 0; i < n; i++) {
        add_accepts(rig, &pairs[i], 1, seed, asks);
        race_ask_add(asks, rand_r(seed) % RACE_DAEMONS, "PUT", rig->home[0], "{\"beds_usable\":1}",
                     "/v1/pools/%s/vacancy", pairs[i].pool_id);
    }
}

/* Whoever came after the posting finds one bed; two people got in only when it came last, and then
 * it left the third version of the pool since the offers. */
static int fits_an_order(const struct race_ask *asks, uint64_t version)
{
    int yes = (asks[0].status == 200) + (asks[1].status == 200);
    if (asks[2].status != 200)
        return 0;
    return yes == 2 ? race_version(&asks[2]) == version + 3 : is_one_bed(&asks[0], &asks[1]);
}

static void test_accept_against_fewer_beds(void)
{
    struct race_rig *rig = race_rig_new();
    struct race_pair *pairs;
    struct race_asks asks = {0};
    unsigned seed = (unsigned)check_seed(3);
    size_t n_right = 0, n_yes;
    int64_t round = 0;
    if (!rig)
        return;
    race_world_pools(rig, SMALL);
    size_t n = make_pairs(rig, SMALL, 1, &seed, &round, &pairs);
    struct region *before = race_region(rig);
    add_accepts_and_post(rig, pairs, n, &seed, &asks);
    race_run(rig, &asks, NULL);
    for (size_t i = 0; i < n; i++)
        n_right += (size_t)fits_an_order(&asks.list[3 * i],
                                         region_pool(before, pairs[i].pool_id)->record.version);
    CU_ASSERT_EQUAL(n_right, n);
    n_yes = race_count(&asks, 200) - n;
    printf("(%zu of %zu got in before) ", n_yes - n, n);
    CU_ASSERT_EQUAL(race_agree(rig, 0), 0);
    check_history(rig, n_yes);
    region_free(before);
    race_asks_clear(&asks);
    free(pairs);
    race_rig_free(rig);
}

/* ---- two who change places ---- */

static void add_both(struct race_rig *rig, json_t *offers, const char *action,
                     struct race_asks *asks)
{
    size_t i;
    json_t *offer;
    json_array_foreach(offers, i, offer)
    {
        const char *home = json_string_value(json_object_get(offer, "institution_id"));
        int is_first = strcmp(home, "H0") == 0;
        race_ask_add(asks, is_first, "POST",
                     strcmp(action, "admit") == 0 ? rig->home[!is_first] : rig->district, NULL,
                     "/v1/offers/%s:%s", json_string_value(json_object_get(offer, "offer_id")),
                     action);
    }
}

static size_t count_swapped(const struct region *region)
{
    size_t n = 0;
    for (int i = 0; i < SWAPS; i++) {
        char x[16], y[16];
        snprintf(x, sizeof x, "AX%04d", i);
        snprintf(y, sizeof y, "AY%04d", i);
        const struct applicant *a = region_applicant(region, x), *b = region_applicant(region, y);
        const struct pool *p = region_pool(region, x + 1), *q = region_pool(region, y + 1);
        n += a->state == APPLICANT_ADMITTED && b->state == APPLICANT_ADMITTED &&
             strcmp(a->current_pool, y + 1) == 0 && strcmp(b->current_pool, x + 1) == 0 &&
             p->beds_occupied == 1 && q->beds_occupied == 1 &&
             p->beds_committed + q->beds_committed + p->beds_accepted + q->beds_accepted == 0;
    }
    return n;
}

static void test_two_who_change_places(void)
{
    struct race_rig *rig = race_rig_new();
    struct race_asks accepts = {0}, admits = {0};
    if (!rig)
        return;
    race_world_swaps(rig, SWAPS);
    int64_t round = race_round(rig, 0);
    CU_ASSERT_EQUAL(race_agree(rig, 0), 0);
    json_t *offers = race_list(rig, 0, "/v1/offers", "state=sent");
    CU_ASSERT_EQUAL(json_array_size(offers), 2 * SWAPS);
    add_both(rig, offers, "accept", &accepts);
    race_run(rig, &accepts, NULL);
    CU_ASSERT_EQUAL(race_count(&accepts, 200), 2 * SWAPS);
    CU_ASSERT_EQUAL(race_agree(rig, round), 0);
    add_both(rig, offers, "admit", &admits);
    race_run(rig, &admits, NULL);
    CU_ASSERT_EQUAL(race_count(&admits, 200), SWAPS); /* the first of two moves both */
    CU_ASSERT_EQUAL(race_count(&admits, 409), SWAPS);
    CU_ASSERT_EQUAL(race_agree(rig, 0), 0);
    struct region *region = race_region(rig);
    CU_ASSERT_EQUAL(count_swapped(region), SWAPS);
    race_check(rig);
    region_free(region);
    json_decref(offers);
    race_asks_clear(&accepts);
    race_asks_clear(&admits);
    race_rig_free(rig);
}

/* ---- kill -9 ---- */

/* Those whose answer was lost ask again, with the same key: now they learn it. */
static void ask_again(struct race_rig *rig, struct race_asks *asks)
{
    size_t n_lost = 0;
    for (size_t i = 0; i < asks->n; i++) {
        struct race_ask *ask = &asks->list[i];
        if (ask->status > 0)
            continue;
        n_lost++;
        free(ask->answer);
        ask->answer = NULL;
        ask->status = served_ask(rig->daemon[ask->daemon], ask->method, ask->path, ask->token,
                                 ask->more, NULL, &ask->answer);
    }
    printf("(%zu answers lost) ", n_lost);
    CU_ASSERT(n_lost > 0);
}

static void test_killed_in_the_middle_of_accepts(void)
{
    struct race_rig *rig = race_rig_new();
    struct race_pair *pairs;
    struct race_asks asks = {0};
    struct score score = {0};
    unsigned seed = (unsigned)check_seed(5);
    int64_t round = 0;
    if (!rig)
        return;
    race_world_pools(rig, POOLS);
    size_t n = make_pairs(rig, POOLS, 0, &seed, &round, &pairs);
    race_world_post(rig, POOLS, 1);
    add_accepts(rig, pairs, n, &seed, &asks);
    asks.is_in_step = 1;
    race_run_killing(rig, &asks, 1, (int)n / 2);
    CU_ASSERT_EQUAL(race_agree(rig, 0), 0);
    race_check(rig);
    ask_again(rig, &asks);
    count_pairs(&asks, &score);
    CU_ASSERT_EQUAL(race_agree(rig, 0), 0);
    race_check(rig);
    check_history(rig, n);
    race_asks_clear(&asks);
    free(pairs);
    race_rig_free(rig);
}

static const struct check_test tests[] = {
    {"nobody shares the last bed", test_nobody_shares_the_last_bed},
    {"control: check before write shares beds", test_control_check_before_write_shares_beds},
    {"accept against fewer beds", test_accept_against_fewer_beds},
    {"two who change places", test_two_who_change_places},
    {"killed in the middle of accepts", test_killed_in_the_middle_of_accepts},
};
CHECK_SUITE(suite_races, tests);
