/* test_intake.c - coming onto the list, changing, resting, leaving it. */
#include "models/stamp.h"
#include "scheduler/usecases/usecases.h"
#include "tests/check.h"
#include "tests/small_region.h"

#include <stdlib.h>
#include <string.h>

static struct small f;

static struct applicant *somebody(const char *id)
{
    struct applicant *applicant =
        (struct applicant *)record_copy(region_find(f.region, RECORD_APPLICANT, "A2"));
    memset(applicant->record.id, 0, sizeof applicant->record.id);
    strcpy(applicant->record.id, id);
    return applicant;
}

static void submitting_puts_on_the_list(void)
{
    small_open(&f);
    struct applicant *applicant = somebody("N1");
    CU_ASSERT_EQUAL(
        intake_submit(f.region, applicant, "{\"name\":\"x\"}", SMALL_NOW, &f.change, &f.err), 0);
    CU_ASSERT_STRING_EQUAL(f.change.person_id, "N1");
    CU_ASSERT_EQUAL(small_done(&f, 0), 0);
    CU_ASSERT_EQUAL(region_applicant(f.region, "N1")->state, APPLICANT_WAITING);
    CU_ASSERT_EQUAL(region_applicant(f.region, "N1")->record.version, 1);
    CU_ASSERT_EQUAL(
        small_done(&f, intake_submit(f.region, applicant, NULL, SMALL_NOW, &f.change, &f.err)), -1);
    CU_ASSERT_EQUAL(f.err.code, ERR_CONFLICT);
    record_free(&applicant->record);
    small_close(&f);
}

static void what_cannot_be_is_refused(void)
{
    small_open(&f);
    struct applicant *applicant = somebody("N1");
    applicant->applied_at = SMALL_NOW + 3 * 86400;
    CU_ASSERT_EQUAL(
        small_done(&f, intake_submit(f.region, applicant, NULL, SMALL_NOW, &f.change, &f.err)), -1);
    CU_ASSERT_STRING_EQUAL(f.err.issues[0].pointer, "/applied_at");
    err_clear(&f.err);
    applicant->applied_at = SMALL_NOW;
    applicant->birth_date = SMALL_NOW + 3 * 86400;
    CU_ASSERT_EQUAL(
        small_done(&f, intake_submit(f.region, applicant, NULL, SMALL_NOW, &f.change, &f.err)), -1);
    CU_ASSERT_STRING_EQUAL(f.err.issues[0].pointer, "/birth_date");
    err_clear(&f.err);
    applicant->birth_date = STAMP_NONE;
    strcpy(applicant->current_pool, "nowhere");
    CU_ASSERT_EQUAL(
        small_done(&f, intake_submit(f.region, applicant, NULL, SMALL_NOW, &f.change, &f.err)), -1);
    CU_ASSERT_STRING_EQUAL(f.err.issues[0].pointer, "/current_pool");
    record_free(&applicant->record);
    small_close(&f);
}

static void a_patch_keeps_what_use_cases_own(void)
{
    small_open(&f);
    small_round(f.region, 1, 1, (const char *[]){"A2", "P1"});
    struct applicant *applicant = somebody("A2");
    applicant->level = 5;
    applicant->state = APPLICANT_WAITING;
    applicant->offer_id[0] = '\0';
    CU_ASSERT_EQUAL(
        small_done(&f, intake_patch(f.region, applicant, NULL, SMALL_NOW, &f.change, &f.err)), 0);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A2")->level, 5);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A2")->state, APPLICANT_OFFERED);
    CU_ASSERT_STRING_EQUAL(region_applicant(f.region, "A2")->offer_id, "R1-0001");
    record_free(&applicant->record);
    small_close(&f);
}

static void parked_people_get_no_offers(void)
{
    small_open(&f);
    CU_ASSERT_EQUAL(
        small_done(&f, intake_park(f.region, "A2", STAMP_NONE, SMALL_NOW, &f.change, &f.err)), 0);
    CU_ASSERT_EQUAL(small_round(f.region, 1, 1, (const char *[]){"A2", "P1"}), 0);
    CU_ASSERT_EQUAL(small_done(&f, intake_unpark(f.region, "A2", SMALL_NOW, &f.change, &f.err)), 0);
    CU_ASSERT_EQUAL(small_round(f.region, 2, 1, (const char *[]){"A2", "P1"}), 1);
    small_close(&f);
}

