/* test_forgery.c - (tampering.h has what a forger would think of) everything that stands in a plan
 * or a certificate, one at a time: each number one more and one less, each text and each word
 * another, each member and each entry left out, entries doubled and exchanged. What the checker
 * takes must say the same as before. */
#include "tests/check.h"
#include "tests/tampering.h"

#include "models/alloc.h"
#include "solver/eligibility.h"
#include "solver/verify.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORLDS = 12 }; /* of each sort */

struct forger {
    const struct drawn_round *round;
    const struct tampering_original *original;
    const json_t *whole;      /* one of the two, as it was */
    json_t *file;             /* the one of the two that is forged */
    int is_plan, is_made_out; /* certificate to the forged plan */
    char *said;               /* what it said */
    size_t n_tried, n_wrong;
};

/* Members that claim nothing: who solved it, and in words what `reason` says. */
static int is_a_remark(const char *name)
{
    return strcmp(name, "engine") == 0 || strcmp(name, "detail") == 0;
}

/* In a round with coupled rows: may all of these beds be kept by people who are tied up? */
static int may_be_kept(const struct forger *forger, const json_t *entry)
{
    return json_object_get(forger->whole, "shadow_prices_are") != NULL &&
           json_is_null(json_object_get(entry, "loss"));
}

/* Is the entry about beds that are not there, or not to be given? Of these the price and `next` are
 * taken as they are (docs/formats.md). */
static int is_of_no_bed(const struct forger *forger, const char *path)
{
    char list[40];
    size_t i, k = 0;
    if (sscanf(path, "/%39[^/]/%zu", list, &i) != 2)
        return 0;
    const json_t *entry = json_array_get(json_object_get(forger->whole, list), i);
    const char *id = json_string_value(json_object_get(entry, "pool"));
    const char *class =
        json_string_value(json_object_get(entry, forger->is_plan ? "class" : "reserve"));
    const struct pool *pool = id ? region_pool(forger->round->region, id) : NULL;
    if (!pool)
        return 0;
    while (k < pool->n_reserved && (!class || strcmp(pool->reserved[k].class_code, class) != 0))
        k++;
    return eligibility_kept(pool, k) == 0 || may_be_kept(forger, entry) ||
           region_institution(forger->round->region, pool->institution_id)->suspended;
}

/* What the file claims. The prices of a certificate over 2^s are no claims: whatever they are, they
 * prove some bound, and the bound is the claim. A plan without prices does not say what sort they
 * are. */
static char *say(const struct tampering_forgery *forgery, int is_plan)
{
    struct certificate certificate = forgery->certificate;
    struct plan plan = forgery->plan;
    if (plan.n_prices + plan.n_reserve_prices == 0)
        plan.prices_are_bounds = 0;
    if (certificate.shift) {
        certificate.n_pools = certificate.n_staff = certificate.n_rooms = certificate.n_kept = 0;
        certificate.offers = NULL;
        certificate.shift = 1;
    }
    return is_plan ? plan_to_json(&plan, 0) : certificate_to_json(&certificate);
}

/* 0 when a file is none that the program reads. */
static int read_forged(const struct forger *forger, struct tampering_forgery *forgery)
{
    char *text = json_dumps(forger->file, JSON_ENCODE_ANY);
    struct alm_error err;
    err_init(&err);
    tampering_forgery_init(forgery, forger->round, forger->original, 1);
    if (forger->is_plan) {
        plan_clear(&forgery->plan);
        plan_init(&forgery->plan);
    } else {
        certificate_clear(&forgery->certificate);
        certificate_init(&forgery->certificate);
    }
    int rc = forger->is_plan
                 ? plan_from_json(text, strlen(text), &forgery->plan, &err)
                 : certificate_from_json(text, strlen(text), &forgery->certificate, &err);
    CU_ASSERT(rc == 0 || err.message[0]);
    err_clear(&err);
    free(text);
    return rc == 0;
}

static void make_out(struct tampering_forgery *forgery)
{
    memcpy(forgery->certificate.objectives, forgery->plan.objectives,
           sizeof forgery->plan.objectives);
    tampering_make_out(forgery);
}

