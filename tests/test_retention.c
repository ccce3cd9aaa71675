/* Tests of scheduler/retention.c and archive_prune: what is old goes, and nothing else. */
#include "tests/check.h"

#include "models/alloc.h"
#include "models/stamp.h"
#include "scheduler/archive.h"
#include "scheduler/data_dir.h"
#include "scheduler/retention.h"
#include "scheduler/usecases/usecases.h"
#include "store/memory_store.h"
#include "store/world_files.h"
#include "tests/small_region.h"

#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A daemon's parts that keep and throw away. */
struct office {
    struct event_base *base;
    struct store *store;
    struct writer *writer;
    struct retention *retention;
    struct region *small; /* to fill archives with */
    char *dir;
    int answers, lines;
    char last_line[700];
};

static int64_t now;

static int64_t fake_clock(void)
{
    return now;
}

static void on_line(void *arg, const char *line)
{
    struct office *office = arg;
    office->lines++;
    snprintf(office->last_line, sizeof office->last_line, "%s", line);
}

static void on_ready(void *arg, const struct alm_error *err)
{
    (void)arg;
    CU_ASSERT_PTR_NULL(err);
}

static void turn(struct office *office)
{
    event_base_loop(office->base, EVLOOP_NONBLOCK);
    if (memory_store_run(office->store) == 0)
        usleep(500);
}

/* Turns the loop until the condition holds, at most about twenty seconds. */
#define UNTIL(office, condition)                                                                   \
    do {                                                                                           \
        for (int turns_ = 0; turns_ < 40000 && !(condition); turns_++)                             \
            turn(office);                                                                          \
        CU_ASSERT(!!(condition));                                                                  \
    } while (0)

static struct office *office_open(void)
{
    struct office *office = alloc_zero(1, sizeof *office);
    now = SMALL_NOW;
    office->store = memory_store_new();
    office->dir = check_tmpdir();
    office->small = small_region();
    office->base = event_base_new();
    office->writer = writer_new(office->base, office->store, fake_clock, on_ready, office);
    UNTIL(office, writer_region(office->writer));
    return office;
}

static void office_close(struct office *office)
{
    store_free(office->store);
    writer_free(office->writer);
    retention_free(office->retention);
    event_base_free(office->base);
    region_free(office->small);
    free(office->dir);
    free(office);
}

static void office_begin(struct office *office, int64_t archive_days, int64_t person_days)
{
    struct retention_options options = {.archive_dir = office->dir,
                                        .archive_days = archive_days,
                                        .person_days = person_days,
                                        .store = office->store};
    office->retention =
        retention_new(office->base, office->writer, fake_clock, &options, on_line, office);
}

/* Long enough for a look that would be wrong. */
static void wait_a_little(struct office *office)
{
    for (int i = 0; i < 40; i++)
        turn(office);
}

static void on_answer(void *arg, const struct writer_result *result)
{
    struct office *office = arg;
    office->answers++;
    CU_ASSERT_PTR_NULL(result->err);
}

static void submit(struct office *office, writer_decide_fn decide, const void *arg)
{
    int before = office->answers;
    writer_submit(office->writer, decide, (void *)(uintptr_t)arg, NULL, on_answer, office);
    UNTIL(office, office->answers > before);
}

/* ---- rounds and their archives ---- */

static int decide_open(const struct region *region, void *arg, int64_t at, struct change *change,
                       struct alm_error *err)
{
    return round_open(region, arg, at, change, err);
}

static int decide_record(const struct region *region, void *arg, int64_t at, struct change *change,
                         struct alm_error *err)
{
    return round_record(region, arg, at, change, err);
}

static void archive_round(struct office *office, int64_t number)
{
    struct alm_error err;
    err_init(&err);
    CU_ASSERT_EQUAL(archive_put(office->dir, number, office->small, "{}", "{}", &err), 0);
    err_clear(&err);
}

/* A round that ended so many days ago (-1 = it runs), with its archive. */
static void add_round(struct office *office, int64_t number, int64_t days_ago)
{
    char id[ID_MAX + 1];
    snprintf(id, sizeof id, "%" PRId64, number);
    struct record *record = record_new(RECORD_ROUND, id);
    struct round *round = (void *)record;
    round->number = number;
    round->started_at = now - days_ago * STAMP_DAY_S;
    submit(office, decide_open, round);
    if (days_ago >= 0) {
        round->finished_at = round->started_at;
        round->ok = 1;
        submit(office, decide_record, round);
    }
    record_free(record);
    archive_round(office, number);
}

