/* test_verify_guests.c - what the people of a home are worth at most, against trying all of them.
 */
#include "solver/verify_guests.h"

#include "tests/check.h"
#include "tests/random_world.h"

enum { HOMES = 3000, PARTS = 2, GUESTS = 9 };

static void draw_guests(struct verify_guest *guests, size_t n, uint64_t *state)
{
    __int128 beds[PARTS];
    for (int p = 0; p < PARTS; p++)
        beds[p] = (__int128)random_below(state, 5) - 1;
    for (size_t g = 0; g < n; g++) {
        size_t row = random_below(state, PARTS);
        guests[g] = (struct verify_guest){.row = row + 7,
                                          .beds = beds[row],
                                          .minutes = 5 * (int64_t)random_below(state, 4),
                                          .worth = 1 + (__int128)random_below(state, 30)};
    }
}

/* Everybody from `at` on comes or does not. */
static __int128 try_all(const struct verify_guest *guests, size_t n, const __int128 *taken,
                        int64_t minutes)
{
    if (n == 0)
        return 0;
    __int128 without = try_all(guests + 1, n - 1, taken, minutes), with, now[PARTS];
    size_t part = guests->row - 7;
    if (taken[part] >= guests->beds || guests->minutes > minutes)
        return without;
    for (size_t p = 0; p < PARTS; p++)
        now[p] = taken[p] + (p == part);
    with = guests->worth + try_all(guests + 1, n - 1, now, minutes - guests->minutes);
    return with > without ? with : without;
}

static void test_most(void)
{
    int n_scarce = 0;
    uint64_t state = 5;
    for (int h = 0; h < HOMES; h++) {
        struct verify_guest all[GUESTS];
        struct verify_guests guests = {all, random_below(&state, GUESTS + 1), GUESTS};
        int64_t minutes = (int64_t)random_below(&state, 50);
        __int128 most = -1, none[PARTS] = {0};
        draw_guests(all, guests.n, &state);
        CU_ASSERT_TRUE(verify_guests_most(&guests, minutes, &most));
        CU_ASSERT_TRUE(most == try_all(all, guests.n, none, minutes));
        n_scarce += most < try_all(all, guests.n, none, 1000);
    }
    CU_ASSERT_TRUE(n_scarce > HOMES / 10);
}

static void test_refused(void)
{
    __int128 most;
    struct verify_guest one = {1, 1, 1, VERIFY_GUEST_WORTH_MOST};
    struct verify_guests guests = {&one, 1, 1};
    CU_ASSERT_TRUE(verify_guests_most(&guests, 100, &most) && most == one.worth);
    CU_ASSERT_FALSE(verify_guests_most(&guests, INT64_C(1) << 40, &most));
    CU_ASSERT_FALSE(verify_guests_most(&guests, -1, &most));
    one.worth++;
    CU_ASSERT_FALSE(verify_guests_most(&guests, 100, &most));
}

static const struct check_test tests[] = {{"most", test_most}, {"refused", test_refused}};
CHECK_SUITE(suite_verify_guests, tests);
