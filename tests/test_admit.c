/* test_admit.c - moving in, chains and cycles of movers, leaving. */
#include "scheduler/usecases/usecases.h"
#include "tests/check.h"
#include "tests/small_region.h"

#include <string.h>

static struct small f;

static int accept(const char *id)
{
    return small_done(&f, offer_accept(f.region, id, SMALL_NOW, &f.change, &f.err));
}

static int admit(const char *id)
{
    return small_done(&f, offer_admit(f.region, id, SMALL_NOW, &f.change, &f.err));
}

static void moving_in_occupies_the_bed(void)
{
    small_open(&f);
    small_round(f.region, 1, 1, (const char *[]){"A2", "P1"});
    CU_ASSERT_EQUAL(admit("R1-0001"), -1);
    CU_ASSERT_EQUAL(f.err.code, ERR_ILLEGAL_STATE);
    accept("R1-0001");
    CU_ASSERT_EQUAL(admit("R1-0001"), 0);
    CU_ASSERT_EQUAL(region_pool(f.region, "P1")->beds_occupied, 1);
    CU_ASSERT_EQUAL(region_pool(f.region, "P1")->beds_committed, 0);
    CU_ASSERT_STRING_EQUAL(region_applicant(f.region, "A2")->current_pool, "P1");
    CU_ASSERT_EQUAL(region_applicant(f.region, "A2")->state, APPLICANT_ADMITTED);
    CU_ASSERT_EQUAL(small_done(&f, resident_discharge(f.region, "A2", CLOSED_DIED, SMALL_NOW,
                                                      &f.change, &f.err)),
                    0);
    CU_ASSERT_EQUAL(region_pool(f.region, "P1")->beds_occupied, 0);
    CU_ASSERT_EQUAL(region_applicant(f.region, "A2")->closed_reason, CLOSED_DIED);
    small_close(&f);
}

static void nobody_moves_into_an_occupied_bed(void)
{
    small_open(&f);
    small_round(f.region, 1, 1, (const char *[]){"A2", "P1"});
    accept("R1-0001");
    CU_ASSERT_EQUAL(
        small_done(&f, vacancy_post(f.region, "P1", -1, 2, -1, SMALL_NOW, &f.change, &f.err)), 0);
    CU_ASSERT_EQUAL(admit("R1-0001"), -1);
    CU_ASSERT_EQUAL(f.err.code, ERR_NO_BED);
    small_close(&f);
}

/* Who moves in is there, also when they moved straight from a hospital stay. */
static void moving_in_ends_a_leave(void)
{
    small_open(&f);
    CU_ASSERT_EQUAL(small_done(&f, resident_leave(f.region, "R1", SMALL_NOW, &f.change, &f.err)),
                    0);
    CU_ASSERT_EQUAL(small_round(f.region, 1, 1, (const char *[]){"R1", "P1"}), 1);
    CU_ASSERT_EQUAL(accept("R1-0001"), 0);
    CU_ASSERT_EQUAL(region_applicant(f.region, "R1")->on_leave, 1);
    CU_ASSERT_EQUAL(admit("R1-0001"), 0);
    CU_ASSERT_EQUAL(region_applicant(f.region, "R1")->on_leave, 0);
    small_close(&f);
}

/* R1 goes from P3 to P1; A2 gets the bed that R1 leaves. */
static void a_chain_moves_in_order(void)
{
    small_open(&f);
    CU_ASSERT_EQUAL(small_round(f.region, 1, 2, (const char *[]){"A2", "P3", "R1", "P1"}), 2);
    CU_ASSERT_STRING_EQUAL(region_offer(f.region, "R1-0001")->after, "R1-0002");
    CU_ASSERT_EQUAL(accept("R1-0001"), 0);
    CU_ASSERT_EQUAL(admit("R1-0001"), -1);
    CU_ASSERT_EQUAL(f.err.code, ERR_ILLEGAL_STATE);
    CU_ASSERT_EQUAL(accept("R1-0002"), 0);
    CU_ASSERT_EQUAL(admit("R1-0002"), 0);
    CU_ASSERT_EQUAL(region_pool(f.region, "P3")->beds_occupied, 0);
    CU_ASSERT_EQUAL(admit("R1-0001"), 0);
    CU_ASSERT_EQUAL(region_pool(f.region, "P3")->beds_occupied, 1);
    small_close(&f);
}

static void who_waits_for_a_mover_who_stays_waits_on(void)
{
    small_open(&f);
    small_round(f.region, 1, 2, (const char *[]){"A2", "P3", "R1", "P1"});
    CU_ASSERT_EQUAL(small_done(&f, offer_decline(f.region, "R1-0002", SIDE_PERSON, "other",
                                                 SMALL_NOW, &f.change, &f.err)),
                    0);
    CU_ASSERT_EQUAL(region_offer(f.region, "R1-0001")->state, OFFER_WITHDRAWN);
    CU_ASSERT_STRING_EQUAL(region_offer(f.region, "R1-0001")->reason, "mover_stayed");
    CU_ASSERT_EQUAL(region_applicant(f.region, "A2")->state, APPLICANT_WAITING);
    CU_ASSERT_EQUAL(region_pool(f.region, "P3")->beds_occupied, 1);
    small_close(&f);
}