static int has_file(const struct office *office, const char *name)
{
    char *path = data_dir_below(office->dir, name);
    int is_there = access(path, F_OK) == 0;
    free(path);
    return is_there;
}

static void test_old_archives_go(void)
{
    struct office *office = office_open();
    struct alm_error err;
    size_t len = 0;
    err_init(&err);
    add_round(office, 1, 31);
    add_round(office, 2, 30);
    add_round(office, 3, 29);
    add_round(office, 4, 1);
    office_begin(office, 30, 0);
    UNTIL(office, !has_file(office, "1") && !has_file(office, "2"));
    CU_ASSERT(has_file(office, "3/plan.json") && has_file(office, "4/snapshot.tar"));
    CU_ASSERT(!has_file(office, ".gone-1") && !has_file(office, ".gone-2"));
    CU_ASSERT_PTR_NOT_NULL(strstr(office->last_line, "archives of 2 rounds"));
    CU_ASSERT_PTR_NULL(archive_get(office->dir, 1, "plan.json", &len, &err));
    CU_ASSERT_EQUAL(err.code, ERR_NOT_FOUND);
    CU_ASSERT_EQUAL(archive_last(office->dir), 4);
    /* what the round was stays known */
    CU_ASSERT_EQUAL(region_round(writer_region(office->writer), 1)->ok, 1);
    err_clear(&err);
    office_close(office);
}

static void test_the_newest_stays_however_old(void)
{
    struct office *office = office_open();
    add_round(office, 1, 400);
    add_round(office, 2, 300);
    office_begin(office, 1, 0);
    UNTIL(office, !has_file(office, "1"));
    wait_a_little(office);
    CU_ASSERT(has_file(office, "2/certificate.json"));
    office_close(office);
}

static void test_nothing_goes_unless_told(void)
{
    struct office *office = office_open();
    add_round(office, 1, 4000);
    add_round(office, 2, 3000);
    office_begin(office, 0, 0);
    wait_a_little(office);
    CU_ASSERT(has_file(office, "1/plan.json") && has_file(office, "2/plan.json"));
    CU_ASSERT_EQUAL(office->lines, 0);
    office_close(office);
}

/* A round that runs, an archive that the region knows nothing of, files of others. */
static void test_what_is_not_known_to_be_old_stays(void)
{
    struct office *office = office_open();
    struct alm_error err;
    err_init(&err);
    add_round(office, 1, 50);
    add_round(office, 2, -1);
    archive_round(office, 3);
    add_round(office, 4, 0);
    char *note = data_dir_below(office->dir, "note.txt");
    CU_ASSERT_EQUAL(world_files_spit(note, "x", 1, &err), 0);
    office_begin(office, 30, 0);
    UNTIL(office, !has_file(office, "1"));
    wait_a_little(office);
    CU_ASSERT(has_file(office, "2/plan.json") && has_file(office, "3/plan.json"));
    CU_ASSERT(has_file(office, "4/plan.json") && has_file(office, "note.txt"));
    free(note);
    err_clear(&err);
    office_close(office);
}

/* More than go at once; and what an interrupted removal has left. */
static void test_a_long_list_goes_to_its_end(void)
{
    struct office *office = office_open();
    for (int64_t number = 1; number <= 20; number++)
        add_round(office, number, 100);
    char *left = data_dir_below(office->dir, ".gone-99");
    char *whole = data_dir_below(office->dir, "20");
    CU_ASSERT_EQUAL(rename(whole, left), 0);
    office_begin(office, 1, 0);
    UNTIL(office, !has_file(office, "1") && !has_file(office, ".gone-99"));
    for (int64_t number = 1; number <= 18; number++) {
        char name[24];
        snprintf(name, sizeof name, "%" PRId64, number);
        UNTIL(office, !has_file(office, name));
    }
    CU_ASSERT(has_file(office, "19/plan.json"));
    free(whole);
    free(left);
    office_close(office);
}

static void test_a_round_that_ends_is_a_reason_to_look(void)
{
    struct office *office = office_open();
    add_round(office, 1, 0);
    add_round(office, 2, 0);
    office_begin(office, 30, 0);
    wait_a_little(office);
    CU_ASSERT(has_file(office, "1/plan.json"));
    now += 30 * STAMP_DAY_S;
    add_round(office, 3, 0);
    UNTIL(office, !has_file(office, "1") && !has_file(office, "2"));
    CU_ASSERT(has_file(office, "3/plan.json"));
    retention_stop(office->retention);
    now += 30 * STAMP_DAY_S;
    add_round(office, 4, 0);
    wait_a_little(office);
    CU_ASSERT(has_file(office, "3/plan.json")); /* the daemon is ending */
    office_close(office);
}

