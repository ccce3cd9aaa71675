/* explain_words.c - facts about one person as whole sentences that an adviser can read out. One
 * pool: explain_words_pool.c. */
#include "solver/explain_facts.h"

#include "models/alloc.h"
#include "models/stamp.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_POOLS = 3 };

static void say(struct list *sentences, struct buffer *sentence)
{
    if (sentence->len)
        list_add(sentences, sentence->bytes, sentence->len);
    buffer_clear(sentence);
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
            "in one institution, or none; ",
            facts->companions, facts->companions == 1 ? "" : "s", facts->person->household_id);
    if (facts->companions && facts->homes_for_all)
        buffer_format(&out, "%zu institution%s the rules allow for each of them.",
                      facts->homes_for_all,
                      facts->homes_for_all == 1 ? " has places that" : "s have places that");
    else if (facts->companions)
        buffer_text(&out, "no institution has places that the rules allow for each of them.");
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
    if (facts->unplaced->reason == REASON_NOT_ASKED) /* some may be on the list, and not fit */
        buffer_text(&out, "Of the other places that the rules allow, the person asked for none, or "
                          "has the present one higher on the list.");
    else
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

/* -- wishes that a rule stands before -- */

/* Of a home's pools the one that gets furthest by the rules; NULL when one may be had. */
static const struct explain_pool *furthest(const struct explain_facts *facts, const char *home)
{
    const struct explain_pool *best = NULL;
    for (size_t p = 0; p < facts->n_pools; p++) {
        const struct explain_pool *pool = &facts->pools[p];
        if (strcmp(pool->home->record.id, home) != 0)
            continue;
        if (pool->reason == REASON_ELIGIBLE || pool->reason == REASON_OUTRANKED)
            return NULL;
        if (!best || pool->reason > best->reason)
            best = pool;
    }
    return best;
}

/* Why not the homes that the person put before what they have? */
static void say_wishes(const struct explain_facts *facts, struct list *sentences)
{
    const struct list *wishes = &facts->person->preferences;
    int64_t most = facts->placement ? facts->placement->rank : facts->rules.policy->unlisted_rank;
    int said = 0;
    for (size_t w = 0; w < wishes->n && (int64_t)w < most && said < MOST_POOLS; w++) {
        const struct explain_pool *pool =
            list_index(wishes, wishes->items[w]) == w ? furthest(facts, wishes->items[w]) : NULL;
        struct buffer out = {0};
        if (!pool)
            continue;
        char *words = explain_words_pool(facts, pool);
        buffer_format(&out, "%s (pool %s), choice number %zu: %s", pool->home->name,
                      pool->pool->record.id, w + 1, words);
        say(sentences, &out);
        free(words);
        said++;
    }
}

/* -- what would change it -- */

static void add_assessment(const struct explain_change *change, struct buffer *out)
{
    char round[STAMP_TEXT], end[STAMP_TEXT];
    buffer_format(out,
                  "With an assessment of the same level that was valid on %s (this one ended on "
                  "%s), ",
                  stamp_format_date(change->to, round), stamp_format_date(change->from, end));
}

static void add_limit(const struct explain_change *change, struct buffer *out)
{
    if (change->limit == REASON_ASSESSMENT)
        add_assessment(change, out);
    else if (change->limit == REASON_DISTANCE)
        buffer_format(out,
                      "With a distance limit of %" PRId64 " m instead of %" PRId64 " m (%" PRId64
                      " m more), ",
                      change->to, change->from, change->to - change->from);
    else if (change->limit == REASON_FEE)
        buffer_format(out,
                      "With a monthly fee limit of %" PRId64 " instead of %" PRId64 " (%" PRId64
                      " more), ",
                      change->to, change->from, change->to - change->from);
    else if (change->limit == REASON_STAR && change->to == 0)
        buffer_format(out, "If no stars were asked for instead of %" PRId64 ", ", change->from);
    else if (change->limit == REASON_STAR)
        buffer_format(out, "If %" PRId64 " star%s were enough instead of %" PRId64 ", ", change->to,
                      change->to == 1 ? "" : "s", change->from);
    else
        buffer_format(out, "If places of the kind %s were accepted too, ",
                      words_name(&words_kind, (int)change->to));
}

static void say_change(const struct explain_facts *facts, const struct explain_change *change,
                       struct list *sentences)
{
    const char *home = change->pool->home->name, *pool = change->pool->pool->record.id;
    struct buffer out = {0};
    add_limit(change, &out);
    if (change->verdict == EXPLAIN_LEVEL)
        buffer_format(&out,
                      "the person would count exactly as much as somebody whose place it would "
                      "take (%s, pool %s), and the order of application would decide.",
                      home, pool);
    else
        buffer_format(&out, "the plan would have %s, in %s (pool %s) or elsewhere.",
                      facts->placement ? "given a place higher on the person's list"
                      : facts->own     ? "moved the person"
                                       : "given the person a place",
                      home, pool);
    say(sentences, &out);
}