/* Is the forged file taken, though it says something else? */
static int is_fooled(const struct forger *forger, struct tampering_forgery *forgery)
{
    struct alm_error err;
    int proved;
    err_init(&err);
    if (forger->is_plan && forgery->plan.status == PLAN_FEASIBLE)
        forgery->plan.status = PLAN_OPTIMAL; /* whoever claims less does not lie */
    char *says = say(forgery, forger->is_plan);
    int is_other = strcmp(says, forger->said) != 0;
    if (forger->is_made_out)
        make_out(forgery);
    int rc = verify_plan(forger->round->region, forger->round->policy, &forgery->plan,
                         &forgery->certificate, &proved, &err);
    CU_ASSERT(rc == 0 || (err.code == ERR_REFUSED && err.message[0]));
    err_clear(&err);
    free(says);
    return rc == 0 && is_other;
}

/* Is it another plan that is as good? Which of them it has to be is not looked at
 * (docs/formats.md). */
static int is_as_good(const struct forger *forger, const struct tampering_forgery *forgery)
{
    const struct brute_result *brute = &forger->round->brute;
    struct brute_result result;
    int to[RANDOM_PEOPLE];
    memcpy(to, brute->to, sizeof to);
    for (size_t i = 0; i < forgery->plan.n_placements; i++) {
        const struct placement *placement = &forgery->plan.placements[i];
        to[atoi(placement->applicant_id + 1) - 1] = atoi(placement->pool_id + 1) - 1;
    }
    return forger->is_plan && brute_check(&forger->round->world, to, &result) &&
           memcmp(to, brute->to, sizeof to) != 0 &&
           memcmp(result.values, brute->values, sizeof result.values) == 0;
}

/* The file as it is now; `path`: what is forged in it. */
static void try(struct forger *forger, const char *path, const char *how)
{
    static int lines;
    struct tampering_forgery forgery;
    int is_read = read_forged(forger, &forgery);
    forger->n_tried++;
    if (is_read && is_fooled(forger, &forgery) && !is_of_no_bed(forger, path) &&
        !is_as_good(forger, &forgery)) {
        forger->n_wrong++;
        if (lines++ < 40)
            printf("\n    seed %" PRIu64 ": %s%s: %s: %s is taken", forger->round->world.seed,
                   forger->is_plan ? "plan" : "certificate",
                   forger->is_made_out ? ", certificate made out" : "", path, how);
    }
    tampering_forgery_clear(&forgery);
}

static void walk(struct forger *forger, json_t *at, const char *path);

/* -- values -- */

/* The next of the list that has the word; NULL when none has it. */
static const char *next_word(const char *word)
{
    static const struct words *const lists[] = {&words_reason, &words_objective, &words_plan_status,
                                                &words_sex};
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
        int value = words_find(lists[l], word, strlen(word));
        if (value >= 0 && *word)
            return words_name(lists[l], (value + 1) % lists[l]->count);
    }
    return NULL;
}

/* Ids are a letter and two digits. */
static json_t *another_text(const char *text, int which)
{
    const char *word = next_word(text);
    size_t len = strlen(text);
    char *other = alloc_string(len ? text : "A02");
    if (which && len == 3)
        memcpy(other + 1, strcmp(text + 1, "02") == 0 ? "01" : "02", 2);
    else if (len)
        other[len - 1] ^= 1;
    json_t *json = json_string(which && word ? word : other);
    free(other);
    return json;
}

/* The other values that are tried in place of one; NULL: no more. */
static json_t *another(const json_t *value, int which)
{
    if (which > 1)
        return NULL;
    if (json_is_integer(value))
        return json_integer(json_integer_value(value) + (which ? -1 : 1));
    if (json_is_string(value))
        return another_text(json_string_value(value), which);
    return which ? json_integer(1) : json_is_null(value) ? json_true() : json_null();
}

