/* test_lifecycle.c - the whole matrix of both lives, written a second time as lists of legal steps.
 */
#include "tests/check.h"

#include "models/lifecycle.h"

#include <stddef.h>
#include <string.h>

struct step {
    int state, event, next;
};

#define A(state, event, next)                                                                      \
    {                                                                                              \
        APPLICANT_##state, APPLICANT_EVENT_##event, APPLICANT_##next                               \
    }
static const struct step applicant_steps[] = {
    A(DRAFT, SUBMIT, SUBMITTED),    A(DRAFT, CLOSE, CLOSED),
    A(SUBMITTED, ASSESS, ASSESSED), A(SUBMITTED, CLOSE, CLOSED),
    A(ASSESSED, ASSESS, ASSESSED),  A(ASSESSED, LIST, WAITING),
    A(ASSESSED, CLOSE, CLOSED),     A(WAITING, ASSESS, WAITING),
    A(WAITING, PARK, PARKED),       A(WAITING, OFFER, OFFERED),
    A(WAITING, STAY, ADMITTED),     A(WAITING, DISCHARGE, CLOSED),
    A(WAITING, CLOSE, CLOSED),      A(PARKED, ASSESS, PARKED),
    A(PARKED, UNPARK, WAITING),     A(PARKED, STAY, ADMITTED),
    A(PARKED, DISCHARGE, CLOSED),   A(PARKED, CLOSE, CLOSED),
    A(OFFERED, ACCEPT, ACCEPTED),   A(OFFERED, RELEASE, WAITING),
    A(OFFERED, STAY, ADMITTED),     A(OFFERED, DISCHARGE, CLOSED),
    A(OFFERED, CLOSE, CLOSED),      A(ACCEPTED, RELEASE, WAITING),
    A(ACCEPTED, ADMIT, ADMITTED),   A(ACCEPTED, ADMIT_INTERIM, INTERIM),
    A(ACCEPTED, STAY, ADMITTED),    A(ACCEPTED, DISCHARGE, CLOSED),
    A(ACCEPTED, CLOSE, CLOSED),     A(ADMITTED, ASSESS, ADMITTED),
    A(ADMITTED, ASK_MOVE, WAITING), A(ADMITTED, DISCHARGE, CLOSED),
    A(INTERIM, ASSESS, INTERIM),    A(INTERIM, LIST, WAITING),
    A(INTERIM, ASK_MOVE, WAITING),  A(INTERIM, DISCHARGE, CLOSED),
    A(CLOSED, REOPEN, WAITING),
};

#define O(state, event, next)                                                                      \
    {                                                                                              \
        OFFER_##state, OFFER_EVENT_##event, OFFER_##next                                           \
    }
static const struct step offer_steps[] = {
    O(PROPOSED, SEND, SENT),          O(PROPOSED, WITHDRAW, WITHDRAWN),
    O(SENT, ACCEPT, ACCEPTED),        O(SENT, DECLINE, DECLINED),
    O(SENT, LAPSE, LAPSED),           O(SENT, WITHDRAW, WITHDRAWN),
    O(ACCEPTED, DECLINE, DECLINED),   O(ACCEPTED, LAPSE, LAPSED),
    O(ACCEPTED, WITHDRAW, WITHDRAWN), O(ACCEPTED, ADMIT, ADMITTED),
};

/* The next state by the list, -1 = not listed. */
static int listed(const struct step *steps, size_t n, int state, int event)
{
    for (size_t i = 0; i < n; i++)
        if (steps[i].state == state && steps[i].event == event)
            return steps[i].next;
    return -1;
}

static void test_applicant_matrix(void)
{
    size_t n = sizeof applicant_steps / sizeof applicant_steps[0];
    for (int state = 0; state < APPLICANT_STATE_COUNT; state++)
        for (int event = 0; event < APPLICANT_EVENT_COUNT; event++) {
            struct alm_error err;
            err_init(&err);
            int next = lifecycle_applicant(state, event, "A1", &err);
            CU_ASSERT_EQUAL(next, listed(applicant_steps, n, state, event));
            CU_ASSERT_EQUAL(err.code, next < 0 ? ERR_ILLEGAL_STATE : ERR_NONE);
            err_clear(&err);
        }
}