/* Is an assessment that has ended all that keeps the person out of some pool? */
static int is_late(const struct explain_facts *facts)
{
    for (size_t p = 0; p < facts->n_pools; p++)
        if (facts->pools[p].reason == REASON_ASSESSMENT)
            return 1;
    return 0;
}

/* All sure, in a round where that can be told: then less of any of them would not have done. */
static void add_complete(const struct explain_facts *facts, struct buffer *out)
{
    uint32_t services = facts->person->kinds >> KIND_SERVICE_FIRST;
    uint32_t beds = facts->person->kinds ^ services << KIND_SERVICE_FIRST;
    for (size_t c = 0; c < facts->n_changes; c++)
        if (facts->changes[c].verdict != EXPLAIN_SURE)
            return;
    if (facts->n_changes == 0)
        buffer_format(out,
                      "No wider limit of distance, fee or stars, %sno other kind of %s%s, would "
                      "alone have %s in this round.",
                      is_late(facts) ? "" : "and ",
                      services && beds ? "place"
                      : services       ? "service"
                                       : "bed",
                      is_late(facts) ? ", and no new assessment of the same level" : "",
                      facts->own ? "moved the person" : "brought a place");
    else
        buffer_format(out,
                      "%s alone would have been enough, and nothing less; accepting more never "
                      "lowers the chance of a place.",
                      facts->n_changes == 1 ? "That" : "Each of these");
}

static void say_changes(const struct explain_facts *facts, struct list *sentences)
{
    struct buffer out = {0};
    for (size_t c = 0; c < facts->n_changes; c++)
        say_change(facts, &facts->changes[c], sentences);
    if (facts->is_complete)
        add_complete(facts, &out);
    else if (facts->unplaced && explain_facts_is_unsure(facts) && facts->n_changes)
        buffer_text(&out, "A smaller change, or another one, may do as well: only another "
                          "round could tell.");
    else if (facts->unplaced && explain_facts_is_unsure(facts))
        buffer_format(&out,
                      "Whether a wider limit of distance, fee or stars, or another kind%s, would "
                      "have helped, only another round could tell.",
                      is_late(facts) ? ", or a new assessment" : "");
    say(sentences, &out);
}

static void say_short(const struct explain_facts *facts, struct list *sentences)
{
    const char *perhaps = facts->is_bounded ? "; fewer may have done" : "";
    struct buffer out = {0};
    if (facts->points_short)
        buffer_format(&out,
                      "With %" PRId64 " more point%s, and nothing else changed, the person would "
                      "have had a place in this round%s.",
                      facts->points_short, facts->points_short == 1 ? "" : "s", perhaps);
    say(sentences, &out);
    if (facts->days_short)
        buffer_format(&out,
                      "With %" PRId64 " more day%s of waiting, and nothing else changed, the "
                      "person would have had a place in this round%s.",
                      facts->days_short, facts->days_short == 1 ? "" : "s", perhaps);
    say(sentences, &out);
}

/* -- justified envy -- */

static const char *const envied[ENVY_KINDS] = {
    [ENVY_ROW] = "people who wait together, nursing minutes or rooms stand in the way of "
                 "changing places",
    [ENVY_PLACED] = "points decide who gets a place; which place, the wishes and ways of "
                    "all together decide",
    [ENVY_UNPLACED] = "this plan is not proved to be the best",
};

static void say_envy(const struct explain_facts *facts, struct list *sentences)
{
    for (int kind = ENVY_ROW; kind < ENVY_KINDS; kind++) {
        struct buffer out = {0};
        size_t n = explain_facts_envied(facts, (enum envy)kind);
        if (n)
            buffer_format(&out,
                          "In %zu pool%s that would be better for the person, somebody with fewer "
                          "points has a bed: %s.",
                          n, n == 1 ? "" : "s", envied[kind]);
        say(sentences, &out);
    }
}

/* -- what the rules leave out -- */

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
    if (facts->placement || facts->unplaced) {
        say_best(facts, sentences, is_missed);
        say_wishes(facts, sentences);
        say_envy(facts, sentences);
        say_changes(facts, sentences);
        say_short(facts, sentences);
    }
    if (facts->person->state == APPLICANT_WAITING)
        say_counts(facts, sentences);
}
