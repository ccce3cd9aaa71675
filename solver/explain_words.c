/* explain_words.c - facts about one person as whole sentences that an adviser can read out. */
#include "solver/explain_facts.h"

#include "models/alloc.h"
#include "models/stamp.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_POOLS = 3, SENTENCE = 512 };

static void say(struct list *sentences, struct buffer *sentence)
{
    if (sentence->len)
        list_add(sentences, sentence->bytes, sentence->len);
    buffer_clear(sentence);
}

/* -- one pool -- */

static void add_marginal(const struct explain_facts *facts, const struct explain_pool *pool,
                         struct buffer *out)
{
    buffer_format(out,
                  " %zu %s placed here, %zu of them with at least %" PRId64
                  " points; the fewest points among them are %" PRId64 ", of %s.",
                  pool->placed, pool->placed == 1 ? "person is" : "people are", pool->ahead,
                  facts->points, pool->marginal->points, pool->marginal->applicant_id);
}

/* What an objective counts, in the words of an office; those that are minimised count against. */
static const char *const counted[OBJECTIVE_COUNT] = {
    [OBJECTIVE_GUARANTEE] = "people of the guaranteed classes placed",
    [OBJECTIVE_RESERVE] = "reserved beds taken by their class",
    [OBJECTIVE_NEED] = "points of those placed",
    [OBJECTIVE_PLACEMENTS] = "people placed",
    [OBJECTIVE_SENIORITY] = "days waited of those placed",
    [OBJECTIVE_TRANSFERS] = "points of residents moved",
    [OBJECTIVE_PREFERENCE] = "ranks on the lists of wishes",
    [OBJECTIVE_TRAVEL] = "metres between people and their homes",
    [OBJECTIVE_MOVES] = "residents moved",
};

static void add_amount(struct buffer *out, int64_t gain, const char *what)
{
    buffer_format(out, "%" PRId64 " %s %s", gain < 0 ? -gain : gain, gain < 0 ? "fewer" : "more",
                  what);
}

/* The price is what one more bed would bring: who brings as much is the next to come. */
static void add_price(const struct explain_facts *facts, const struct explain_pool *pool,
                      struct buffer *out)
{
    const struct policy *policy = facts->rules.policy;
    for (size_t k = 0; k < policy->n_objectives; k++)
        if (pool->gains[k] != pool->price->price[k]) {
            int sign = words_objective_is_max(policy->objectives[k]) ? 1 : -1;
            buffer_text(out, " One more bed here would mean ");
            add_amount(out, sign * pool->price->price[k], counted[policy->objectives[k]]);
            buffer_text(out, "; given to this person alone it would mean ");
            add_amount(out, sign * pool->gains[k], "of them");
            buffer_text(out, ".");
            return;
        }
    buffer_text(out, " One more bed here would be worth exactly what this person brings: the "
                     "person is next in line, alone or with others who rank alike.");
}

static void add_order(const struct explain_facts *facts, const struct explain_pool *pool,
                      struct buffer *out)
{
    if (pool->marginal->points == facts->points)
        buffer_text(out, " With equal points the later objectives decide, then the order of "
                         "application, then the lottery.");
    else if (pool->marginal->points < facts->points)
        buffer_text(out, " That person has fewer points: a guarantee, a reserve, an earlier "
                         "objective, or people who have to be placed together stood in the way.");
}

static const char *why_nobody(const struct explain_facts *facts, const struct explain_pool *pool)
{
    if (pool_offerable(pool->pool) == 0)
        return "The rules allow this place, but a bed falls free here only when a resident who "
               "asks to move does, and the plan moves nobody out.";
    if (pool->price)
        return "The rules allow this place, but the plan would not be better by its objectives.";
    if (facts->companions)
        return "The rules allow this place, but the plan places nobody here: it would take places "
               "in this home for all who wait together, and nursing minutes and rooms for them.";
    return "The rules allow this place, but the plan places nobody here: people who have to be "
           "placed together, nursing minutes or rooms stood in the way.";
}

static void say_possible(const struct explain_facts *facts, const struct explain_pool *pool,
                         struct buffer *out)
{
    if (facts->placement && !pool->is_better) {
        buffer_format(out,
                      "This place would have been possible too; the one given is %s by the "
                      "person's own list and the distance.",
                      pool->rank == facts->placement->rank &&
                              pool->metres == facts->placement->metres
                          ? "as good"
                          : "better");
        return;
    }
    if (pool->placed == 0) {
        buffer_text(out, why_nobody(facts, pool));
        return;
    }
    buffer_text(out, "The rules allow this place, but the plan gives its beds to others.");
    add_marginal(facts, pool, out);
    add_order(facts, pool, out);
    if (pool->price)
        add_price(facts, pool, out);
}

