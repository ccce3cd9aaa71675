/* test_admit.c - moving in, chains and cycles of movers, leaving. */
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

static int accept(const char *id)
{
    return done(offer_accept(region, id, SMALL_NOW, &change, &err));
}

static int admit(const char *id)
{
    return done(offer_admit(region, id, SMALL_NOW, &change, &err));
}

static void moving_in_occupies_the_bed(void)
{
    set_up();
    small_round(region, 1, 1, (const char *[]){"A2", "P1"});
    CU_ASSERT_EQUAL(admit("R1-0001"), -1);
    CU_ASSERT_EQUAL(err.code, ERR_ILLEGAL_STATE);
    accept("R1-0001");
    CU_ASSERT_EQUAL(admit("R1-0001"), 0);
    CU_ASSERT_EQUAL(region_pool(region, "P1")->beds_occupied, 1);
    CU_ASSERT_EQUAL(region_pool(region, "P1")->beds_committed, 0);
    CU_ASSERT_STRING_EQUAL(region_applicant(region, "A2")->current_pool, "P1");
    CU_ASSERT_EQUAL(region_applicant(region, "A2")->state, APPLICANT_ADMITTED);
    CU_ASSERT_EQUAL(done(resident_discharge(region, "A2", CLOSED_DIED, SMALL_NOW, &change, &err)),
                    0);
    CU_ASSERT_EQUAL(region_pool(region, "P1")->beds_occupied, 0);
    CU_ASSERT_EQUAL(region_applicant(region, "A2")->closed_reason, CLOSED_DIED);
    tear_down();
}

static void nobody_moves_into_an_occupied_bed(void)
{
    set_up();
    small_round(region, 1, 1, (const char *[]){"A2", "P1"});
    accept("R1-0001");
    CU_ASSERT_EQUAL(done(vacancy_post(region, "P1", -1, 2, -1, SMALL_NOW, &change, &err)), 0);
    CU_ASSERT_EQUAL(admit("R1-0001"), -1);
    CU_ASSERT_EQUAL(err.code, ERR_NO_BED);
    tear_down();
}

/* R1 goes from P3 to P1; A2 gets the bed that R1 leaves. */
static void a_chain_moves_in_order(void)
{
    set_up();
    CU_ASSERT_EQUAL(small_round(region, 1, 2, (const char *[]){"A2", "P3", "R1", "P1"}), 2);
    CU_ASSERT_STRING_EQUAL(region_offer(region, "R1-0001")->after, "R1-0002");
    CU_ASSERT_EQUAL(accept("R1-0001"), 0);
    CU_ASSERT_EQUAL(admit("R1-0001"), -1);
    CU_ASSERT_EQUAL(err.code, ERR_ILLEGAL_STATE);
    CU_ASSERT_EQUAL(accept("R1-0002"), 0);
    CU_ASSERT_EQUAL(admit("R1-0002"), 0);
    CU_ASSERT_EQUAL(region_pool(region, "P3")->beds_occupied, 0);
    CU_ASSERT_EQUAL(admit("R1-0001"), 0);
    CU_ASSERT_EQUAL(region_pool(region, "P3")->beds_occupied, 1);
    tear_down();
}

static void who_waits_for_a_mover_who_stays_waits_on(void)
{
    set_up();
    small_round(region, 1, 2, (const char *[]){"A2", "P3", "R1", "P1"});
    CU_ASSERT_EQUAL(
        done(offer_decline(region, "R1-0002", SIDE_PERSON, "other", SMALL_NOW, &change, &err)), 0);
    CU_ASSERT_EQUAL(region_offer(region, "R1-0001")->state, OFFER_WITHDRAWN);
    CU_ASSERT_STRING_EQUAL(region_offer(region, "R1-0001")->reason, "mover_stayed");
    CU_ASSERT_EQUAL(region_applicant(region, "A2")->state, APPLICANT_WAITING);
    CU_ASSERT_EQUAL(region_pool(region, "P3")->beds_occupied, 1);
    tear_down();
}

