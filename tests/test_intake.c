/* test_intake.c - coming onto the list, changing, resting, leaving it. */
#include "models/stamp.h"
#include "scheduler/usecases/usecases.h"
#include "tests/check.h"
#include "tests/small_region.h"

#include <string.h>

static struct region *region;
static struct change change;
static struct alm_error err;

static void set_up(void)
{
    region = small_region();
    change_init(&change);
    err_init(&err);
}

static void tear_down(void)
{
    change_clear(&change);
    err_clear(&err);
    region_free(region);
}

static int done(int status)
{
    if (status == 0)
        return small_commit(region, &change);
    change_clear(&change);
    change_init(&change);
    return status;
}

static struct applicant *somebody(const char *id)
{
    struct applicant *applicant =
        (struct applicant *)record_copy(region_find(region, RECORD_APPLICANT, "A2"));
    memset(applicant->record.id, 0, sizeof applicant->record.id);
    strcpy(applicant->record.id, id);
    return applicant;
}

static void submitting_puts_on_the_list(void)
{
    set_up();
    struct applicant *applicant = somebody("N1");
    CU_ASSERT_EQUAL(intake_submit(region, applicant, "{\"name\":\"x\"}", SMALL_NOW, &change, &err),
                    0);
    CU_ASSERT_STRING_EQUAL(change.person_id, "N1");
    CU_ASSERT_EQUAL(done(0), 0);
    CU_ASSERT_EQUAL(region_applicant(region, "N1")->state, APPLICANT_WAITING);
    CU_ASSERT_EQUAL(region_applicant(region, "N1")->record.version, 1);
    CU_ASSERT_EQUAL(done(intake_submit(region, applicant, NULL, SMALL_NOW, &change, &err)), -1);
    CU_ASSERT_EQUAL(err.code, ERR_CONFLICT);
    record_free(&applicant->record);
    tear_down();
}

static void what_cannot_be_is_refused(void)
{
    set_up();
    struct applicant *applicant = somebody("N1");
    applicant->applied_at = SMALL_NOW + 3 * 86400;
    CU_ASSERT_EQUAL(done(intake_submit(region, applicant, NULL, SMALL_NOW, &change, &err)), -1);
    CU_ASSERT_STRING_EQUAL(err.issues[0].pointer, "/applied_at");
    err_clear(&err);
    applicant->applied_at = SMALL_NOW;
    strcpy(applicant->current_pool, "nowhere");
    CU_ASSERT_EQUAL(done(intake_submit(region, applicant, NULL, SMALL_NOW, &change, &err)), -1);
    CU_ASSERT_STRING_EQUAL(err.issues[0].pointer, "/current_pool");
    record_free(&applicant->record);
    tear_down();
}

static void a_patch_keeps_what_use_cases_own(void)
{
    set_up();
    small_round(region, 1, 1, (const char *[]){"A2", "P1"});
    struct applicant *applicant = somebody("A2");
    applicant->level = 5;
    applicant->state = APPLICANT_WAITING;
    applicant->offer_id[0] = '\0';
    CU_ASSERT_EQUAL(done(intake_patch(region, applicant, NULL, SMALL_NOW, &change, &err)), 0);
    CU_ASSERT_EQUAL(region_applicant(region, "A2")->level, 5);
    CU_ASSERT_EQUAL(region_applicant(region, "A2")->state, APPLICANT_OFFERED);
    CU_ASSERT_STRING_EQUAL(region_applicant(region, "A2")->offer_id, "R1-0001");
    record_free(&applicant->record);
    tear_down();
}

static void parked_people_get_no_offers(void)
{
    set_up();
    CU_ASSERT_EQUAL(done(intake_park(region, "A2", STAMP_NONE, SMALL_NOW, &change, &err)), 0);
    CU_ASSERT_EQUAL(small_round(region, 1, 1, (const char *[]){"A2", "P1"}), 0);
    CU_ASSERT_EQUAL(done(intake_unpark(region, "A2", SMALL_NOW, &change, &err)), 0);
    CU_ASSERT_EQUAL(small_round(region, 2, 1, (const char *[]){"A2", "P1"}), 1);
    tear_down();
}

static void parking_comes_to_its_end(void)
{
    const int64_t until = SMALL_NOW + 60;
    set_up();
    CU_ASSERT_EQUAL(done(intake_park(region, "A2", until, SMALL_NOW, &change, &err)), 0);
    CU_ASSERT_EQUAL(done(intake_unpark_due(region, "A2", until - 1, &change, &err)), 0);
    CU_ASSERT_EQUAL(region_applicant(region, "A2")->state, APPLICANT_PARKED);
    CU_ASSERT_EQUAL(done(intake_unpark_due(region, "A2", until, &change, &err)), 0);
    CU_ASSERT_EQUAL(region_applicant(region, "A2")->state, APPLICANT_WAITING);
    CU_ASSERT_EQUAL(done(intake_park(region, "A2", STAMP_NONE, until, &change, &err)), 0);
    CU_ASSERT_EQUAL(done(intake_unpark_due(region, "A2", INT64_MAX, &change, &err)), 0);
    CU_ASSERT_EQUAL(region_applicant(region, "A2")->state, APPLICANT_PARKED);
    tear_down();
}

static void withdrawing_takes_the_offer_along(void)
{
    set_up();
    small_round(region, 1, 1, (const char *[]){"A2", "P1"});
    CU_ASSERT_EQUAL(done(intake_withdraw(region, "A2", CLOSED_WITHDREW, SMALL_NOW, &change, &err)),
                    0);
    CU_ASSERT_EQUAL(region_applicant(region, "A2")->state, APPLICANT_CLOSED);
    CU_ASSERT_EQUAL(region_offer(region, "R1-0001")->state, OFFER_WITHDRAWN);
    CU_ASSERT_EQUAL(region_pool(region, "P1")->beds_committed, 0);
    tear_down();
}

static void a_resident_who_takes_the_request_back_stays(void)
{
    set_up();
    CU_ASSERT_EQUAL(done(intake_withdraw(region, "R1", CLOSED_WITHDREW, SMALL_NOW, &change, &err)),
                    0);
    CU_ASSERT_EQUAL(region_applicant(region, "R1")->state, APPLICANT_ADMITTED);
    CU_ASSERT_STRING_EQUAL(region_applicant(region, "R1")->current_pool, "P3");
    CU_ASSERT_EQUAL(done(intake_ask_move(region, "R1", SMALL_NOW, &change, &err)), 0);
    CU_ASSERT_EQUAL(region_applicant(region, "R1")->state, APPLICANT_WAITING);
    tear_down();
}

static const struct check_test tests[] = {
    {"submitting_puts_on_the_list", submitting_puts_on_the_list},
    {"what_cannot_be_is_refused", what_cannot_be_is_refused},
    {"a_patch_keeps_what_use_cases_own", a_patch_keeps_what_use_cases_own},
    {"parked_people_get_no_offers", parked_people_get_no_offers},
    {"parking_comes_to_its_end", parking_comes_to_its_end},
    {"withdrawing_takes_the_offer_along", withdrawing_takes_the_offer_along},
    {"a_resident_who_takes_the_request_back_stays", a_resident_who_takes_the_request_back_stays},
};
CHECK_SUITE(suite_intake, tests);
