/* test_walk.c - random lives: tens of thousands of steps of every use case on a small region. After
 * each one the whole region is checked, and no bed has two people. */
#include "models/stamp.h"
#include "scheduler/usecases/usecases.h"
#include "tests/check.h"
#include "tests/small_region.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct walk {
    struct region *region;
    struct change change;
    struct alm_error err;
    uint64_t random;
    int64_t now, round;
    size_t done, refused;
};

static unsigned draw(struct walk *walk, unsigned n)
{
    return (unsigned)check_roll(&walk->random, n);
}

/* Any record of a type, by a drawn number. */
static const char *any(struct walk *walk, enum record_type type)
{
    size_t n = region_count(walk->region, type);
    const struct record *record = region_first(walk->region, type);
    if (!n)
        return "none";
    for (unsigned skip = draw(walk, (unsigned)n); skip; skip--)
        record = region_next(record);
    return record->id;
}

static const char *any_offer(struct walk *walk)
{
    static char id[32];
    snprintf(id, sizeof id, "R%lld-%04u", (long long)(walk->round - draw(walk, 3)),
             1 + draw(walk, 4));
    return id;
}

static int step_accept(struct walk *w)
{
    return offer_accept(w->region, any_offer(w), w->now, &w->change, &w->err);
}

static int step_decline(struct walk *w)
{
    return offer_decline(w->region, any_offer(w), draw(w, 2) ? SIDE_PERSON : SIDE_INSTITUTION,
                         "other", w->now, &w->change, &w->err);
}

static int step_withdraw(struct walk *w)
{
    return offer_withdraw(w->region, any_offer(w), "other", w->now, &w->change, &w->err);
}

static int step_admit(struct walk *w)
{
    return offer_admit(w->region, any_offer(w), w->now, &w->change, &w->err);
}

static int step_lapse(struct walk *w)
{
    return offer_lapse(w->region, any_offer(w), w->now, &w->change, &w->err);
}

static int step_discharge(struct walk *w)
{
    return resident_discharge(w->region, any(w, RECORD_APPLICANT), CLOSED_OTHER, w->now, &w->change,
                              &w->err);
}

static int step_ask_move(struct walk *w)
{
    return intake_ask_move(w->region, any(w, RECORD_APPLICANT), w->now, &w->change, &w->err);
}

static int step_park(struct walk *w)
{
    return intake_park(w->region, any(w, RECORD_APPLICANT), STAMP_NONE, w->now, &w->change,
                       &w->err);
}

static int step_unpark(struct walk *w)
{
    return intake_unpark(w->region, any(w, RECORD_APPLICANT), w->now, &w->change, &w->err);
}

static int step_leave_list(struct walk *w)
{
    return intake_withdraw(w->region, any(w, RECORD_APPLICANT), CLOSED_WITHDREW, w->now, &w->change,
                           &w->err);
}

static int step_reopen(struct walk *w)
{
    return intake_reopen(w->region, any(w, RECORD_APPLICANT), w->now, &w->change, &w->err);
}

static int step_suspend(struct walk *w)
{
    struct institution *home = (struct institution *)record_copy(
        region_find(w->region, RECORD_INSTITUTION, any(w, RECORD_INSTITUTION)));
    home->suspended = draw(w, 8) == 0;
    int status = vacancy_put_institution(w->region, home, w->now, &w->change, &w->err);
    record_free(&home->record);
    return status;
}

/* More beds come into service; fewer would be a lie of the test about who lives there. */
static int step_post(struct walk *w)
{
    const struct pool *pool = region_pool(w->region, any(w, RECORD_POOL));
    return vacancy_post(w->region, pool->record.id, pool->beds_occupied + draw(w, 4), -1, -1,
                        w->now, &w->change, &w->err);
}

