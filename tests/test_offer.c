/* test_offer.c - answers to offers, and what falls with them. */
#include "models/stamp.h"
#include "scheduler/usecases/usecases.h"
#include "tests/check.h"
#include "tests/small_region.h"

#include <string.h>

static int accept(struct small *f, const char *id, int64_t now)
{
    return small_done(f, offer_accept(f->region, id, now, &f->change, &f->err));
}

static enum offer_state state_of(const struct small *f, const char *id)
{
    return region_offer(f->region, id)->state;
}

static void accept_takes_the_bed(void)
{
    struct small f;
    small_open(&f);
    CU_ASSERT_EQUAL(small_round(f.region, 1, 1, (const char *[]){"A2", "P1"}), 1);
    CU_ASSERT_EQUAL(region_pool(f.region, "P1")->beds_committed, 1);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A2")->state, APPLICANT_OFFERED);
    CU_ASSERT_EQUAL(accept(&f, "R1-0001", SMALL_NOW + 5), 0);
    CU_ASSERT_EQUAL(region_pool(f.region, "P1")->beds_accepted, 1);
    CU_ASSERT_EQUAL(region_offer(f.region, "R1-0001")->admit_due, SMALL_NOW + 5 + SMALL_ADMIT_S);
    CU_ASSERT_EQUAL(accept(&f, "R1-0001", SMALL_NOW + 6), -1);
    CU_ASSERT_EQUAL(f.err.code, ERR_ILLEGAL_STATE);
    small_close(&f);
}

static void accept_after_the_deadline_is_refused(void)
{
    struct small f;
    small_open(&f);
    small_round(f.region, 1, 1, (const char *[]){"A2", "P1"});
    CU_ASSERT_EQUAL(accept(&f, "R1-0001", SMALL_NOW + SMALL_ANSWER_S), -1);
    CU_ASSERT_EQUAL(f.err.code, ERR_ILLEGAL_STATE);
    CU_ASSERT_EQUAL(accept(&f, "R9-0001", SMALL_NOW), -1);
    CU_ASSERT_EQUAL(f.err.code, ERR_NOT_FOUND);
    small_close(&f);
}

/* The home lowers its counts while two offers are out: one bed, two yeses, one succeeds. */
static void two_accepts_of_one_bed(void)
{
    struct small f;
    small_open(&f);
    CU_ASSERT_EQUAL(small_round(f.region, 1, 2, (const char *[]){"A2", "P1", "A5", "P1"}), 2);
    CU_ASSERT_EQUAL(
        small_done(&f, vacancy_post(f.region, "P1", 1, 0, -1, SMALL_NOW, &f.change, &f.err)), 0);
    CU_ASSERT_EQUAL(accept(&f, "R1-0002", SMALL_NOW), 0);
    CU_ASSERT_EQUAL(accept(&f, "R1-0001", SMALL_NOW), -1);
    CU_ASSERT_EQUAL(f.err.code, ERR_NO_BED);
    CU_ASSERT_EQUAL(state_of(&f, "R1-0001"), OFFER_SENT);
    small_close(&f);
}

/* The same decided at the same time on one snapshot: the second commit conflicts. */
static void two_accepts_at_once_conflict(void)
{
    struct small f;
    struct change other;
    small_open(&f);
    small_round(f.region, 1, 2, (const char *[]){"A2", "P1", "A5", "P1"});
    change_init(&other);
    CU_ASSERT_EQUAL(offer_accept(f.region, "R1-0001", SMALL_NOW, &f.change, &f.err), 0);
    CU_ASSERT_EQUAL(offer_accept(f.region, "R1-0002", SMALL_NOW, &other, &f.err), 0);
    CU_ASSERT_EQUAL(small_commit(f.region, &f.change), 0);
    CU_ASSERT_EQUAL(small_commit(f.region, &other), -1);
    change_clear(&other);
    small_close(&f);
}

static void decline_turns_the_pool_down(void)
{
    struct small f;
    small_open(&f);
    small_round(f.region, 1, 1, (const char *[]){"A2", "P1"});
    CU_ASSERT_EQUAL(small_done(&f, offer_decline(f.region, "R1-0001", SIDE_PERSON, "too_far",
                                                 SMALL_NOW + 1, &f.change, &f.err)),
                    0);
    const struct applicant *applicant = region_applicant(f.region, "A2");
    const struct offer *offer = region_offer(f.region, "R1-0001");
    CU_ASSERT_EQUAL(applicant->state, APPLICANT_WAITING);
    CU_ASSERT_STRING_EQUAL(applicant->offer_id, "");
    CU_ASSERT_TRUE(applicant_has_declined(applicant, "P1", 90, SMALL_NOW + 89 * 86400));
    CU_ASSERT_FALSE(applicant_has_declined(applicant, "P1", 90, SMALL_NOW + 91 * 86400));
    CU_ASSERT_STRING_EQUAL(offer->reason, "too_far");
    CU_ASSERT_EQUAL(offer->side, SIDE_PERSON);
    CU_ASSERT_EQUAL(region_pool(f.region, "P1")->beds_committed, 0);
    CU_ASSERT_EQUAL(small_round(f.region, 2, 1, (const char *[]){"A2", "P1"}), 0);
    small_close(&f);
}

