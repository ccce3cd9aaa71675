/* explain_words_pool.c - one pool, seen by one person, in a sentence or two; see explain_facts.h.
 */
#include "solver/explain_facts.h"

#include "models/alloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SENTENCE = 512 };

/* -- who has the beds -- */

static void add_marginal(const struct explain_facts *facts, const struct explain_pool *pool,
                         struct buffer *out)
{
    char ahead[40] = "all of them";
    if (pool->ahead < pool->placed)
        snprintf(ahead, sizeof ahead, "%zu of them", pool->ahead);
    if (pool->placed == 1)
        buffer_format(out, " One person is placed here: %s, with %" PRId64 " points.",
                      pool->marginal->applicant_id, pool->marginal->points);
    else
        buffer_format(out,
                      " %zu people are placed here, %s with at least %" PRId64
                      " points; the fewest points among them are %" PRId64 ", of %s.",
                      pool->placed, ahead, facts->points, pool->marginal->points,
                      pool->marginal->applicant_id);
}

static void add_order(const struct explain_facts *facts, const struct explain_pool *pool,
                      struct buffer *out)
{
    const struct applicant *other =
        region_applicant(facts->rules.region, pool->marginal->applicant_id);
    if (pool->marginal->points > facts->points || facts->own || facts->placement)
        return;
    if (other && other->current_pool[0])
        buffer_text(out, " That person moves here from another pool and leaves a bed there.");
    else if (pool->marginal->points == facts->points)
        buffer_text(out, " With equal points the later objectives decide, then the order of "
                         "application, then the lottery.");
    else
        buffer_format(out, " That person has fewer points: %s stood in the way.",
                      pool->price && !facts->plan->prices_are_bounds
                          ? "a guarantee, a reserve or an earlier objective"
                          : "people who wait together, nursing minutes, rooms, a guarantee, "
                            "a reserve or an earlier objective");
}

/* -- what a bed is worth -- */

/* What an objective counts, in the words of an office, one and many; those that are minimised count
 * against. */
static const struct {
    const char *one, *many;
} counted[OBJECTIVE_COUNT] = {
    [OBJECTIVE_GUARANTEE] = {"person of the guaranteed classes placed",
                             "people of the guaranteed classes placed"},
    [OBJECTIVE_RESERVE] = {"reserved bed taken by its class", "reserved beds taken by their class"},
    [OBJECTIVE_NEED] = {"point of those placed", "points of those placed"},
    [OBJECTIVE_PLACEMENTS] = {"person placed", "people placed"},
    [OBJECTIVE_SENIORITY] = {"day waited by those placed", "days waited by those placed"},
    [OBJECTIVE_TRANSFERS] = {"point of residents moved", "points of residents moved"},
    [OBJECTIVE_PREFERENCE] = {"step down the lists of wishes", "steps down the lists of wishes"},
    [OBJECTIVE_TRAVEL] = {"metre between people and their homes",
                          "metres between people and their homes"},
    [OBJECTIVE_MOVES] = {"resident moved", "residents moved"},
};

static const char *noun(const struct explain_facts *facts, size_t k, int64_t amount)
{
    enum objective objective = facts->rules.policy->objectives[k];
    return amount == 1 || amount == -1 ? counted[objective].one : counted[objective].many;
}

static int64_t size_of(int64_t amount)
{
    return amount < 0 ? -amount : amount;
}

/* The first objective in which two amounts differ; n_objectives = none. */
static size_t first_difference(const struct explain_facts *facts, const int64_t *a,
                               const int64_t *b)
{
    size_t k = 0;
    while (k < facts->rules.policy->n_objectives && a[k] == b[k])
        k++;
    return k;
}

static const char *bring(const struct explain_facts *facts, size_t k, int64_t gain)
{
    if (words_objective_is_max(facts->rules.policy->objectives[k]))
        return "bring";
    return gain < 0 ? "need" : "save";
}

/* For a newcomer without a place: the bed is worth more to the plan with those who have it. */
static void add_loss(const struct explain_facts *facts, const struct explain_pool *pool,
                     struct buffer *out)
{
    const struct shadow_price *price = pool->price;
    size_t k = first_difference(facts, pool->gains, price->loss);
    if (price->loss_is != SHADOW_LOSS_STATED)
        return;
    if (k == facts->rules.policy->n_objectives) {
        buffer_text(out, " This person would bring the plan exactly as much as whoever would have "
                         "to go: the order of application decided, then the lottery.");
        return;
    }
    buffer_format(
        out, " %so take a bed here from them would %s %" PRId64 " %s",
        facts->is_bounded ? "With households, nursing minutes and rooms left as they are, t" : "T",
        price->loss[k] < 0 ? "save" : "cost", size_of(price->loss[k]),
        noun(facts, k, price->loss[k]));
    if (price->last[0])
        buffer_format(out, " (%s would be left without a place)", price->last);
    buffer_format(out, "; this person would %s %" PRId64 ".", bring(facts, k, pool->gains[k]),
                  size_of(pool->gains[k]));
}