/* Without prices the round had coupled rows, or was not proved: they may stand in the way. */
static void add_change(const struct explain_pool *pool, struct buffer *out)
{
    if (!pool->may_help)
        return;
    if (pool->reason == REASON_DISTANCE)
        buffer_format(out, " With a distance limit of %" PRId64 " m", pool->metres);
    else if (pool->reason == REASON_FEE)
        buffer_format(out, " With a fee limit of %" PRId64, pool->pool->monthly_fee);
    else if (pool->reason == REASON_STAR && pool->home->star == 0)
        buffer_text(out, " If no stars were asked for");
    else if (pool->reason == REASON_STAR)
        buffer_format(out, " If %" PRId64 " star%s were enough", pool->home->star,
                      pool->home->star == 1 ? "" : "s");
    else
        buffer_format(out, " If places of the kind %s were accepted",
                      words_name(&words_kind, (int)pool->pool->kind));
    buffer_format(out,
                  pool->is_left ? ", a bed that is left over here %s be given to the person."
                                : ", the person %s come before somebody who is placed here.",
                  pool->price ? "could" : "might");
}

char *explain_words_pool(const struct explain_facts *facts, const struct explain_pool *pool)
{
    struct buffer out = {0};
    char sentence[SENTENCE];
    if (pool->is_here) {
        buffer_text(&out, "The plan gives this place.");
    } else if (pool->reason == REASON_OUTRANKED) {
        say_possible(facts, pool, &out);
    } else {
        eligibility_sentence(&facts->rules, pool->reason, facts->person, pool->pool, sentence,
                             sizeof sentence);
        buffer_text(&out, sentence);
        add_change(pool, &out);
    }
    return buffer_take(&out, NULL);
}

/* -- the person -- */

static void say_points(const struct explain_facts *facts, struct list *sentences)
{
    const struct policy *policy = facts->rules.policy;
    struct buffer out = {0};
    const char *between = ": ";
    buffer_format(&out, "The application %s has %" PRId64 " points", facts->person->record.id,
                  facts->points);
    for (size_t r = 0; r < policy->n_rules; r++) {
        int64_t points = policy_rule_points(&policy->rules[r], facts->person, facts->rules.now);
        if (points == 0)
            continue;
        buffer_format(&out, "%s%" PRId64 " for %s", between, points, policy->rules[r].name);
        between = ", ";
    }
    buffer_text(&out, ".");
    say(sentences, &out);
}

static void say_position(const struct explain_facts *facts, struct list *sentences)
{
    struct buffer out = {0};
    if (facts->position)
        buffer_format(&out,
                      "By points, then by the order of application, it stands at place %zu of "
                      "%zu among the %s.",
                      facts->position, facts->waiting,
                      facts->own ? "residents who ask to move" : "people who wait for a place");
    else
        buffer_format(&out, "It is not on the waiting list now: its state is %s.",
                      words_name(&words_applicant_state, (int)facts->person->state));
    say(sentences, &out);
    if (facts->companions)
        buffer_format(
            &out,
            "It waits together with %zu other%s of the household %s: all of them are placed "
            "in one institution, or none.",
            facts->companions, facts->companions == 1 ? "" : "s", facts->person->household_id);
    say(sentences, &out);
}

static void add_rank(const struct explain_facts *facts, const char *home, struct buffer *out)
{
    int64_t rank = facts->placement->rank;
    size_t wishes = facts->person->preferences.n;
    if (wishes == 0)
        buffer_text(out, "The person named no preferred homes.");
    else if (rank == 0)
        buffer_text(out, "It is the person's first choice.");
    else if (rank < facts->rules.policy->unlisted_rank && rank < (int64_t)wishes)
        buffer_format(out, "It is the person's choice number %" PRId64 ".", rank + 1);
    else if (list_has(&facts->person->preferences, home))
        buffer_text(out, "It is on the person's list, so far down that it counts as not listed.");
    else
        buffer_text(out, "It is not on the person's list of homes.");
}

static void say_placement(const struct explain_facts *facts, struct list *sentences)
{
    const struct pool *pool = region_pool(facts->rules.region, facts->placement->pool_id);
    const struct institution *home =
        pool ? region_institution(facts->rules.region, pool->institution_id) : NULL;
    char day[STAMP_TEXT];
    struct buffer out = {0};
    buffer_format(&out, "The plan of %s gives %s a place in %s (pool %s), %" PRId64 " m away.",
                  stamp_format_date(facts->rules.now, day), facts->person->record.id,
                  home ? home->name : "a home", facts->placement->pool_id,
                  facts->placement->metres);
    say(sentences, &out);
    add_rank(facts, home ? home->record.id : "", &out);
    say(sentences, &out);
    if (facts->own) {
        buffer_format(&out, "The person lives in pool %s and keeps that bed until the move.",
                      facts->own->record.id);
        say(sentences, &out);
    }
}

