/* race_naive.c - see race_naive.h. Speaks RESP over the unix socket by itself. */
#include "tests/race_naive.h"

#include "models/alloc.h"
#include "models/fields.h"
#include "tests/check.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct contest {
    const struct race_pair *pairs;
    size_t n;
    pthread_barrier_t barrier;
};

struct naive {
    struct contest *contest;
    int who; /* 0 or 1: which offer of a pair */
    FILE *redis;
    size_t told_yes;
};

static FILE *connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        return NULL;
    return fdopen(fd, "r+");
}

/* Sends one command of `n` arguments; the first line of the reply. */
static void command(FILE *redis, const char *const *args, int n, char line[80])
{
    fprintf(redis, "*%d\r\n", n);
    for (int i = 0; i < n; i++)
        fprintf(redis, "$%zu\r\n%s\r\n", strlen(args[i]), args[i]);
    fflush(redis);
    if (!fgets(line, 80, redis))
        line[0] = '\0';
}

static char *key_of(enum record_type type, char key[80])
{
    snprintf(key, 80, "{" RACE_REGION "}:rec:%s", words_name(&words_record_type, (int)type));
    return key;
}

/* The record as it is now; it is kept as "version json". */
static struct record *read_record(FILE *redis, enum record_type type, const char *id)
{
    char key[80], line[80], *json;
    const char *const args[] = {"HGET", key_of(type, key), id};
    command(redis, args, 3, line);
    size_t len = strtoull(line + 1, NULL, 10);
    char *value = alloc_zero(len + 3, 1);
    size_t got = fread(value, 1, len + 2, redis);
    uint64_t version = strtoull(value, &json, 10);
    struct record *record =
        got == len + 2
            ? record_decode(type, json + 1, len - (size_t)(json + 1 - value), version, NULL)
            : NULL;
    free(value);
    return record;
}

static void write_record(FILE *redis, struct record *record)
{
    struct buffer value = {0};
    char key[80], line[80], *json = record_encode(record);
    buffer_format(&value, "%" PRIu64 " %s", record->version + 1, json);
    const char *const args[] = {"HSET", key_of(record->type, key), record->id, value.bytes};
    command(redis, args, 4, line);
    buffer_clear(&value);
    free(json);
}

static void write_accepted(FILE *redis, struct pool *pool, const char *offer_id)
{
    struct offer *offer = (struct offer *)read_record(redis, RECORD_OFFER, offer_id);
    offer->state = OFFER_ACCEPTED;
    pool->beds_accepted++;
    write_record(redis, &offer->record);
    write_record(redis, &pool->record);
    record_free(&offer->record);
}

/* The barrier between look and write makes sure that what the broken way allows does happen, on one
 * core too. */
static void *run(void *arg)
{
    struct naive *naive = arg;
    struct contest *contest = naive->contest;
    for (size_t i = 0; i < contest->n; i++) {
        pthread_barrier_wait(&contest->barrier);
        struct pool *pool =
            (struct pool *)read_record(naive->redis, RECORD_POOL, contest->pairs[i].pool_id);
        int is_free = pool->beds_occupied + pool->beds_accepted < pool->beds_usable;
        if (i % 2) /* every other time nobody helps */
            pthread_barrier_wait(&contest->barrier);
        if (is_free)
            write_accepted(naive->redis, pool, contest->pairs[i].offer_id[naive->who]);
        naive->told_yes += (size_t)is_free;
        record_free(&pool->record);
    }
    return NULL;
}

size_t race_naive_accept(const char *socket, const struct race_pair *pairs, size_t n)
{
    struct contest contest = {.pairs = pairs, .n = n};
    struct naive naive[2];
    pthread_t threads[2];
    pthread_barrier_init(&contest.barrier, NULL, 2);
    for (int who = 0; who < 2; who++) {
        naive[who] = (struct naive){.contest = &contest, .who = who, .redis = connect_to(socket)};
        CU_ASSERT_PTR_NOT_NULL_FATAL(naive[who].redis);
    }
    for (int who = 0; who < 2; who++)
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[who], NULL, run, &naive[who]), 0);
    for (int who = 0; who < 2; who++) {
        pthread_join(threads[who], NULL);
        fclose(naive[who].redis);
    }
    pthread_barrier_destroy(&contest.barrier);
    return naive[0].told_yes + naive[1].told_yes;
}
