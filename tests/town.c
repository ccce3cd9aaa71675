/* town.c - see town.h. */
#include "tests/town.h"

#include "models/alloc.h"
#include "scheduler/usecases/usecases.h"
#include "store/memory_store.h"
#include "tests/check.h"
#include "tests/small_region.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int64_t town_now;

static int64_t town_clock(void)
{
    return town_now;
}

static void on_line(void *arg, const char *line)
{
    struct town *town = arg;
    town->lines++;
    snprintf(town->last_line, sizeof town->last_line, "%s", line);
}

static void on_ready(void *arg, const struct alm_error *err)
{
    (void)arg;
    CU_ASSERT_PTR_NULL(err);
}

void town_turn(struct town *town)
{
    event_base_loop(town->base, EVLOOP_NONBLOCK);
    if (memory_store_run(town->store) == 0)
        usleep(500);
}

void town_on_answer(void *arg, const struct writer_result *result)
{
    struct town *town = arg;
    town->answers++;
    CU_ASSERT_PTR_NULL(result->err);
}

int town_decide(const struct region *region, void *arg, int64_t at, struct change *change,
                struct alm_error *err)
{
    (void)region, (void)at, (void)err;
    struct region *small = small_region();
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        const struct record *record = region_first(small, (enum record_type)type);
        for (; record; record = region_next(record)) {
            struct record *added = change_add(change, record);
            if (type == RECORD_APPLICANT && !arg)
                ((struct applicant *)(void *)added)->household_id[0] = '\0';
        }
    }
    region_free(small);
    return 0;
}

void town_submit(struct town *town, writer_decide_fn decide, void *arg)
{
    int before = town->answers;
    writer_submit(town->writer, decide, arg, NULL, town_on_answer, town);
    TOWN_UNTIL(town, town->answers > before);
}

void town_begin(struct town *town)
{
    town->options.archive_dir = town->dir;
    town->rounds = rounds_new(town->base, town->writer, town_clock, &town->options, on_line, town);
}

static void town_load(struct town *town)
{
    town->base = event_base_new();
    town->writer = writer_new(town->base, town->store, town_clock, on_ready, town);
    TOWN_UNTIL(town, writer_region(town->writer));
}

struct town *town_open(int is_empty)
{
    struct town *town = alloc_zero(1, sizeof *town);
    town_now = SMALL_NOW;
    town->store = memory_store_new();
    town->dir = check_tmpdir();
    town_load(town);
    if (!is_empty)
        town_submit(town, town_decide, NULL);
    return town;
}

static void town_end(struct town *town)
{
    store_free(town->store);
    writer_free(town->writer);
    rounds_free(town->rounds);
    event_base_free(town->base);
}

void town_close(struct town *town)
{
    town_end(town);
    free(town->dir);
    free(town);
}

void town_restart(struct town *town)
{
    struct store *store = memory_store_share(town->store);
    town_end(town);
    town->store = store;
    town_load(town);
    town_begin(town);
}

int64_t town_round(struct town *town)
{
    struct alm_error err;
    err_init(&err);
    int64_t number = rounds_start(town->rounds, NULL, &err);
    CU_ASSERT_EQUAL(err.code, ERR_NONE);
    TOWN_UNTIL(town, rounds_running(town->rounds) == 0);
    return number;
}

const struct round *town_round_of(const struct town *town, int64_t number)
{
    return region_round(writer_region(town->writer), number);
}

size_t town_offers(const struct town *town, enum offer_state state)
{
    size_t n = 0;
    const struct record *record = region_first(writer_region(town->writer), RECORD_OFFER);
    for (; record; record = region_next(record))
        n += ((const struct offer *)(const void *)record)->state == state;
    return n;
}

void town_check(const struct town *town)
{
    struct alm_error err;
    err_init(&err);
    CU_ASSERT_EQUAL(region_check(writer_region(town->writer), &err), 0);
    err_clear(&err);
}