static void parking_comes_to_its_end(void)
{
    const int64_t until = SMALL_NOW + 60;
    small_open(&f);
    CU_ASSERT_EQUAL(
        small_done(&f, intake_park(f.region, "A2", until, SMALL_NOW, &f.change, &f.err)), 0);
    CU_ASSERT_EQUAL(small_done(&f, intake_unpark_due(f.region, "A2", until - 1, &f.change, &f.err)),
                    0);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A2")->state, APPLICANT_PARKED);
    CU_ASSERT_EQUAL(small_done(&f, intake_unpark_due(f.region, "A2", until, &f.change, &f.err)), 0);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A2")->state, APPLICANT_WAITING);
    CU_ASSERT_EQUAL(
        small_done(&f, intake_park(f.region, "A2", STAMP_NONE, until, &f.change, &f.err)), 0);
    CU_ASSERT_EQUAL(small_done(&f, intake_unpark_due(f.region, "A2", INT64_MAX, &f.change, &f.err)),
                    0);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A2")->state, APPLICANT_PARKED);
    small_close(&f);
}

static void a_couple_rests_and_comes_back_as_one(void)
{
    small_open(&f);
    CU_ASSERT_EQUAL(
        small_done(&f, intake_park(f.region, "A4", STAMP_NONE, SMALL_NOW, &f.change, &f.err)), 0);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A3")->state, APPLICANT_PARKED);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A5")->state, APPLICANT_WAITING);
    CU_ASSERT_EQUAL(small_done(&f, intake_unpark(f.region, "A3", SMALL_NOW, &f.change, &f.err)), 0);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A3")->state, APPLICANT_WAITING);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A4")->state, APPLICANT_WAITING);
    small_close(&f);
}

static void withdrawing_takes_the_offer_along(void)
{
    small_open(&f);
    small_round(f.region, 1, 1, (const char *[]){"A2", "P1"});
    CU_ASSERT_EQUAL(small_done(&f, intake_withdraw(f.region, "A2", CLOSED_WITHDREW, SMALL_NOW,
                                                   &f.change, &f.err)),
                    0);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A2")->state, APPLICANT_CLOSED);
    CU_ASSERT_EQUAL(region_offer(f.region, "R1-0001")->state, OFFER_WITHDRAWN);
    CU_ASSERT_EQUAL(region_pool(f.region, "P1")->beds_committed, 0);
    small_close(&f);
}

static void a_resident_who_takes_the_request_back_stays(void)
{
    small_open(&f);
    CU_ASSERT_EQUAL(small_done(&f, intake_withdraw(f.region, "R1", CLOSED_WITHDREW, SMALL_NOW,
                                                   &f.change, &f.err)),
                    0);
    CU_ASSERT_EQUAL(region_applicant(f.region, "R1")->state, APPLICANT_ADMITTED);
    CU_ASSERT_STRING_EQUAL(region_applicant(f.region, "R1")->current_pool, "P3");
    CU_ASSERT_EQUAL(small_done(&f, intake_ask_move(f.region, "R1", SMALL_NOW, &f.change, &f.err)),
                    0);
    CU_ASSERT_EQUAL(region_applicant(f.region, "R1")->state, APPLICANT_WAITING);
    small_close(&f);
}

/* Nobody who has died goes on living in a bed. */
static void a_resident_who_died_is_for_the_home_to_discharge(void)
{
    small_open(&f);
    CU_ASSERT_EQUAL(
        small_done(&f, intake_withdraw(f.region, "R1", CLOSED_DIED, SMALL_NOW, &f.change, &f.err)),
        -1);
    CU_ASSERT_EQUAL(f.err.code, ERR_ILLEGAL_STATE);
    CU_ASSERT_PTR_NOT_NULL(strstr(f.err.message, "P3"));
    CU_ASSERT_EQUAL(region_applicant(f.region, "R1")->state, APPLICANT_WAITING);
    small_close(&f);
}