/* ---- personal data ---- */

struct leaver {
    char id[ID_MAX + 1];
    int is_closed;
    int64_t closed_at;
};

static int decide_leaver(const struct region *region, void *arg, int64_t at, struct change *change,
                         struct alm_error *err)
{
    const struct leaver *leaver = arg;
    (void)region, (void)at, (void)err;
    struct applicant *applicant =
        (struct applicant *)change_create(change, RECORD_APPLICANT, leaver->id);
    if (leaver->is_closed)
        applicant->state = APPLICANT_CLOSED;
    applicant->closed_at = leaver->closed_at;
    change->person_json = alloc_string("{\"name\":\"Nobody\"}");
    snprintf(change->person_id, sizeof change->person_id, "%s", leaver->id);
    return 0;
}

/* Somebody whose application was closed so many days ago; -1 = it is open. */
static void add_leaver(struct office *office, const char *id, int64_t days_ago)
{
    struct leaver leaver = {.is_closed = days_ago >= 0, .closed_at = STAMP_NONE};
    snprintf(leaver.id, sizeof leaver.id, "%s", id);
    if (leaver.is_closed)
        leaver.closed_at = now - days_ago * STAMP_DAY_S;
    submit(office, decide_leaver, &leaver);
}

struct asked {
    int is_done, is_there;
};

static void on_person(void *arg, const char *json, const struct alm_error *err)
{
    struct asked *asked = arg;
    CU_ASSERT_PTR_NULL(err);
    *asked = (struct asked){1, json != NULL};
}

static int has_person(struct office *office, const char *id)
{
    struct asked asked = {0};
    store_person(office->store, id, on_person, &asked);
    UNTIL(office, asked.is_done);
    return asked.is_there;
}

static int64_t erased_at(const struct office *office, const char *id)
{
    return region_applicant(writer_region(office->writer), id)->erased_at;
}

static void test_personal_data_of_closed_applications_goes(void)
{
    struct office *office = office_open();
    add_leaver(office, "A1", 90);
    add_leaver(office, "A2", 89);
    add_leaver(office, "A3", -1);
    office_begin(office, 0, 90);
    UNTIL(office, office->lines > 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(office->last_line, "personal data of 1 closed"));
    CU_ASSERT_EQUAL(erased_at(office, "A1"), now);
    CU_ASSERT_FALSE(has_person(office, "A1"));
    CU_ASSERT(has_person(office, "A2") && has_person(office, "A3"));
    CU_ASSERT(erased_at(office, "A2") == STAMP_NONE && erased_at(office, "A3") == STAMP_NONE);
    office_close(office);
}

static void test_personal_data_stays_unless_told(void)
{
    struct office *office = office_open();
    add_leaver(office, "A1", 9000);
    office_begin(office, 1, 0);
    wait_a_little(office);
    CU_ASSERT(has_person(office, "A1"));
    CU_ASSERT_EQUAL(office->lines, 0);
    office_close(office);
}

/* More than are in hand at once; the files are written anew once, at the end. */
static void test_many_go_in_steps(void)
{
    struct office *office = office_open();
    char id[ID_MAX + 1];
    for (int i = 0; i < 150; i++) {
        snprintf(id, sizeof id, "A%03d", i);
        add_leaver(office, id, 10);
    }
    office_begin(office, 0, 10);
    UNTIL(office, office->lines > 0);
    wait_a_little(office);
    CU_ASSERT_EQUAL(office->lines, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(office->last_line, "personal data of 150 closed"));
    CU_ASSERT_FALSE(has_person(office, "A149"));
    office_close(office);
}

static const struct check_test tests[] = {
    {"old", test_old_archives_go},
    {"newest", test_the_newest_stays_however_old},
    {"unless_told", test_nothing_goes_unless_told},
    {"unknown", test_what_is_not_known_to_be_old_stays},
    {"long_list", test_a_long_list_goes_to_its_end},
    {"round_ended", test_a_round_that_ends_is_a_reason_to_look},
    {"personal_data", test_personal_data_of_closed_applications_goes},
    {"person_stays", test_personal_data_stays_unless_told},
    {"many", test_many_go_in_steps},
};
CHECK_SUITE(suite_retention, tests);
