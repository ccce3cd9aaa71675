/* eligibility.c - see eligibility.h. Pure: a function of const records, in the order of the
 * contract. */
#include "solver/eligibility.h"

#include "models/alloc.h"
#include "models/assessment.h"
#include "models/stamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int has_needs(const struct applicant *applicant, const struct pool *pool,
                     const struct institution *home)
{
    for (size_t i = 0; i < applicant->needs.n; i++)
        if (!list_has(&home->capabilities, applicant->needs.items[i]) &&
            !list_has(&pool->capabilities, applicant->needs.items[i]))
            return 0;
    return 1;
}

/* An empty village or district lives nowhere, even if a list held an empty entry. */
static int is_served(const struct applicant *applicant, const struct pool *pool)
{
    if (pool->serves.n == 0)
        return 1;
    return (applicant->village[0] && list_has(&pool->serves, applicant->village)) ||
           (applicant->district[0] && list_has(&pool->serves, applicant->district));
}

enum reason eligibility_pair_static(const struct applicant *applicant, const struct pool *pool,
                                    const struct institution *home)
{
    if (!(applicant->kinds & 1u << pool->kind))
        return REASON_KIND;
    if (applicant->level < pool->min_level || applicant->level > pool->max_level)
        return REASON_LEVEL;
    if (pool->sex != SEX_RULE_ANY &&
        applicant->sex != (pool->sex == SEX_RULE_FEMALE ? SEX_FEMALE : SEX_MALE))
        return REASON_SEX;
    if (!has_needs(applicant, pool, home))
        return REASON_NEEDS;
    if (!is_served(applicant, pool))
        return REASON_SERVES;
    return REASON_ELIGIBLE;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t longest_way(const struct eligibility *eligibility, const struct applicant *applicant)
{
    return least(applicant->max_distance_m, eligibility->policy->max_distance_m);
}

/* A resident with a list of preferences asks for the homes on it; without one, for any home. */
static int resident_asks(const struct eligibility *eligibility, const struct applicant *resident,
                         const struct pool *pool)
{
    const struct pool *own = region_pool(eligibility->region, resident->current_pool);
    int64_t unlisted = eligibility->policy->unlisted_rank;
    if (strcmp(resident->current_pool, pool->record.id) == 0)
        return 0;
    if (resident->preferences.n && !list_has(&resident->preferences, pool->institution_id))
        return 0;
    return !own || applicant_rank(resident, pool->institution_id, unlisted) <=
                       applicant_rank(resident, own->institution_id, unlisted);
}

enum reason eligibility_pair_at(const struct eligibility *eligibility,
                                const struct applicant *applicant, const struct pool *pool,
                                const struct institution *home, int64_t metres,
                                enum eligibility_beds beds)
{
    const struct policy *policy = eligibility->policy;
    if (metres > longest_way(eligibility, applicant))
        return REASON_DISTANCE;
    if (pool->monthly_fee > applicant->max_fee)
        return REASON_FEE;
    if (home->star < applicant->min_star)
        return REASON_STAR;
    if (home->suspended)
        return REASON_SUSPENDED;
    if (policy->require_valid_assessment && !assessment_is_valid(applicant, eligibility->now))
        return REASON_ASSESSMENT;
    if (beds == ELIGIBILITY_BEDS_RESERVED)
        return REASON_RESERVED;
    if (applicant->n_declined &&
        applicant_has_declined(applicant, pool->record.id, policy->declined_days, eligibility->now))
        return REASON_DECLINED;
    if (beds == ELIGIBILITY_BEDS_NONE)
        return REASON_NO_BED;
    if (applicant->current_pool[0] && !resident_asks(eligibility, applicant, pool))
        return REASON_NOT_ASKED;
    return REASON_ELIGIBLE;
}

int64_t eligibility_kept(const struct pool *pool, size_t k)
{
    int64_t left = pool_offerable(pool);
    for (size_t i = 0; i < k; i++)
        left -= least(left, pool->reserved[i].beds);
    return k < pool->n_reserved ? least(left, pool->reserved[k].beds) : left;
}

enum eligibility_beds eligibility_beds_free(const struct policy *policy, const struct pool *pool,
                                            const char *class_code)
{
    if (pool_offerable(pool) == 0)
        return ELIGIBILITY_BEDS_NONE;
    if (policy->reserve == RESERVE_SOFT || eligibility_kept(pool, pool->n_reserved) > 0)
        return ELIGIBILITY_BEDS_SOME;
    for (size_t k = 0; k < pool->n_reserved; k++)
        if (strcmp(pool->reserved[k].class_code, class_code) == 0 && eligibility_kept(pool, k) > 0)
            return ELIGIBILITY_BEDS_SOME;
    return ELIGIBILITY_BEDS_RESERVED;
}

enum reason eligibility_pair(const struct eligibility *eligibility,
                             const struct applicant *applicant, const struct pool *pool,
                             int could_move_out, int64_t *metres)
{
    const struct institution *home = region_institution(eligibility->region, pool->institution_id);
    enum reason reason = eligibility_pair_static(applicant, pool, home);
    int64_t way = metres || reason == REASON_ELIGIBLE
                      ? region_metres(eligibility->region, applicant, home)
                      : 0;
    if (metres)
        *metres = way;
    if (reason != REASON_ELIGIBLE)
        return reason;
    enum eligibility_beds beds =
        could_move_out && pool_slack(pool) >= 0
            ? ELIGIBILITY_BEDS_SOME
            : eligibility_beds_free(eligibility->policy, pool, applicant->class_code);
    return eligibility_pair_at(eligibility, applicant, pool, home, way, beds);
}

/* -- sentences ----------------------------------------------------------------------------------
 */

/* What the sentences are made from. */
struct pair {
    const struct eligibility *eligibility;
    const struct applicant *applicant;
    const struct pool *pool;
    const struct institution *home;
};

static void join(struct buffer *out, const char *word, const char *between)
{
    buffer_format(out, "%s%s", out->len ? between : "", word);
}

static void say_eligible(const struct pair *pair, struct buffer *out)
{
    (void)pair;
    buffer_text(out, "All rules allow this place.");
}

static void say_kind(const struct pair *pair, struct buffer *out)
{
    struct buffer asked = {0};
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (pair->applicant->kinds & 1u << kind)
            join(&asked, words_name(&words_kind, kind), " or ");
    buffer_format(out, "These are places of the kind %s; the application asks for %s.",
                  words_name(&words_kind, pair->pool->kind), asked.len ? asked.bytes : "none");
    buffer_clear(&asked);
}

static void say_level(const struct pair *pair, struct buffer *out)
{
    buffer_format(
        out, "The home takes levels %" PRId64 " to %" PRId64 "; the assessed level is %" PRId64 ".",
        pair->pool->min_level, pair->pool->max_level, pair->applicant->level);
}

static void say_sex(const struct pair *pair, struct buffer *out)
{
    buffer_format(out, "The places are for %s residents; the application says %s.",
                  words_name(&words_sex_rule, pair->pool->sex),
                  pair->applicant->sex == SEX_NONE ? "nothing about the sex"
                                                   : words_name(&words_sex, pair->applicant->sex));
}

static void say_needs(const struct pair *pair, struct buffer *out)
{
    struct buffer missing = {0};
    for (size_t i = 0; i < pair->applicant->needs.n; i++) {
        const char *need = pair->applicant->needs.items[i];
        if (!list_has(&pair->home->capabilities, need) &&
            !list_has(&pair->pool->capabilities, need))
            join(&missing, need, ", ");
    }
    buffer_format(out, "The home does not offer what the person needs: %s.",
                  missing.len ? missing.bytes : "nothing is missing");
    buffer_clear(&missing);
}

static void say_serves(const struct pair *pair, struct buffer *out)
{
    struct buffer served = {0};
    for (size_t i = 0; i < pair->pool->serves.n && i < 5; i++)
        join(&served, pair->pool->serves.items[i], ", ");
    if (pair->pool->serves.n > 5)
        buffer_format(&served, " and %zu more", pair->pool->serves.n - 5);
    buffer_format(out, "The places are for residents of %s; the person lives in ",
                  served.len ? served.bytes : "certain villages");
    buffer_clear(&served);
    if (pair->applicant->village[0])
        buffer_format(out, "the village %s%s", pair->applicant->village,
                      pair->applicant->district[0] ? ", " : ".");
    if (pair->applicant->district[0])
        buffer_format(out, "the district %s.", pair->applicant->district);
    if (!pair->applicant->village[0] && !pair->applicant->district[0])
        buffer_text(out, "a place that the application does not name.");
}

static void say_distance(const struct pair *pair, struct buffer *out)
{
    int64_t own = pair->applicant->max_distance_m;
    int64_t metres = region_metres(pair->eligibility->region, pair->applicant, pair->home);
    buffer_format(out, "The way is %" PRId64 " m; the %s limit is %" PRId64 " m.", metres,
                  own <= pair->eligibility->policy->max_distance_m ? "person's" : "policy's",
                  longest_way(pair->eligibility, pair->applicant));
}

static void say_fee(const struct pair *pair, struct buffer *out)
{
    buffer_format(out, "The monthly fee is %" PRId64 "; the person's limit is %" PRId64 ".",
                  pair->pool->monthly_fee, pair->applicant->max_fee);
}

static void say_star(const struct pair *pair, struct buffer *out)
{
    if (pair->home->star == 0)
        buffer_text(out, "The home is not rated");
    else
        buffer_format(out, "The home has %" PRId64 " star%s", pair->home->star,
                      pair->home->star == 1 ? "" : "s");
    buffer_format(out, "; the person asks for at least %" PRId64 ".", pair->applicant->min_star);
}

static void say_suspended(const struct pair *pair, struct buffer *out)
{
    (void)pair;
    buffer_text(out, "The home is suspended and takes no new placements.");
}

static void say_assessment(const struct pair *pair, struct buffer *out)
{
    char until[STAMP_TEXT] = "an unknown day", now[STAMP_TEXT];
    if (pair->applicant->assessment_valid_until != STAMP_NONE)
        stamp_format_date(pair->applicant->assessment_valid_until, until);
    buffer_format(
        out, "The assessment was valid until %s; on %s a new one is needed before any placement.",
        until, stamp_format_date(pair->eligibility->now, now));
}

static void say_reserved(const struct pair *pair, struct buffer *out)
{
    struct buffer kept = {0};
    for (size_t k = 0; k < pair->pool->n_reserved; k++)
        join(&kept, pair->pool->reserved[k].class_code, " and ");
    buffer_format(out, "Only reserved beds are left, kept for the class %s; ",
                  kept.len ? kept.bytes : "of somebody else");
    buffer_clear(&kept);
    if (pair->applicant->class_code[0])
        buffer_format(out, "the person's class is %s.", pair->applicant->class_code);
    else
        buffer_text(out, "the person has no priority class.");
}

static void say_declined(const struct pair *pair, struct buffer *out)
{
    int64_t days = pair->eligibility->policy->declined_days, at = STAMP_NONE;
    for (size_t i = 0; i < pair->applicant->n_declined; i++)
        if (strcmp(pair->applicant->declined[i].pool_id, pair->pool->record.id) == 0)
            at = pair->applicant->declined[i].at;
    char day[STAMP_TEXT];
    if (at == STAMP_NONE)
        buffer_text(out, "This place was turned down before");
    else
        buffer_format(out, "This place was turned down on %s", stamp_format_date(at, day));
    if (days < 0 || at == STAMP_NONE)
        buffer_text(out, "; it is not offered again.");
    else
        buffer_format(out, "; it is not offered again for %" PRId64 " days.", days);
}

static void say_no_bed(const struct pair *pair, struct buffer *out)
{
    const struct pool *pool = pair->pool;
    int64_t in_service = least(pool->beds_approved, least(pool->beds_usable, pool->beds_staffed));
    buffer_format(out,
                  "No bed is free: %" PRId64 " in service, %" PRId64 " occupied, %" PRId64
                  " promised in open offers; and nobody there waits to move out.",
                  in_service, pool->beds_occupied, pool->beds_committed);
}

static void say_not_asked(const struct pair *pair, struct buffer *out)
{
    buffer_text(out, strcmp(pair->applicant->current_pool, pair->pool->record.id) == 0
                         ? "The person lives here already."
                         : "The person lives in another home and did not ask to move here, or "
                           "ranks it below the present one.");
}

static void say_outranked(const struct pair *pair, struct buffer *out)
{
    (void)pair;
    buffer_text(out, "The rules allow this place, but the beds went to people who came before.");
}

static void (*const sayings[REASON_COUNT])(const struct pair *, struct buffer *) = {
    [REASON_ELIGIBLE] = say_eligible,
    [REASON_KIND] = say_kind,
    [REASON_LEVEL] = say_level,
    [REASON_SEX] = say_sex,
    [REASON_NEEDS] = say_needs,
    [REASON_SERVES] = say_serves,
    [REASON_DISTANCE] = say_distance,
    [REASON_FEE] = say_fee,
    [REASON_STAR] = say_star,
    [REASON_SUSPENDED] = say_suspended,
    [REASON_ASSESSMENT] = say_assessment,
    [REASON_RESERVED] = say_reserved,
    [REASON_DECLINED] = say_declined,
    [REASON_NO_BED] = say_no_bed,
    [REASON_NOT_ASKED] = say_not_asked,
    [REASON_OUTRANKED] = say_outranked,
};

void eligibility_sentence(const struct eligibility *eligibility, enum reason reason,
                          const struct applicant *applicant, const struct pool *pool, char *text,
                          size_t room)
{
    struct pair pair = {eligibility, applicant, pool,
                        region_institution(eligibility->region, pool->institution_id)};
    struct buffer out = {0};
    sayings[reason](&pair, &out);
    snprintf(text, room, "%s", out.bytes);
    buffer_clear(&out);
}