/* Two offices that number their households alike do not tie strangers together. */
static void a_household_of_another_district_is_not_joined(void)
{
    small_open(&f);
    struct applicant *one = somebody("N1"), *two = somebody("N2");
    strcpy(one->household_id, "H1");
    strcpy(two->household_id, "H1");
    free(two->district);
    two->district = strdup("elsewhere");
    CU_ASSERT_EQUAL(
        small_done(&f, intake_submit(f.region, one, NULL, SMALL_NOW, &f.change, &f.err)), 0);
    CU_ASSERT_EQUAL(
        small_done(&f, intake_submit(f.region, two, NULL, SMALL_NOW, &f.change, &f.err)), -1);
    CU_ASSERT_STRING_EQUAL(f.err.issues[0].pointer, "/household_id");
    err_clear(&f.err);
    two->household_id[0] = '\0';
    CU_ASSERT_EQUAL(
        small_done(&f, intake_submit(f.region, two, NULL, SMALL_NOW, &f.change, &f.err)), 0);
    strcpy(two->household_id, "H1");
    CU_ASSERT_EQUAL(small_done(&f, intake_patch(f.region, two, NULL, SMALL_NOW, &f.change, &f.err)),
                    -1);
    CU_ASSERT_STRING_EQUAL(f.err.issues[0].pointer, "/household_id");
    err_clear(&f.err);
    CU_ASSERT_EQUAL(
        small_done(&f, intake_withdraw(f.region, "N1", CLOSED_DIED, SMALL_NOW, &f.change, &f.err)),
        0);
    CU_ASSERT_EQUAL(small_done(&f, intake_patch(f.region, two, NULL, SMALL_NOW, &f.change, &f.err)),
                    0);
    record_free(&one->record);
    record_free(&two->record);
    small_close(&f);
}

static void a_closed_application_comes_back_as_it_was(void)
{
    small_open(&f);
    const int64_t applied_at = region_applicant(f.region, "A2")->applied_at;
    CU_ASSERT_EQUAL(small_done(&f, intake_reopen(f.region, "A2", SMALL_NOW, &f.change, &f.err)),
                    -1);
    CU_ASSERT_EQUAL(f.err.code, ERR_ILLEGAL_STATE);
    err_clear(&f.err);
    small_round(f.region, 1, 1, (const char *[]){"A2", "P1"});
    CU_ASSERT_EQUAL(
        small_done(&f, intake_withdraw(f.region, "A2", CLOSED_DIED, SMALL_NOW, &f.change, &f.err)),
        0);
    CU_ASSERT_EQUAL(small_done(&f, erase_person(f.region, "A2", SMALL_NOW, &f.change, &f.err)), 0);
    CU_ASSERT_EQUAL(small_done(&f, intake_reopen(f.region, "A2", SMALL_NOW + 9, &f.change, &f.err)),
                    0);
    const struct applicant *back = region_applicant(f.region, "A2");
    CU_ASSERT(back->state == APPLICANT_WAITING && back->closed_reason == CLOSED_NONE);
    CU_ASSERT(back->closed_at == STAMP_NONE && back->erased_at == STAMP_NONE);
    CU_ASSERT_EQUAL(back->applied_at, applied_at);
    CU_ASSERT_STRING_EQUAL(back->offer_id, "");
    CU_ASSERT_EQUAL(small_round(f.region, 2, 1, (const char *[]){"A2", "P1"}), 1);
    small_close(&f);
}

/* Who lived in a home comes back without the bed. */
static void a_discharged_resident_comes_back_as_a_newcomer(void)
{
    small_open(&f);
    CU_ASSERT_EQUAL(small_done(&f, resident_discharge(f.region, "R1", CLOSED_OTHER, SMALL_NOW,
                                                      &f.change, &f.err)),
                    0);
    CU_ASSERT_EQUAL(small_done(&f, intake_reopen(f.region, "R1", SMALL_NOW, &f.change, &f.err)), 0);
    CU_ASSERT_STRING_EQUAL(region_applicant(f.region, "R1")->current_pool, "");
    CU_ASSERT_EQUAL(region_pool(f.region, "P3")->beds_occupied, 0);
    small_close(&f);
}

static const struct check_test tests[] = {
    {"submitting_puts_on_the_list", submitting_puts_on_the_list},
    {"what_cannot_be_is_refused", what_cannot_be_is_refused},
    {"a_patch_keeps_what_use_cases_own", a_patch_keeps_what_use_cases_own},
    {"parked_people_get_no_offers", parked_people_get_no_offers},
    {"parking_comes_to_its_end", parking_comes_to_its_end},
    {"a_couple_rests_and_comes_back_as_one", a_couple_rests_and_comes_back_as_one},
    {"withdrawing_takes_the_offer_along", withdrawing_takes_the_offer_along},
    {"a_resident_who_takes_the_request_back_stays", a_resident_who_takes_the_request_back_stays},
    {"a_closed_application_comes_back_as_it_was", a_closed_application_comes_back_as_it_was},
    {"a_discharged_resident_comes_back_as_a_newcomer",
     a_discharged_resident_comes_back_as_a_newcomer},
    {"a_household_of_another_district_is_not_joined",
     a_household_of_another_district_is_not_joined},
    {"a_resident_who_died_is_for_the_home_to_discharge",
     a_resident_who_died_is_for_the_home_to_discharge},
};
CHECK_SUITE(suite_intake, tests);