static void lapse_only_after_the_deadline(void)
{
    struct small f;
    small_open(&f);
    small_round(f.region, 1, 1, (const char *[]){"A2", "P1"});
    CU_ASSERT_EQUAL(
        offer_lapse(f.region, "R1-0001", SMALL_NOW + SMALL_ANSWER_S - 1, &f.change, &f.err), 0);
    CU_ASSERT_EQUAL(f.change.n, 0);
    CU_ASSERT_EQUAL(small_done(&f, offer_lapse(f.region, "R1-0001", SMALL_NOW + SMALL_ANSWER_S,
                                               &f.change, &f.err)),
                    0);
    CU_ASSERT_EQUAL(state_of(&f, "R1-0001"), OFFER_LAPSED);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A2")->state, APPLICANT_WAITING);
    small_close(&f);
}

static void accepted_but_never_moved_in_lapses(void)
{
    struct small f;
    small_open(&f);
    small_round(f.region, 1, 1, (const char *[]){"A2", "P1"});
    accept(&f, "R1-0001", SMALL_NOW);
    CU_ASSERT_EQUAL(small_done(&f, offer_lapse(f.region, "R1-0001", SMALL_NOW + SMALL_ADMIT_S,
                                               &f.change, &f.err)),
                    0);
    CU_ASSERT_STRING_EQUAL(region_offer(f.region, "R1-0001")->reason, "not_admitted");
    CU_ASSERT_EQUAL(region_pool(f.region, "P1")->beds_accepted, 0);
    small_close(&f);
}

static void a_household_falls_together(void)
{
    struct small f;
    small_open(&f);
    CU_ASSERT_EQUAL(small_round(f.region, 1, 2, (const char *[]){"A3", "P1", "A4", "P1"}), 2);
    CU_ASSERT_STRING_EQUAL(region_offer(f.region, "R1-0001")->bundle, "R1-0001");
    CU_ASSERT_STRING_EQUAL(region_offer(f.region, "R1-0002")->bundle, "R1-0001");
    accept(&f, "R1-0001", SMALL_NOW);
    CU_ASSERT_EQUAL(small_done(&f, offer_decline(f.region, "R1-0002", SIDE_PERSON, "other",
                                                 SMALL_NOW, &f.change, &f.err)),
                    0);
    CU_ASSERT_EQUAL(state_of(&f, "R1-0001"), OFFER_WITHDRAWN);
    CU_ASSERT_EQUAL(state_of(&f, "R1-0002"), OFFER_DECLINED);
    CU_ASSERT_EQUAL(region_pool(f.region, "P1")->beds_committed, 0);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A3")->n_declined, 0);
    small_close(&f);
}

/* What a refusal leads to depends on its reason and its side. */
static void every_reason_has_its_consequence(void)
{
    static const struct {
        enum side side;
        const char *reason;
        enum applicant_state then;
        size_t n_declined;
    } cases[] = {
        {SIDE_PERSON, "too_far", APPLICANT_WAITING, 1},
        {SIDE_PERSON, "not_now", APPLICANT_PARKED, 0},
        {SIDE_INSTITUTION, "cannot_meet_needs", APPLICANT_WAITING, 1},
        {SIDE_INSTITUTION, "bed_not_free", APPLICANT_WAITING, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct small f;
        small_open(&f);
        small_round(f.region, 1, 1, (const char *[]){"A2", "P1"});
        CU_ASSERT_EQUAL(
            small_done(&f, offer_decline(f.region, "R1-0001", cases[i].side, cases[i].reason,
                                         SMALL_NOW, &f.change, &f.err)),
            0);
        CU_ASSERT_EQUAL(region_applicant(f.region, "A2")->state, cases[i].then);
        CU_ASSERT_EQUAL(region_applicant(f.region, "A2")->n_declined, cases[i].n_declined);
        small_close(&f);
    }
}

static void a_reason_of_the_other_side_is_refused(void)
{
    static const char *const wrong[] = {"bed_not_free", "", "because"};
    struct small f;
    small_open(&f);
    small_round(f.region, 1, 1, (const char *[]){"A2", "P1"});
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CU_ASSERT_EQUAL(small_done(&f, offer_decline(f.region, "R1-0001", SIDE_PERSON, wrong[i],
                                                     SMALL_NOW, &f.change, &f.err)),
                        -1);
        CU_ASSERT_STRING_EQUAL(f.err.issues[0].pointer, "/reason");
        err_clear(&f.err);
    }
    small_close(&f);
}

/* One of a couple is in hospital: both rest, nobody is placed without the other. */
static void a_household_rests_together(void)
{
    struct small f;
    small_open(&f);
    small_round(f.region, 1, 2, (const char *[]){"A3", "P1", "A4", "P1"});
    CU_ASSERT_EQUAL(small_done(&f, offer_decline(f.region, "R1-0001", SIDE_PERSON, "in_hospital",
                                                 SMALL_NOW, &f.change, &f.err)),
                    0);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A3")->state, APPLICANT_PARKED);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A4")->state, APPLICANT_PARKED);
    small_close(&f);
}

