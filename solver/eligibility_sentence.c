/* eligibility_sentence.c - why a pair is not eligible, in plain words with the figures that
 * decided. */
#include "solver/eligibility.h"

#include "models/alloc.h"
#include "models/stamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

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
                  least(own, pair->eligibility->policy->max_distance_m));
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
    char until[STAMP_TEXT] = "an unknown day";
    if (pair->applicant->assessment_valid_until != STAMP_NONE)
        stamp_format_date(pair->applicant->assessment_valid_until, until);
    buffer_format(
        out, "The assessment was valid until %s; a new one is needed before any placement.", until);
}

static void say_reserved(const struct pair *pair, struct buffer *out)
{
    struct buffer kept = {0};
    for (size_t k = 0; k < pair->pool->n_reserved; k++)
        if (strcmp(pair->pool->reserved[k].class_code, pair->applicant->class_code) != 0)
            join(&kept, pair->pool->reserved[k].class_code, " and ");
    buffer_format(out, "Only reserved beds are left, kept for the class %s; ",
                  kept.len ? kept.bytes : "of somebody else");
    buffer_clear(&kept);
    if (pair->applicant->class_code[0])
        buffer_format(out, "the person's class is %s.", pair->applicant->class_code);
    else
        buffer_text(out, "the person has no priority class.");
}

/* The refusal that holds longest: one without a date holds for good, else the last one. */
static void say_declined(const struct pair *pair, struct buffer *out)
{
    int64_t days = pair->eligibility->policy->declined_days, at = STAMP_NONE;
    int is_for_good = 0;
    for (size_t i = 0; i < pair->applicant->n_declined; i++) {
        const struct declined *declined = &pair->applicant->declined[i];
        if (strcmp(declined->pool_id, pair->pool->record.id) != 0)
            continue;
        is_for_good |= declined->at == STAMP_NONE;
        at = declined->at > at ? declined->at : at;
    }
    char day[STAMP_TEXT];
    if (is_for_good || at == STAMP_NONE)
        buffer_text(out, "This place was turned down before");
    else
        buffer_format(out, "This place was turned down on %s", stamp_format_date(at, day));
    if (days < 0 || is_for_good)
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
                  " promised in open offers; ",
                  in_service, pool->beds_occupied, pool->beds_committed);
    buffer_text(out, pool_slack(pool) < 0
                         ? "that is more than there are, so whoever moves out frees no bed yet."
                         : "and nobody there waits to move out.");
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