/* R1 and R2 change places: on one day, or not at all. */
static void a_cycle_moves_as_one(void)
{
    small_open(&f);
    CU_ASSERT_EQUAL(small_round(f.region, 1, 2, (const char *[]){"R1", "P4", "R2", "P3"}), 2);
    accept("R1-0001");
    CU_ASSERT_EQUAL(admit("R1-0001"), -1);
    accept("R1-0002");
    CU_ASSERT_EQUAL(admit("R1-0002"), 0);
    CU_ASSERT_STRING_EQUAL(region_applicant(f.region, "R1")->current_pool, "P4");
    CU_ASSERT_STRING_EQUAL(region_applicant(f.region, "R2")->current_pool, "P3");
    CU_ASSERT_EQUAL(region_pool(f.region, "P3")->beds_occupied, 1);
    CU_ASSERT_EQUAL(region_pool(f.region, "P4")->beds_occupied, 1);
    small_close(&f);
}

/* The reserved bed is tekun's; its label comes back with the bed. */
static void a_reserved_bed_keeps_its_label(void)
{
    small_open(&f);
    CU_ASSERT_EQUAL(
        small_round(f.region, 1, 3, (const char *[]){"A1", "P2", "A2", "P2", "A5", "P1"}), 3);
    CU_ASSERT_STRING_EQUAL(region_offer(f.region, "R1-0001")->reserve, "tekun");
    CU_ASSERT_EQUAL(region_pool(f.region, "P2")->reserved[0].beds, 0);
    accept("R1-0001");
    CU_ASSERT_EQUAL(admit("R1-0001"), 0);
    CU_ASSERT_STRING_EQUAL(region_applicant(f.region, "A1")->current_reserve, "tekun");
    CU_ASSERT_EQUAL(small_done(&f, resident_discharge(f.region, "A1", CLOSED_OTHER, SMALL_NOW,
                                                      &f.change, &f.err)),
                    0);
    CU_ASSERT_EQUAL(region_pool(f.region, "P2")->reserved[0].beds, 1);
    CU_ASSERT_EQUAL(small_round(f.region, 2, 1, (const char *[]){"A6", "P2"}), 0);
    small_close(&f);
}

static void a_household_moves_in_only_when_all_said_yes(void)
{
    small_open(&f);
    small_round(f.region, 1, 2, (const char *[]){"A3", "P1", "A4", "P1"});
    accept("R1-0001");
    CU_ASSERT_EQUAL(admit("R1-0001"), -1);
    accept("R1-0002");
    CU_ASSERT_EQUAL(admit("R1-0001"), 0);
    CU_ASSERT_EQUAL(admit("R1-0002"), 0);
    small_close(&f);
}

static void going_away_and_coming_back(void)
{
    small_open(&f);
    CU_ASSERT_EQUAL(small_done(&f, resident_leave(f.region, "A2", SMALL_NOW, &f.change, &f.err)),
                    -1);
    CU_ASSERT_EQUAL(small_done(&f, resident_leave(f.region, "R1", SMALL_NOW, &f.change, &f.err)),
                    0);
    CU_ASSERT_EQUAL(region_pool(f.region, "P3")->beds_occupied, 1);
    CU_ASSERT_EQUAL(small_done(&f, resident_leave(f.region, "R1", SMALL_NOW, &f.change, &f.err)),
                    -1);
    CU_ASSERT_EQUAL(small_done(&f, resident_return(f.region, "R1", SMALL_NOW, &f.change, &f.err)),
                    0);
    small_close(&f);
}

static const struct check_test tests[] = {
    {"moving_in_occupies_the_bed", moving_in_occupies_the_bed},
    {"moving_in_ends_a_leave", moving_in_ends_a_leave},
    {"nobody_moves_into_an_occupied_bed", nobody_moves_into_an_occupied_bed},
    {"a_chain_moves_in_order", a_chain_moves_in_order},
    {"who_waits_for_a_mover_who_stays_waits_on", who_waits_for_a_mover_who_stays_waits_on},
    {"a_cycle_moves_as_one", a_cycle_moves_as_one},
    {"a_reserved_bed_keeps_its_label", a_reserved_bed_keeps_its_label},
    {"a_household_moves_in_only_when_all_said_yes", a_household_moves_in_only_when_all_said_yes},
    {"going_away_and_coming_back", going_away_and_coming_back},
};
CHECK_SUITE(suite_admit, tests);
