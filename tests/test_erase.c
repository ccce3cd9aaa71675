/* Tests of usecases/erase.c: whose personal data may go, and when. */
#include "tests/check.h"

#include "models/stamp.h"
#include "scheduler/usecases/usecases.h"
#include "tests/small_region.h"

static struct small f;

static void close_application(const char *id, int64_t now)
{
    CU_ASSERT_EQUAL(
        small_done(&f, intake_withdraw(f.region, id, CLOSED_OTHER, now, &f.change, &f.err)), 0);
}

static void an_open_application_keeps_it(void)
{
    static const char *const open[] = {"A1", "R1"};
    small_open(&f);
    for (size_t i = 0; i < 2; i++) {
        CU_ASSERT_EQUAL(
            small_done(&f, erase_person(f.region, open[i], SMALL_NOW, &f.change, &f.err)), -1);
        CU_ASSERT_EQUAL(f.err.code, ERR_ILLEGAL_STATE);
        err_clear(&f.err);
        CU_ASSERT_EQUAL(
            erase_person_due(f.region, open[i], SMALL_NOW, SMALL_NOW, &f.change, &f.err), 0);
        CU_ASSERT_EQUAL(f.change.n, 0);
    }
    CU_ASSERT_EQUAL(small_done(&f, erase_person(f.region, "A99", SMALL_NOW, &f.change, &f.err)),
                    -1);
    CU_ASSERT_EQUAL(f.err.code, ERR_NOT_FOUND);
    small_close(&f);
}

static void a_closed_one_loses_it_once(void)
{
    small_open(&f);
    close_application("A1", SMALL_NOW + 5);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A1")->closed_at, SMALL_NOW + 5);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A1")->erased_at, STAMP_NONE);
    CU_ASSERT_EQUAL(erase_person(f.region, "A1", SMALL_NOW + 9, &f.change, &f.err), 0);
    CU_ASSERT_EQUAL(f.change.erases_person, 1);
    CU_ASSERT_STRING_EQUAL(f.change.person_id, "A1");
    CU_ASSERT_EQUAL(f.change.event, EVENT_APPLICANT_ERASED);
    CU_ASSERT_EQUAL(small_done(&f, 0), 0);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A1")->erased_at, SMALL_NOW + 9);
    CU_ASSERT_EQUAL(erase_person(f.region, "A1", SMALL_NOW + 10, &f.change, &f.err), 0);
    CU_ASSERT(f.change.n == 0 && !f.change.erases_person);
    small_close(&f);
}

static void a_discharge_closes_too(void)
{
    small_open(&f);
    CU_ASSERT_EQUAL(small_done(&f, resident_discharge(f.region, "R1", CLOSED_DIED, SMALL_NOW,
                                                      &f.change, &f.err)),
                    0);
    CU_ASSERT_EQUAL(region_applicant(f.region, "R1")->closed_at, SMALL_NOW);
    /* who takes back a wish to move has not closed anything */
    close_application("R2", SMALL_NOW);
    CU_ASSERT_EQUAL(region_applicant(f.region, "R2")->closed_at, STAMP_NONE);
    small_close(&f);
}

static void by_the_rule_when_it_is_time(void)
{
    small_open(&f);
    close_application("A2", SMALL_NOW);
    CU_ASSERT_EQUAL(
        erase_person_due(f.region, "A2", SMALL_NOW - 1, SMALL_NOW + 99, &f.change, &f.err), 0);
    CU_ASSERT_EQUAL(f.change.n, 0);
    CU_ASSERT_EQUAL(erase_person_due(f.region, "A2", SMALL_NOW, SMALL_NOW + 100, &f.change, &f.err),
                    0);
    CU_ASSERT_EQUAL(f.change.erases_person, 1);
    CU_ASSERT_EQUAL(small_done(&f, 0), 0);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A2")->erased_at, SMALL_NOW + 100);
    small_close(&f);
}

/* As a version that did not note the moment has left it. */
static void the_time_of_old_ones_begins_now(void)
{
    small_open(&f);
    close_application("A2", SMALL_NOW);
    struct applicant *old =
        (struct applicant *)record_copy(region_find(f.region, RECORD_APPLICANT, "A2"));
    old->closed_at = STAMP_NONE;
    old->record.version++;
    region_put_take(f.region, &old->record);
    CU_ASSERT_EQUAL(small_done(&f, erase_person_due(f.region, "A2", SMALL_NOW + 100,
                                                    SMALL_NOW + 200, &f.change, &f.err)),
                    0);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A2")->erased_at, STAMP_NONE);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A2")->closed_at, SMALL_NOW + 200);
    small_close(&f);
}

static const struct check_test tests[] = {
    {"an_open_application_keeps_it", an_open_application_keeps_it},
    {"a_closed_one_loses_it_once", a_closed_one_loses_it_once},
    {"a_discharge_closes_too", a_discharge_closes_too},
    {"by_the_rule_when_it_is_time", by_the_rule_when_it_is_time},
    {"the_time_of_old_ones_begins_now", the_time_of_old_ones_begins_now},
};
CHECK_SUITE(suite_erase, tests);
