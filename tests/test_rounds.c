/* Tests of scheduler/rounds.c, solve_task.c and archive.c: from a waiting list to offers, with
 * everything that can go wrong on the way. */
#include "tests/check.h"

#include "models/alloc.h"
#include "models/policy.h"
#include "models/stamp.h"
#include "scheduler/archive.h"
#include "scheduler/rounds.h"
#include "scheduler/usecases/usecases.h"
#include "solver/solver.h"
#include "solver/verify.h"
#include "tests/small_region.h"
#include "tests/town.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_a_round_makes_offers(void)
{
    struct town *town = town_open(0);
    struct alm_error err;
    err_init(&err);
    town_begin(town);
    int64_t number = rounds_start(town->rounds, NULL, &err);
    CU_ASSERT_EQUAL(number, 1);
    CU_ASSERT_EQUAL(rounds_start(town->rounds, NULL, &err), 1); /* joins */
    CU_ASSERT_EQUAL(rounds_running(town->rounds), 1);
    TOWN_UNTIL(town, rounds_running(town->rounds) == 0);
    const struct round *round = town_round_of(town, 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(round);
    CU_ASSERT_EQUAL(round->ok, 1);
    CU_ASSERT_EQUAL(round->waiting, 8);
    CU_ASSERT_EQUAL(round->vacancies, 4);
    CU_ASSERT(round->placed >= 4);
    CU_ASSERT_EQUAL(round->offers + round->dropped, round->placed);
    CU_ASSERT_EQUAL((int64_t)town_offers(town, OFFER_SENT), round->offers);
    CU_ASSERT(round->offers >= 4);
    town_check(town);
    struct rounds_stats stats = rounds_stats_get(town->rounds);
    CU_ASSERT(stats.finished == 1 && stats.failed == 0 && stats.offers == round->offers);
    CU_ASSERT_EQUAL(town_round(town), 2); /* numbers go on */
    town_close(town);
}

static void test_the_archive_proves_and_repeats_the_round(void)
{
    struct town *town = town_open(0);
    struct alm_error err;
    struct plan plan, again;
    struct certificate certificate;
    int proved = 0;
    size_t len = 0;
    err_init(&err);
    plan_init(&plan);
    plan_init(&again);
    certificate_init(&certificate);
    town_begin(town);
    town_round(town);
    char *plan_json = rounds_archive_read(town->rounds, 1, "plan.json", &len, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(plan_json);
    CU_ASSERT_EQUAL(plan_from_json(plan_json, len, &plan, &err), 0);
    char *proof = rounds_archive_read(town->rounds, 1, "certificate.json", &len, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(proof);
    CU_ASSERT_EQUAL(certificate_from_json(proof, len, &certificate, &err), 0);
    struct region *frozen = archive_region(town->dir, 1, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(frozen);
    const struct policy *policy = region_policy(frozen);
    CU_ASSERT_EQUAL(verify_plan(frozen, policy, &plan, &certificate, &proved, &err), 0);
    CU_ASSERT_EQUAL(proved, 1);
    struct solver_options options = {.engine = SOLVER_AUTO};
    CU_ASSERT_EQUAL(solver_run(frozen, policy, plan.now, &options, &again, NULL, &err), 0);
    char *bytes = plan_to_json(&again, 0);
    CU_ASSERT_STRING_EQUAL(bytes, plan_json);
    CU_ASSERT_STRING_EQUAL(town_round_of(town, 1)->world_sha256, plan.world);
    CU_ASSERT_STRING_EQUAL(town_round_of(town, 1)->plan_sha256, certificate.plan);
    free(bytes);
    free(proof);
    free(plan_json);
    region_free(frozen);
    plan_clear(&again);
    plan_clear(&plan);
    certificate_clear(&certificate);
    err_clear(&err);
    town_close(town);
}

static void test_a_coupled_round_has_bounds(void)
{
    struct town *town = town_open(1);
    struct alm_error err;
    size_t len = 0;
    char keep[] = "households";
    err_init(&err);
    town_submit(town, town_decide, keep);
    town_begin(town);
    town_round(town);
    CU_ASSERT_EQUAL(town_round_of(town, 1)->ok, 1);
    CU_ASSERT(town_round_of(town, 1)->offers >= 3);
    char *proof = rounds_archive_read(town->rounds, 1, "certificate.json", &len, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(proof);
    CU_ASSERT_PTR_NOT_NULL(strstr(proof, "\"bound\": ["));
    free(proof);
    town_check(town);
    err_clear(&err);
    town_close(town);
}

static void test_closed_names_of_the_archive(void)
{
    static const char *const names[] = {"../1/plan.json", "", ".", "seal.key", "plan.json/x"};
    struct town *town = town_open(0);
    struct alm_error err;
    size_t len = 0;
    town_begin(town);
    town_round(town);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        err_init(&err);
        CU_ASSERT_PTR_NULL(rounds_archive_read(town->rounds, 1, names[i], &len, &err));
        CU_ASSERT_EQUAL(err.code, ERR_NOT_FOUND);
    }
    err_init(&err);
    CU_ASSERT_PTR_NULL(rounds_archive_read(town->rounds, 2, "plan.json", &len, &err));
    CU_ASSERT_EQUAL(err.code, ERR_NOT_FOUND);
    town_close(town);
}

static int decide_park(const struct region *region, void *arg, int64_t at, struct change *change,
                       struct alm_error *err)
{
    return intake_park(region, arg, STAMP_NONE, at, change, err);
}

static void test_what_no_longer_holds_is_dropped(void)
{
    struct town *town = town_open(0);
    char who[] = "A1";
    struct alm_error err;
    err_init(&err);
    town_begin(town);
    CU_ASSERT_EQUAL(rounds_start(town->rounds, NULL, &err),
                    1); /* the region of the child is frozen */
    town_submit(town, decide_park, who);
    TOWN_UNTIL(town, rounds_running(town->rounds) == 0);
    const struct round *round = town_round_of(town, 1);
    CU_ASSERT_EQUAL(round->ok, 1);
    CU_ASSERT(round->dropped >= 1);
    CU_ASSERT(round->offers >= 3);
    CU_ASSERT_EQUAL(region_applicant(writer_region(town->writer), who)->state, APPLICANT_PARKED);
    CU_ASSERT_EQUAL(town_offers(town, OFFER_SENT), (size_t)round->offers);
    town_check(town);
    town_close(town);
}

static void test_no_round_without_a_policy(void)
{
    struct town *town = town_open(1);
    struct alm_error err;
    err_init(&err);
    town_begin(town);
    CU_ASSERT_EQUAL(rounds_start(town->rounds, NULL, &err), 0);
    CU_ASSERT_EQUAL(err.code, ERR_ILLEGAL_STATE);
    CU_ASSERT_PTR_NULL(rounds_last_plan(town->rounds));
    CU_ASSERT_PTR_NULL(rounds_explain(town->rounds, "A1", NULL));
    town_close(town);
}

static void test_a_failed_round_is_recorded(void)
{
    struct town *town = town_open(0);
    char *file = alloc_zero(strlen(town->dir) + 20, 1);
    sprintf(file, "%s/a-file", town->dir);
    fclose(fopen(file, "w"));
    free(town->dir);
    town->dir = file; /* no folder: the archive cannot be written */
    town_begin(town);
    CU_ASSERT_EQUAL(town_round(town), 1);
    CU_ASSERT_EQUAL(town_round_of(town, 1)->ok, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(town_round_of(town, 1)->message, "a-file"));
    CU_ASSERT_EQUAL(town_offers(town, OFFER_SENT), 0);
    CU_ASSERT_EQUAL(rounds_stats_get(town->rounds).failed, 1);
    unlink(file);
    CU_ASSERT_EQUAL(town_round(town), 2);
    CU_ASSERT_EQUAL(town_round_of(town, 2)->ok, 1);
    town_close(town);
}

static pid_t only_child(void)
{
    char path[64];
    int child = 0;
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%d", &child) != 1)
        child = 0;
    if (file)
        fclose(file);
    return child;
}

static void test_a_killed_child_is_a_failed_round(void)
{
    struct town *town = town_open(0);
    struct alm_error err;
    err_init(&err);
    town_begin(town);
    CU_ASSERT_EQUAL(rounds_start(town->rounds, NULL, &err), 1);
    TOWN_UNTIL(town, town_round_of(town, 1)); /* its number is taken, then it solves */
    pid_t child = only_child();
    if (child > 0)
        kill(child, SIGKILL);
    else
        check_skip("this kernel does not list the children of a process");
    TOWN_UNTIL(town, rounds_running(town->rounds) == 0);
    CU_ASSERT_EQUAL(town_round_of(town, 1)->ok, child == 0);
    CU_ASSERT(child == 0 || strstr(town_round_of(town, 1)->message, "signal 9"));
    CU_ASSERT_EQUAL(town_round(town), 2);
    CU_ASSERT_EQUAL(town_round_of(town, 2)->ok, 1);
    town_close(town);
}

static void test_stopping_ends_a_running_round(void)
{
    struct town *town = town_open(0);
    struct alm_error err;
    err_init(&err);
    town_begin(town);
    CU_ASSERT_EQUAL(rounds_start(town->rounds, NULL, &err), 1);
    rounds_stop(town->rounds);
    TOWN_UNTIL(town, writer_pending(town->writer) == 0);
    CU_ASSERT_EQUAL(rounds_running(town->rounds), 0);
    CU_ASSERT_EQUAL(town_round_of(town, 1)->ok, 0);
    CU_ASSERT_EQUAL(rounds_start(town->rounds, NULL, &err), 0);
    CU_ASSERT_EQUAL(err.code, ERR_UNAVAILABLE);
    town_close(town);
}

static int decide_open(const struct region *region, void *arg, int64_t at, struct change *change,
                       struct alm_error *err)
{
    return round_open(region, arg, at, change, err);
}

/* As if another daemon on the same store were a moment earlier. */
static void test_a_number_is_taken_once(void)
{
    struct town *town = town_open(0);
    struct round *others = (struct round *)(void *)record_new(RECORD_ROUND, "1");
    struct alm_error err;
    err_init(&err);
    others->number = 1;
    others->started_at = town_now;
    town_begin(town);
    writer_submit(town->writer, decide_open, others, NULL, town_on_answer, town);
    CU_ASSERT_EQUAL(rounds_start(town->rounds, NULL, &err), 1);
    TOWN_UNTIL(town, rounds_running(town->rounds) == 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(town->last_line, "another daemon"));
    CU_ASSERT_EQUAL(town_round_of(town, 1)->finished_at, STAMP_NONE);
    CU_ASSERT_EQUAL(town_offers(town, OFFER_SENT), 0);
    CU_ASSERT_EQUAL(town_round(town), 2);
    CU_ASSERT_EQUAL(town_round_of(town, 2)->ok, 1);
    town_restart(town);
    rounds_resume(town->rounds); /* nobody runs the first one any more */
    TOWN_UNTIL(town, town_round_of(town, 1)->finished_at != STAMP_NONE);
    CU_ASSERT_EQUAL(town_round_of(town, 1)->ok, 0);
    CU_ASSERT_EQUAL(town_round_of(town, 2)->ok, 1);
    record_free(&others->record);
    town_close(town);
}

static int decide_park_a_while(const struct region *region, void *arg, int64_t at,
                               struct change *change, struct alm_error *err)
{
    (void)arg;
    return intake_park(region, "A6", at + 500, at, change, err);
}

/* The small policy gives 100 seconds to answer. */
static void test_deadlines_pass(void)
{
    struct town *town = town_open(0);
    town_begin(town);
    town_submit(town, decide_park_a_while, NULL);
    town_round(town);
    size_t sent = town_offers(town, OFFER_SENT);
    const struct region *region = writer_region(town->writer);
    town_now += SMALL_ANSWER_S - 1;
    town_turn(town);
    CU_ASSERT_EQUAL(town_offers(town, OFFER_SENT), sent);
    CU_ASSERT_EQUAL(region_applicant(region, "A6")->state, APPLICANT_PARKED);
    town_now += 1000;
    town_restart(town); /* the timer looks at once */
    TOWN_UNTIL(town, town_offers(town, OFFER_SENT) == 0);
    CU_ASSERT_EQUAL(town_offers(town, OFFER_LAPSED), sent);
    region = writer_region(town->writer);
    TOWN_UNTIL(town, region_applicant(region, "A6")->state == APPLICANT_WAITING);
    town_check(town);
    town_close(town);
}

static void test_explanations_outlive_a_restart(void)
{
    struct town *town = town_open(0);
    struct alm_error err;
    err_init(&err);
    town_begin(town);
    town_round(town);
    const struct plan *plan = rounds_last_plan(town->rounds);
    CU_ASSERT_PTR_NOT_NULL_FATAL(plan);
    CU_ASSERT(plan->n_unplaced > 0);
    char id[ID_MAX + 1];
    memcpy(id, plan->unplaced[0].applicant_id, sizeof id);
    char *before = rounds_explain(town->rounds, id, &err);
    CU_ASSERT_PTR_NOT_NULL(before);
    CU_ASSERT_PTR_NOT_NULL(rounds_seen(town->rounds, id));
    town_restart(town);
    char *after = rounds_explain(town->rounds, id, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(after);
    CU_ASSERT_STRING_EQUAL(before, after);
    CU_ASSERT_PTR_NULL(rounds_explain(town->rounds, "nobody", &err));
    CU_ASSERT_EQUAL(err.code, ERR_NOT_FOUND);
    err_clear(&err);
    free(before);
    free(after);
    town_close(town);
}

static int decide_trust(const struct region *region, void *arg, int64_t at, struct change *change,
                        struct alm_error *err)
{
    struct policy *policy =
        policy_from_json(arg, strlen(arg), err); /* of the small region, with the rule */
    policy->posting_days = 7;
    char *json = policy_to_json(policy);
    int rc = vacancy_put_policy(region, json, strlen(json), at, change, err);
    free(json);
    policy_free(policy);
    return rc;
}

static int decide_post(const struct region *region, void *arg, int64_t at, struct change *change,
                       struct alm_error *err)
{
    return vacancy_post(region, arg, -1, -1, -1, at, change, err);
}

static size_t offers_of_pool(const struct town *town, const char *pool)
{
    size_t n = 0;
    const struct record *record = region_first(writer_region(town->writer), RECORD_OFFER);
    for (; record; record = region_next(record))
        n += strcmp(((const struct offer *)(const void *)record)->pool_id, pool) == 0;
    return n;
}

/* The archived round stands by itself: its world has no bed to offer where the counts are old. */
static void check_archived(const struct town *town, int64_t number)
{
    struct alm_error err;
    struct plan plan;
    size_t len = 0;
    int proved = 0;
    err_init(&err);
    plan_init(&plan);
    struct region *frozen = archive_region(town->dir, number, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(frozen);
    CU_ASSERT_EQUAL(pool_offerable(region_pool(frozen, "P2")), 0);
    char *json = rounds_archive_read(town->rounds, number, "plan.json", &len, &err);
    CU_ASSERT_EQUAL(plan_from_json(json, len, &plan, &err), 0);
    CU_ASSERT_EQUAL(verify_plan(frozen, region_policy(frozen), &plan, NULL, &proved, &err), 0);
    free(json);
    plan_clear(&plan);
    region_free(frozen);
    err_clear(&err);
}

static void move_archive(const struct town *town, const char *from, const char *to)
{
    char old[300], new[300];
    snprintf(old, sizeof old, "%s/%s", town->dir, from);
    snprintf(new, sizeof new, "%s/%s", town->dir, to);
    CU_ASSERT_EQUAL(rename(old, new), 0);
}

/* A round that ends between an explanation and the look at whom it is about: it is still about the
 * round before. */
static void test_a_newer_archive_does_not_change_who_was_seen(void)
{
    struct town *town = town_open(0);
    struct alm_error err;
    err_init(&err);
    town_begin(town);
    CU_ASSERT_EQUAL(town_round(town), 1);
    CU_ASSERT_PTR_NULL(rounds_seen(town->rounds, "nobody"));
    char *json = rounds_explain(town->rounds, "A1", &err);
    CU_ASSERT_PTR_NOT_NULL(json);
    move_archive(town, "1", "2");
    const struct applicant *seen = rounds_seen(town->rounds, "A1");
    CU_ASSERT_PTR_NOT_NULL_FATAL(seen);
    CU_ASSERT_STRING_EQUAL(seen->record.id, "A1");
    free(json);
    err_clear(&err);
    town_close(town);
}

static void test_counts_that_nobody_confirms_attract_no_offers(void)
{
    struct town *town = town_open(0);
    char one[] = "P1", two[] = "P2";
    char *policy = alloc_string(((const struct policy_record *)(const void *)region_find(
                                     writer_region(town->writer), RECORD_POLICY, "current"))
                                    ->json);
    town_submit(town, decide_trust, policy);
    town_submit(town, decide_post, one);
    town_submit(town, decide_post, two);
    town_now += 6 * STAMP_DAY_S;
    town_submit(town, decide_post, one);
    town_now += STAMP_DAY_S;
    town_begin(town);
    town_round(town);
    CU_ASSERT_EQUAL(town_round_of(town, 1)->ok, 1);
    CU_ASSERT_EQUAL(town_round_of(town, 1)->vacancies, 2);
    CU_ASSERT_EQUAL(offers_of_pool(town, "P1"), 2);
    CU_ASSERT_EQUAL(offers_of_pool(town, "P2"), 0);
    CU_ASSERT_EQUAL(pool_offerable(region_pool(writer_region(town->writer), "P2")), 2);
    check_archived(town, 1);
    town_submit(town, decide_post, two);
    town_round(town);
    CU_ASSERT(offers_of_pool(town, "P2") > 0);
    town_check(town);
    free(policy);
    town_close(town);
}

static void test_rounds_by_the_clock(void)
{
    struct town *town = town_open(0);
    town->options.round_seconds = 1;
    town_begin(town);
    TOWN_UNTIL(town, town_round_of(town, 1) && rounds_running(town->rounds) == 0);
    CU_ASSERT_EQUAL(town_round_of(town, 1)->ok, 1);
    town_close(town);
}

static const struct check_test tests[] = {
    {"offers", test_a_round_makes_offers},
    {"archive", test_the_archive_proves_and_repeats_the_round},
    {"coupled", test_a_coupled_round_has_bounds},
    {"archive_names", test_closed_names_of_the_archive},
    {"dropped", test_what_no_longer_holds_is_dropped},
    {"no_policy", test_no_round_without_a_policy},
    {"failed", test_a_failed_round_is_recorded},
    {"killed", test_a_killed_child_is_a_failed_round},
    {"taken", test_a_number_is_taken_once},
    {"stop", test_stopping_ends_a_running_round},
    {"deadlines", test_deadlines_pass},
    {"explain", test_explanations_outlive_a_restart},
    {"period", test_rounds_by_the_clock},
    {"seen", test_a_newer_archive_does_not_change_who_was_seen},
    {"aged", test_counts_that_nobody_confirms_attract_no_offers},
};
CHECK_SUITE(suite_rounds, tests);