static void what_the_pool_does_not_take_is_not_accepted(void)
{
    struct small f;
    small_open(&f);
    small_round(f.region, 1, 1, (const char *[]){"A2", "P1"});
    struct applicant *changed =
        (struct applicant *)record_copy(region_find(f.region, RECORD_APPLICANT, "A2"));
    changed->kinds = 1u << KIND_DEMENTIA;
    CU_ASSERT_EQUAL(
        small_done(&f, intake_patch(f.region, changed, NULL, SMALL_NOW, &f.change, &f.err)), 0);
    CU_ASSERT_EQUAL(accept(&f, "R1-0001", SMALL_NOW), -1);
    CU_ASSERT_EQUAL(f.err.code, ERR_REFUSED);
    CU_ASSERT_EQUAL(state_of(&f, "R1-0001"), OFFER_SENT);
    record_free(&changed->record);
    small_close(&f);
}

static void suspending_withdraws_open_offers(void)
{
    struct small f;
    small_open(&f);
    small_round(f.region, 1, 2, (const char *[]){"A2", "P1", "A5", "P1"});
    accept(&f, "R1-0001", SMALL_NOW);
    struct institution *home =
        (struct institution *)record_copy(region_find(f.region, RECORD_INSTITUTION, "H1"));
    home->suspended = 1;
    CU_ASSERT_EQUAL(
        small_done(&f, vacancy_put_institution(f.region, home, SMALL_NOW, &f.change, &f.err)), 0);
    CU_ASSERT_EQUAL(state_of(&f, "R1-0001"), OFFER_ACCEPTED);
    CU_ASSERT_EQUAL(state_of(&f, "R1-0002"), OFFER_WITHDRAWN);
    record_free(&home->record);
    small_close(&f);
}

static void give_sex(struct small *f, const char *id, enum sex sex)
{
    struct applicant *person =
        (struct applicant *)record_copy(region_find(f->region, RECORD_APPLICANT, id));
    person->sex = sex;
    CU_ASSERT_EQUAL(
        small_done(f, intake_patch(f->region, person, NULL, SMALL_NOW, &f->change, &f->err)), 0);
    record_free(&person->record);
}

/* A room becomes one for men. */
static void a_changed_pool_withdraws_what_does_not_fit(void)
{
    struct small f;
    small_open(&f);
    small_round(f.region, 1, 2, (const char *[]){"A2", "P1", "A5", "P1"});
    give_sex(&f, "A2", SEX_MALE);
    give_sex(&f, "A5", SEX_FEMALE);
    struct pool *pool = (struct pool *)record_copy(region_find(f.region, RECORD_POOL, "P1"));
    pool->sex = SEX_RULE_MALE;
    CU_ASSERT_EQUAL(small_done(&f, vacancy_put_pool(f.region, pool, SMALL_NOW, &f.change, &f.err)),
                    0);
    CU_ASSERT_EQUAL(state_of(&f, "R1-0001"), OFFER_SENT);
    CU_ASSERT_EQUAL(state_of(&f, "R1-0002"), OFFER_WITHDRAWN);
    CU_ASSERT_STRING_EQUAL(region_offer(f.region, "R1-0002")->reason, "pool_changed");
    CU_ASSERT_EQUAL(region_applicant(f.region, "A5")->state, APPLICANT_WAITING);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A5")->n_declined, 0);
    CU_ASSERT_EQUAL(region_pool(f.region, "P1")->beds_committed, 1);
    record_free(&pool->record);
    small_close(&f);
}

static const struct check_test tests[] = {
    {"accept_takes_the_bed", accept_takes_the_bed},
    {"accept_after_the_deadline_is_refused", accept_after_the_deadline_is_refused},
    {"two_accepts_of_one_bed", two_accepts_of_one_bed},
    {"two_accepts_at_once_conflict", two_accepts_at_once_conflict},
    {"decline_turns_the_pool_down", decline_turns_the_pool_down},
    {"lapse_only_after_the_deadline", lapse_only_after_the_deadline},
    {"accepted_but_never_moved_in_lapses", accepted_but_never_moved_in_lapses},
    {"a_household_falls_together", a_household_falls_together},
    {"every_reason_has_its_consequence", every_reason_has_its_consequence},
    {"a_reason_of_the_other_side_is_refused", a_reason_of_the_other_side_is_refused},
    {"a_household_rests_together", a_household_rests_together},
    {"what_the_pool_does_not_take_is_not_accepted", what_the_pool_does_not_take_is_not_accepted},
    {"suspending_withdraws_open_offers", suspending_withdraws_open_offers},
    {"a_changed_pool_withdraws_what_does_not_fit", a_changed_pool_withdraws_what_does_not_fit},
};
CHECK_SUITE(suite_offer, tests);