/* R1 and R2 change places: on one day, or not at all. */
static void a_cycle_moves_as_one(void)
{
    set_up();
    CU_ASSERT_EQUAL(small_round(region, 1, 2, (const char *[]){"R1", "P4", "R2", "P3"}), 2);
    accept("R1-0001");
    CU_ASSERT_EQUAL(admit("R1-0001"), -1);
    accept("R1-0002");
    CU_ASSERT_EQUAL(admit("R1-0002"), 0);
    CU_ASSERT_STRING_EQUAL(region_applicant(region, "R1")->current_pool, "P4");
    CU_ASSERT_STRING_EQUAL(region_applicant(region, "R2")->current_pool, "P3");
    CU_ASSERT_EQUAL(region_pool(region, "P3")->beds_occupied, 1);
    CU_ASSERT_EQUAL(region_pool(region, "P4")->beds_occupied, 1);
    tear_down();
}

/* The reserved bed is tekun's; its label comes back with the bed. */
static void a_reserved_bed_keeps_its_label(void)
{
    set_up();
    CU_ASSERT_EQUAL(small_round(region, 1, 3, (const char *[]){"A1", "P2", "A2", "P2", "A5", "P1"}),
                    3);
    CU_ASSERT_STRING_EQUAL(region_offer(region, "R1-0001")->reserve, "tekun");
    CU_ASSERT_EQUAL(region_pool(region, "P2")->reserved[0].beds, 0);
    accept("R1-0001");
    CU_ASSERT_EQUAL(admit("R1-0001"), 0);
    CU_ASSERT_STRING_EQUAL(region_applicant(region, "A1")->current_reserve, "tekun");
    CU_ASSERT_EQUAL(done(resident_discharge(region, "A1", CLOSED_OTHER, SMALL_NOW, &change, &err)),
                    0);
    CU_ASSERT_EQUAL(region_pool(region, "P2")->reserved[0].beds, 1);
    CU_ASSERT_EQUAL(small_round(region, 2, 1, (const char *[]){"A6", "P2"}), 0);
    tear_down();
}

static void a_household_moves_in_only_when_all_said_yes(void)
{
    set_up();
    small_round(region, 1, 2, (const char *[]){"A3", "P1", "A4", "P1"});
    accept("R1-0001");
    CU_ASSERT_EQUAL(admit("R1-0001"), -1);
    accept("R1-0002");
    CU_ASSERT_EQUAL(admit("R1-0001"), 0);
    CU_ASSERT_EQUAL(admit("R1-0002"), 0);
    tear_down();
}

static void going_away_and_coming_back(void)
{
    set_up();
    CU_ASSERT_EQUAL(done(resident_leave(region, "A2", SMALL_NOW, &change, &err)), -1);
    CU_ASSERT_EQUAL(done(resident_leave(region, "R1", SMALL_NOW, &change, &err)), 0);
    CU_ASSERT_EQUAL(region_pool(region, "P3")->beds_occupied, 1);
    CU_ASSERT_EQUAL(done(resident_leave(region, "R1", SMALL_NOW, &change, &err)), -1);
    CU_ASSERT_EQUAL(done(resident_return(region, "R1", SMALL_NOW, &change, &err)), 0);
    tear_down();
}

static const struct check_test tests[] = {
    {"moving_in_occupies_the_bed", moving_in_occupies_the_bed},
    {"nobody_moves_into_an_occupied_bed", nobody_moves_into_an_occupied_bed},
    {"a_chain_moves_in_order", a_chain_moves_in_order},
    {"who_waits_for_a_mover_who_stays_waits_on", who_waits_for_a_mover_who_stays_waits_on},
    {"a_cycle_moves_as_one", a_cycle_moves_as_one},
    {"a_reserved_bed_keeps_its_label", a_reserved_bed_keeps_its_label},
    {"a_household_moves_in_only_when_all_said_yes", a_household_moves_in_only_when_all_said_yes},
    {"going_away_and_coming_back", going_away_and_coming_back},
};
CHECK_SUITE(suite_admit, tests);