static void try_values(struct forger *forger, json_t *parent, const char *key, size_t i,
                       const char *path)
{
    json_t *value = json_incref(key ? json_object_get(parent, key) : json_array_get(parent, i));
    json_t *other;
    if (json_is_object(value) || json_is_array(value)) {
        walk(forger, value, path);
    } else {
        for (int which = 0; (other = another(value, which)); which++) {
            char *how = json_dumps(other, JSON_ENCODE_ANY);
            key ? json_object_set_new(parent, key, other) : json_array_set_new(parent, i, other);
            try(forger, path, how);
            key ? json_object_set(parent, key, value) : json_array_set(parent, i, value);
            free(how);
        }
    }
    json_decref(value);
}

/* -- members and entries -- */

static void walk_object(struct forger *forger, json_t *object, const char *path)
{
    json_t *names = json_array(), *name;
    const char *key;
    json_t *value;
    size_t i;
    json_object_foreach(object, key, value) json_array_append_new(names, json_string(key));
    json_array_foreach(names, i, name)
    {
        char inside[200];
        key = json_string_value(name);
        if (is_a_remark(key))
            continue;
        snprintf(inside, sizeof inside, "%s/%s", path, key);
        try_values(forger, object, key, 0, inside);
        value = json_incref(json_object_get(object, key));
        json_object_del(object, key);
        try(forger, inside, "left out");
        json_object_set_new(object, key, value);
    }
    json_decref(names);
}

static void swap(json_t *array, size_t i)
{
    json_t *first = json_incref(json_array_get(array, i));
    json_array_set(array, i, json_array_get(array, i + 1));
    json_array_set_new(array, i + 1, first);
}

static void walk_array(struct forger *forger, json_t *array, const char *path)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        char inside[200];
        json_t *value = json_incref(json_array_get(array, i));
        snprintf(inside, sizeof inside, "%s/%zu", path, i);
        try_values(forger, array, NULL, i, inside);
        json_array_remove(array, i);
        try(forger, inside, "left out");
        json_array_insert(array, i, value);
        json_array_insert(array, i, value);
        try(forger, inside, "doubled");
        json_array_remove(array, i);
        if (forger->is_plan && i + 1 < json_array_size(array)) { /* proofs have no order */
            swap(array, i);
            try(forger, inside, "exchanged with the next");
            swap(array, i);
        }
        json_decref(value);
    }
}

static void walk(struct forger *forger, json_t *at, const char *path)
{
    if (json_is_object(at))
        walk_object(forger, at, path);
    else
        walk_array(forger, at, path);
}

/* -- the tests -- */

static size_t forge_file(struct forger *forger, const char *text)
{
    struct tampering_forgery forgery;
    forger->n_tried = forger->n_wrong = 0;
    forger->file = json_loads(text, 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(forger->file);
    json_t *whole = json_deep_copy(forger->file);
    forger->whole = whole;
    tampering_forgery_init(&forgery, forger->round, forger->original, 1);
    forger->said = say(&forgery, forger->is_plan);
    CU_ASSERT_FALSE(is_fooled(forger, &forgery));
    walk(forger, forger->file, "");
    tampering_forgery_clear(&forgery);
    json_decref(forger->file);
    json_decref(whole);
    free(forger->said);
    return forger->n_wrong;
}

static size_t forge(struct drawn_round *round)
{
    if (region_count(round->region, RECORD_APPLICANT) == 0)
        return 0; /* a plan for nobody needs no proof */
    struct tampering_original original = tampering_original(round);
    struct forger forger = {.round = round, .original = &original, .is_plan = 1};
    size_t n_wrong = forge_file(&forger, original.plan);
    forger.is_made_out = 1;
    n_wrong += forge_file(&forger, original.plan);
    forger.is_plan = forger.is_made_out = 0;
    n_wrong += forge_file(&forger, original.certificate);
    tampering_original_clear(&original);
    return n_wrong;
}

static void test_network(void)
{
    drawn_round_each(RANDOM_NETWORK, drawn_round_count(WORLDS), forge);
}

static void test_coupled(void)
{
    drawn_round_each(RANDOM_COUPLED, drawn_round_count(WORLDS), forge);
}

static const struct check_test tests[] = {
    {"forgery_network", test_network},
    {"forgery_coupled", test_coupled},
};
CHECK_SUITE(suite_forgery, tests);