static void say_unplaced(const struct explain_facts *facts, struct list *sentences)
{
    char day[STAMP_TEXT];
    struct buffer out = {0};
    stamp_format_date(facts->rules.now, day);
    if (facts->own)
        buffer_format(&out, "By the plan of %s %s keeps the bed in pool %s.", day,
                      facts->person->record.id, facts->own->record.id);
    else
        buffer_format(&out, "The plan of %s gives %s no place.", day, facts->person->record.id);
    say(sentences, &out);
    buffer_text(&out, facts->unplaced->detail ? facts->unplaced->detail : "");
    say(sentences, &out);
}

static void say_no_part(const struct explain_facts *facts, struct list *sentences)
{
    struct buffer out = {0};
    if (!facts->plan->world)
        buffer_text(&out, "There has been no round yet.");
    else if (facts->person->state == APPLICANT_WAITING)
        buffer_text(&out,
                    "The application came after the last round; the next round will consider it.");
    else
        buffer_text(&out,
                    "The person took no part in the round: only applications that are waiting "
                    "do.");
    say(sentences, &out);
}

/* -- the pools in short -- */

static int is_nearer(const struct explain_pool *a, const struct explain_pool *b)
{
    return a->rank != b->rank ? a->rank < b->rank : a->metres < b->metres;
}

/* The best pools for which `wanted` holds, by the person's own order. */
static void say_best(const struct explain_facts *facts, struct list *sentences,
                     int (*wanted)(const struct explain_pool *))
{
    const struct explain_pool *last = NULL;
    for (int n = 0; n < MOST_POOLS; n++) {
        const struct explain_pool *best = NULL;
        for (size_t p = 0; p < facts->n_pools; p++) {
            const struct explain_pool *pool = &facts->pools[p];
            int is_new = !last || is_nearer(last, pool) || (!is_nearer(pool, last) && pool > last);
            if (wanted(pool) && is_new && (!best || is_nearer(pool, best)))
                best = pool;
        }
        if (!best)
            return;
        struct buffer out = {0};
        char *words = explain_words_pool(facts, best);
        buffer_format(&out, "%s (pool %s): %s", best->home->name, best->pool->record.id, words);
        say(sentences, &out);
        free(words);
        last = best;
    }
}

static int is_missed(const struct explain_pool *pool)
{
    return pool->reason == REASON_OUTRANKED && pool->is_better;
}

static int is_helpful(const struct explain_pool *pool)
{
    return pool->may_help;
}

/* What is said of so many pools that a rule leaves out. */
static const char *const left_out[REASON_COUNT] = {
    [REASON_KIND] = "of another kind",
    [REASON_LEVEL] = "for other care levels",
    [REASON_SEX] = "for another sex",
    [REASON_NEEDS] = "without what the person needs",
    [REASON_SERVES] = "for other villages or districts",
    [REASON_DISTANCE] = "too far away",
    [REASON_FEE] = "too expensive",
    [REASON_STAR] = "with too few stars",
    [REASON_SUSPENDED] = "in suspended homes",
    [REASON_ASSESSMENT] = "for want of a valid assessment",
    [REASON_RESERVED] = "with beds for other classes alone",
    [REASON_DECLINED] = "turned down before",
    [REASON_NO_BED] = "without a free bed",
    [REASON_NOT_ASKED] = "not asked for",
};

static void say_counts(const struct explain_facts *facts, struct list *sentences)
{
    struct buffer out = {0}, sentence = {0};
    size_t counts[REASON_COUNT] = {0}, all = 0, pools = facts->n_pools - (facts->own != NULL);
    for (size_t p = 0; p < facts->n_pools; p++)
        if (facts->pools[p].pool != facts->own)
            counts[facts->pools[p].reason]++;
    for (int reason = REASON_KIND; reason <= REASON_NOT_ASKED; reason++) {
        if (counts[reason])
            buffer_format(&out, "%s%zu %s", all ? ", " : "", counts[reason], left_out[reason]);
        all += counts[reason];
    }
    if (all)
        buffer_format(&sentence,
                      "Of %zu pool%s the rules leave out %zu, each by the first rule that fails: "
                      "%s.",
                      pools, pools == 1 ? "" : "s", all, out.bytes);
    say(sentences, &sentence);
    buffer_clear(&out);
}

/* What happened, why, what would change it; the rest after that. */
void explain_words_all(const struct explain_facts *facts, struct list *sentences)
{
    if (facts->placement)
        say_placement(facts, sentences);
    else if (facts->unplaced)
        say_unplaced(facts, sentences);
    else
        say_no_part(facts, sentences);
    say_points(facts, sentences);
    say_position(facts, sentences);
    if (facts->placement || facts->unplaced)
        say_best(facts, sentences, is_missed);
    say_best(facts, sentences, is_helpful);
    if (facts->person->state == APPLICANT_WAITING)
        say_counts(facts, sentences);
}