static void add_next(const struct explain_facts *facts, const struct explain_pool *pool,
                     struct buffer *out)
{
    const char *id = pool->price->next;
    const struct applicant *next = id[0] ? region_applicant(facts->rules.region, id) : NULL;
    if (next == facts->person) {
        buffer_format(out, " This person is the next who would get a place by one more bed here%s.",
                      facts->is_bounded ? ", all that left as it is" : "");
        return;
    }
    if (!next)
        return;
    buffer_format(out, " One more bed here would%s bring a place to %s, with %" PRId64 " points",
                  facts->is_bounded ? " then" : "", id,
                  policy_points(facts->rules.policy, next, facts->rules.now));
    if (explain_gains_compare(facts, pool->gains, pool->price->price) == 0)
        buffer_text(out, ", who comes before this person in the order of application");
    buffer_text(out, ".");
}

/* For somebody with a place: what the plan would lose at least, were they here instead. */
static void add_rest(const struct explain_facts *facts, const struct explain_pool *pool,
                     struct buffer *out)
{
    int64_t left[OBJECTIVE_COUNT];
    size_t n = facts->rules.policy->n_objectives;
    for (size_t k = 0; k < n; k++)
        left[k] = pool->gains[k] - pool->price->price[k];
    size_t k = first_difference(facts, left, facts->worth);
    if (k == n) {
        buffer_text(out, " With this person here the plan would not be better; where plans are "
                         "equally good, the order of application decides.");
        return;
    }
    int64_t rest = left[k] - facts->worth[k];
    int is_fewer = words_objective_is_max(facts->rules.policy->objectives[k]);
    buffer_format(out,
                  " With this person here instead, all places together would come to at least "
                  "%" PRId64 " %s %s.",
                  size_of(rest), is_fewer ? "fewer" : "more", noun(facts, k, rest));
}

static void add_price(const struct explain_facts *facts, const struct explain_pool *pool,
                      struct buffer *out)
{
    int is_bounded = facts->is_bounded && pool->price && !facts->placement && !facts->own;
    if (!(facts->is_exact || is_bounded) || pool->n_reserves)
        return;
    if (facts->placement || facts->own) {
        add_rest(facts, pool, out);
        return;
    }
    add_loss(facts, pool, out);
    add_next(facts, pool, out);
}

/* -- the pool -- */

static const char *why_nobody(const struct explain_facts *facts, const struct explain_pool *pool)
{
    if (pool_offerable(pool->pool) == 0)
        return "The rules allow this place, but a bed falls free here only when a resident who "
               "asks to move does, and the plan moves nobody out.";
    if (pool->price && (facts->is_exact || facts->is_bounded))
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
    add_price(facts, pool, out);
}

static void add_verdict(const struct explain_facts *facts, const struct explain_pool *pool,
                        struct buffer *out)
{
    if (pool->verdict != EXPLAIN_SURE && pool->verdict != EXPLAIN_LEVEL)
        return;
    buffer_text(
        out, pool->reason == REASON_KIND ? " If places of this kind were accepted, the person "
             : pool->reason == REASON_ASSESSMENT ? " With a valid one of the same level the person "
                                                 : " With a limit that allows it, the person ");
    if (pool->verdict == EXPLAIN_LEVEL)
        buffer_text(out,
                    "would count exactly as much as somebody who has a place, and the order of "
                    "application would decide.");
    else
        buffer_format(out, "would have been given %s place.",
                      facts->placement || facts->own ? "another" : "a");
}

char *explain_words_pool(const struct explain_facts *facts, const struct explain_pool *pool)
{
    struct buffer out = {0};
    char sentence[SENTENCE];
    if (pool->is_here) {
        buffer_text(&out, "The plan gives this place.");
    } else if (pool->pool == facts->own) {
        buffer_format(&out, "The person lives here%s.",
                      facts->placement  ? " until the move"
                      : facts->unplaced ? " and stays"
                                        : "");
    } else if (pool->reason == REASON_OUTRANKED) {
        say_possible(facts, pool, &out);
    } else {
        eligibility_sentence(&facts->rules, pool->reason, facts->person, pool->pool, sentence,
                             sizeof sentence);
        buffer_text(&out, sentence);
        add_verdict(facts, pool, &out);
    }
    return buffer_take(&out, NULL);
}