static void test_offer_matrix(void)
{
    size_t n = sizeof offer_steps / sizeof offer_steps[0];
    for (int state = 0; state < OFFER_STATE_COUNT; state++)
        for (int event = 0; event < OFFER_EVENT_COUNT; event++) {
            struct alm_error err;
            err_init(&err);
            int next = lifecycle_offer(state, event, "R1-0001", &err);
            CU_ASSERT_EQUAL(next, listed(offer_steps, n, state, event));
            CU_ASSERT_EQUAL(err.code, next < 0 ? ERR_ILLEGAL_STATE : ERR_NONE);
            err_clear(&err);
        }
}

static void test_refusal_names_all_three(void)
{
    struct alm_error err;
    err_init(&err);
    CU_ASSERT_EQUAL(lifecycle_applicant(APPLICANT_PARKED, APPLICANT_EVENT_ACCEPT, "A1", &err), -1);
    CU_ASSERT_STRING_EQUAL(err.message, "applicant A1 is parked: cannot accept");
    CU_ASSERT_EQUAL(lifecycle_offer(OFFER_LAPSED, OFFER_EVENT_ADMIT, "R1-0001", NULL), -1);
    CU_ASSERT_EQUAL(lifecycle_offer(OFFER_LAPSED, OFFER_EVENT_ADMIT, "R1-0001", &err), -1);
    CU_ASSERT_STRING_EQUAL(err.message, "offer R1-0001 is lapsed: cannot admit");
    err_clear(&err);
}

/* An offer is live exactly when some step leads on from it. */
static void test_live_offers(void)
{
    for (int state = 0; state < OFFER_STATE_COUNT; state++) {
        int has_way_on = 0;
        for (int event = 0; event < OFFER_EVENT_COUNT; event++)
            has_way_on |= lifecycle_offer(state, event, "x", NULL) >= 0;
        CU_ASSERT_EQUAL(!!lifecycle_offer_is_live(state), has_way_on);
    }
}

/* Every state can be reached from a draft, and every one but the last can be left. */
static void test_no_dead_ends(void)
{
    unsigned reached = 1u << APPLICANT_DRAFT;
    for (int again = 0; again < APPLICANT_STATE_COUNT; again++)
        for (int state = 0; state < APPLICANT_STATE_COUNT; state++)
            for (int event = 0; reached & 1u << state && event < APPLICANT_EVENT_COUNT; event++) {
                int next = lifecycle_applicant(state, event, "x", NULL);
                reached |= next < 0 ? 0 : 1u << next;
            }
    CU_ASSERT_EQUAL(reached, (1u << APPLICANT_STATE_COUNT) - 1);
    for (int state = 0; state < APPLICANT_CLOSED; state++) {
        int leaves = 0;
        for (int event = 0; event < APPLICANT_EVENT_COUNT; event++) {
            int next = lifecycle_applicant(state, event, "x", NULL);
            leaves |= next >= 0 && next != state;
        }
        CU_ASSERT(leaves);
    }
}

static void test_words(void)
{
    CU_ASSERT_EQUAL(words_find(&words_applicant_event, "admit_interim", 13),
                    APPLICANT_EVENT_ADMIT_INTERIM);
    CU_ASSERT_EQUAL(words_find(&words_offer_event, "lapse", 5), OFFER_EVENT_LAPSE);
}

static const struct check_test tests[] = {
    {"applicant_matrix", test_applicant_matrix},
    {"offer_matrix", test_offer_matrix},
    {"refusal_names_all_three", test_refusal_names_all_three},
    {"live_offers", test_live_offers},
    {"no_dead_ends", test_no_dead_ends},
    {"words", test_words},
};

CHECK_SUITE(suite_lifecycle, tests);
