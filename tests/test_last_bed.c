/* test_last_bed.c - two processes accept two offers of the same last bed at the same time, 10,000
 * times: one succeeds each time and nobody shares a bed. The control does it the broken way - look
 * in the client, then write - and has to be caught by the very same count. */
#include "models/alloc.h"
#include "models/fields.h"
#include "tests/check.h"
#include "tests/store_rig.h"

#include <hiredis/hiredis.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRIES = 10000, CONTROL_TRIES = 1000, WINDOW = 100, CLIENTS = 2 };

/* Both processes see this. */
struct arena {
    pthread_barrier_t start;
    char is_won[CLIENTS][TRIES]; /* 1 = told that it has the bed, 2 = told that it has not */
};

static struct arena *arena_new(void)
{
    struct arena *arena =
        mmap(NULL, sizeof *arena, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CU_ASSERT_FATAL(arena != MAP_FAILED);
    pthread_barrierattr_t shared;
    pthread_barrierattr_init(&shared);
    pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init(&arena->start, &shared, CLIENTS);
    return arena;
}

static void pool_id(int bed, char id[ID_MAX + 1])
{
    snprintf(id, ID_MAX + 1, "P%05d", bed);
}

/* The bed as it was made: version 1, one bed, nobody accepted. */
static struct record *pool_free(int bed)
{
    struct change change;
    char id[ID_MAX + 1];
    pool_id(bed, id);
    rig_change(&change, id);
    rig_add_pool(&change, id, 1);
    struct record *copy = record_copy(change.items[0].record);
    change_clear(&change);
    return copy;
}

static void make_beds(struct rig *rig, int n)
{
    struct store *store = rig_handle(rig);
    for (int from = 0; from < n; from += 500) {
        struct change change;
        char id[ID_MAX + 1];
        snprintf(id, sizeof id, "beds-%d", from);
        rig_change(&change, id);
        for (int bed = from; bed < from + 500 && bed < n; bed++) {
            pool_id(bed, id);
            rig_add_pool(&change, id, 1);
        }
        CU_ASSERT_EQUAL_FATAL(rig_commit(rig, store, &change).status, STORE_OK);
        change_clear(&change);
    }
}

/* Client `who` accepts its offer of that bed: the pool counts it, the offer says so. */
static void accept_change(int bed, int who, struct change *change)
{
    char id[ID_MAX + 1];
    struct record *held = pool_free(bed);
    snprintf(id, sizeof id, "O%05d-%d", bed, who);
    rig_change(change, id);
    ((struct pool *)change_edit(change, held))->beds_accepted++;
    struct offer *offer = (struct offer *)change_create(change, RECORD_OFFER, id);
    pool_id(bed, offer->pool_id);
    snprintf(offer->applicant_id, sizeof offer->applicant_id, "A%05d-%d", bed, who);
    snprintf(offer->institution_id, sizeof offer->institution_id, "H1");
    offer->state = OFFER_ACCEPTED;
    record_free(held);
}

/* --- the right way: through the store --- */

static void race_window(struct rig *rig, struct arena *arena, int from, int who)
{
    struct rig_commit answers[WINDOW] = {0};
    struct change changes[WINDOW];
    for (int i = 0; i < WINDOW; i++)
        accept_change(from + i, who, &changes[i]);
    pthread_barrier_wait(&arena->start);
    for (int i = 0; i < WINDOW; i++)
        store_commit(rig->handles[0], &changes[i], rig_on_commit, &answers[i]);
    for (int i = 0; i < WINDOW; i++) {
        if (!rig_until(rig, &answers[i].is_done))
            _exit(3);
        enum store_status status = answers[i].reply.status;
        arena->is_won[who][from + i] = status == STORE_OK ? 1 : status == STORE_CONFLICT ? 2 : 0;
        change_clear(&changes[i]);
    }
}

static void race(struct redis_server *server, struct arena *arena, int who)
{
    struct rig rig;
    rig_init_redis(&rig, server, "race");
    rig_open(&rig, NULL);
    if (!rig_until(&rig, &rig.is_up[0]))
        _exit(2);
    for (int from = 0; from < TRIES; from += WINDOW)
        race_window(&rig, arena, from, who);
    rig_clear(&rig);
}

/* --- the broken way: check in the client, then write --- */

static void broken_commit(redisContext *redis, const struct change *change)
{
    for (size_t i = 0; i < change->n; i++) {
        const struct record *record = change->items[i].record;
        struct buffer value = {0};
        char *json = record_encode(record);
        buffer_format(&value, "%llu %s", (unsigned long long)record->version, json);
        redisAppendCommand(redis, "HSET {race}:rec:%s %s %b",
                           words_name(&words_record_type, (int)record->type), record->id,
                           value.bytes, value.len);
        buffer_clear(&value);
        free(json);
    }
    for (size_t i = 0; i < change->n; i++) {
        void *reply = NULL;
        redisGetReply(redis, &reply);
        freeReplyObject(reply);
    }
}

static int is_still_free(redisContext *redis, int bed)
{
    char id[ID_MAX + 1];
    pool_id(bed, id);
    redisReply *reply = redisCommand(redis, "HGET {race}:rec:pool %s", id);
    int is_free = reply && reply->type == REDIS_REPLY_STRING && strncmp(reply->str, "1 ", 2) == 0;
    freeReplyObject(reply);
    return is_free;
}

/* The second barrier makes sure that what a check outside the write allows does happen, on one core
 * too. */
static void race_broken(struct redis_server *server, struct arena *arena, int who)
{
    redisContext *redis = redisConnectUnix(redis_server_socket(server));
    int is_free[WINDOW];
    for (int from = 0; from < CONTROL_TRIES; from += WINDOW) {
        pthread_barrier_wait(&arena->start);
        for (int i = 0; i < WINDOW; i++)
            is_free[i] = is_still_free(redis, from + i);
        pthread_barrier_wait(&arena->start);
        for (int i = 0; i < WINDOW; i++) {
            struct change change;
            accept_change(from + i, who, &change);
            if (is_free[i])
                broken_commit(redis, &change);
            arena->is_won[who][from + i] = is_free[i] ? 1 : 2;
            change_clear(&change);
        }
    }
    redisFree(redis);
}

/* --- the count --- */

struct count {
    int sold_once, shared, unsold; /* beds, by accepted offers in the store */
    int answers_agree;             /* tries whose answers say the same as the store */
    int won_by_first;
};

static int accepted_offers(const struct region *region, int bed, int who)
{
    char id[ID_MAX + 1];
    snprintf(id, sizeof id, "O%05d-%d", bed, who);
    const struct offer *offer = region_offer(region, id);
    return offer && offer->state == OFFER_ACCEPTED;
}

static void count_beds(struct redis_server *server, const struct arena *arena, int tries,
                       struct count *count)
{
    struct rig rig;
    uint64_t feed;
    rig_init_redis(&rig, server, "race");
    struct alm_error err;
    err_init(&err);
    struct region *region = rig_load(&rig, rig_handle(&rig), &feed, &err);
    CU_ASSERT_STRING_EQUAL(err.message, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(region);
    err_clear(&err);
    *count = (struct count){0};
    for (int bed = 0; bed < tries; bed++) {
        int offers = 0, is_same = 1;
        for (int who = 0; who < CLIENTS; who++) {
            int has_bed = accepted_offers(region, bed, who);
            offers += has_bed;
            is_same &= arena->is_won[who][bed] == (has_bed ? 1 : 2);
            count->won_by_first += has_bed && who == 0;
        }
        count->unsold += offers == 0;
        count->sold_once += offers == 1;
        count->shared += offers > 1;
        count->answers_agree += is_same;
    }
    region_free(region);
    rig_clear(&rig);
}

/* Two processes race, then the beds are counted; 0 when there is no redis-server. */
static int run_race(void (*racer)(struct redis_server *, struct arena *, int), int tries,
                    struct count *count)
{
    struct redis_server *server = redis_server_start(NULL);
    if (!server) {
        check_skip("redis-server does not start here");
        return 0;
    }
    struct rig rig;
    struct arena *arena = arena_new();
    rig_init_redis(&rig, server, "race");
    make_beds(&rig, tries);
    rig_clear(&rig);
    pid_t other = fork();
    if (other == 0) {
        racer(server, arena, 1);
        _exit(0);
    }
    racer(server, arena, 0);
    int status = -1;
    waitpid(other, &status, 0);
    CU_ASSERT_EQUAL(status, 0);
    count_beds(server, arena, tries, count);
    pthread_barrier_destroy(&arena->start);
    munmap(arena, sizeof *arena);
    redis_server_free(server);
    return 1;
}

static void nobody_shares_the_last_bed(void)
{
    struct count count;
    if (!run_race(race, TRIES, &count))
        return;
    CU_ASSERT_EQUAL(count.sold_once, TRIES);
    CU_ASSERT_EQUAL(count.shared, 0);
    CU_ASSERT_EQUAL(count.unsold, 0);
    CU_ASSERT_EQUAL(count.answers_agree, TRIES);
    printf("(%d to %d) ", count.won_by_first, TRIES - count.won_by_first);
}

static void control_check_before_write_shares_beds(void)
{
    struct count count;
    if (!run_race(race_broken, CONTROL_TRIES, &count))
        return;
    CU_ASSERT(count.shared > 0);
    printf("(%d of %d shared) ", count.shared, CONTROL_TRIES);
}

static const struct check_test tests[] = {
    {"nobody shares the last bed", nobody_shares_the_last_bed},
    {"control: check before write shares beds", control_check_before_write_shares_beds},
};
CHECK_SUITE(suite_last_bed, tests);