static int step_submit(struct walk *w)
{
    char id[32];
    snprintf(id, sizeof id, "N%zu", w->done);
    struct applicant *applicant = (struct applicant *)record_copy(
        region_find(w->region, RECORD_APPLICANT, any(w, RECORD_APPLICANT)));
    memset(applicant->record.id, 0, sizeof applicant->record.id);
    strcpy(applicant->record.id, id);
    applicant->current_pool[0] = '\0';
    applicant->current_reserve[0] = '\0';
    applicant->n_declined = 0;
    snprintf(applicant->household_id, sizeof applicant->household_id, "%s", draw(w, 3) ? "" : "C9");
    int status = intake_submit(w->region, applicant, NULL, w->now, &w->change, &w->err);
    record_free(&applicant->record);
    return status;
}

/* A round of drawn placements, right or wrong: what does not hold must be dropped. */
static int step_round(struct walk *w)
{
    char names[8][ID_MAX + 1];
    const char *pairs[8];
    size_t n = 1 + draw(w, 4), used = 0;
    for (size_t i = 0; i < n; i++) {
        snprintf(names[2 * used], ID_MAX + 1, "%s", any(w, RECORD_APPLICANT));
        snprintf(names[2 * used + 1], ID_MAX + 1, "%s", any(w, RECORD_POOL));
        if (used && strcmp(names[2 * used], names[2 * used - 2]) <= 0)
            continue; /* plans are sorted by applicant */
        used++;
    }
    for (size_t i = 0; i < 2 * used; i++)
        pairs[i] = names[i];
    w->round++;
    w->done += small_round(w->region, w->round, used, pairs);
    return 0;
}

static int (*const steps[])(struct walk *) = {
    step_accept,     step_accept, step_accept,    step_decline,  step_withdraw, step_admit,
    step_admit,      step_lapse,  step_discharge, step_ask_move, step_park,     step_unpark,
    step_leave_list, step_reopen, step_suspend,   step_post,     step_submit,   step_round,
    step_round,      step_round,  step_round};

/* No more people than beds in service anywhere, and everybody who says so really is counted. */
static int beds_hold_one_each(const struct region *region)
{
    const struct record *record = region_first(region, RECORD_POOL);
    for (; record; record = region_next(record)) {
        const struct pool *pool = (const struct pool *)record;
        int64_t residents = 0;
        const struct record *who = region_first(region, RECORD_APPLICANT);
        for (; who; who = region_next(who))
            residents += strcmp(((const struct applicant *)who)->current_pool, record->id) == 0;
        if (pool->beds_occupied > pool->beds_usable || residents > pool->beds_occupied)
            return 0;
    }
    return 1;
}

static void every_step_keeps_the_region_whole(void)
{
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct walk walk = {.region = small_region(), .random = check_seed(seed), .now = SMALL_NOW};
        change_init(&walk.change);
        err_init(&walk.err);
        for (int i = 0; i < 400; i++) {
            walk.now += draw(&walk, 40);
            int status = steps[draw(&walk, sizeof steps / sizeof *steps)](&walk);
            if (status == 0 && small_commit(walk.region, &walk.change) == 0)
                walk.done++;
            else
                walk.refused++;
            change_clear(&walk.change);
            err_clear(&walk.err);
            if (!beds_hold_one_each(walk.region)) {
                CU_FAIL("two people in one bed");
                break;
            }
        }
        CU_ASSERT_TRUE(walk.done > 60 && walk.refused > 60);
        change_clear(&walk.change);
        region_free(walk.region);
    }
}

/* The control: a bed counted free that is not must be seen by the same check. */
static void the_check_sees_a_shared_bed(void)
{
    struct region *region = small_region();
    struct pool *pool = (struct pool *)record_copy(region_find(region, RECORD_POOL, "P3"));
    CU_ASSERT_TRUE(beds_hold_one_each(region));
    pool->beds_occupied = 0;
    region_put_take(region, &pool->record);
    CU_ASSERT_FALSE(beds_hold_one_each(region));
    region_free(region);
}

static const struct check_test tests[] = {
    {"every_step_keeps_the_region_whole", every_step_keeps_the_region_whole},
    {"the_check_sees_a_shared_bed", the_check_sees_a_shared_bed},
};
CHECK_SUITE(suite_walk, tests);
