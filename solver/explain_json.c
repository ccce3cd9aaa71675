/* explain_json.c - the facts about one person as JSON; see explain.h. */
#include "solver/explain.h"

#include "models/alloc.h"
#include "models/stamp.h"
#include "solver/explain_facts.h"

#include <jansson.h>
#include <stdlib.h>

static json_t *points_json(const struct explain_facts *facts)
{
    const struct policy *policy = facts->rules.policy;
    json_t *rules = json_array();
    for (size_t r = 0; r < policy->n_rules; r++) {
        int64_t points = policy_rule_points(&policy->rules[r], facts->person, facts->rules.now);
        json_array_append_new(rules, json_pack("{ss sI}", "name", policy->rules[r].name, "points",
                                               (json_int_t)points));
    }
    return json_pack("{sI so}", "total", (json_int_t)facts->points, "rules", rules);
}

static json_t *prices_json(const struct explain_facts *facts, const int64_t *values)
{
    const struct policy *policy = facts->rules.policy;
    json_t *object = json_object();
    for (size_t k = 0; k < policy->n_objectives; k++)
        json_object_set_new(object, words_name(&words_objective, (int)policy->objectives[k]),
                            json_integer((json_int_t)values[k]));
    return object;
}

static void add_competition(const struct explain_facts *facts, const struct explain_pool *pool,
                            json_t *object)
{
    json_object_set_new(object, "placed", json_integer((json_int_t)pool->placed));
    json_object_set_new(object, "ahead", json_integer((json_int_t)pool->ahead));
    json_object_set_new(object, "gains", prices_json(facts, pool->gains));
    if (pool->price)
        json_object_set_new(object, "price", prices_json(facts, pool->price->price));
    if (pool->price && pool->price->next[0])
        json_object_set_new(object, "next", json_string(pool->price->next));
    if (pool->price && pool->price->loss_is == SHADOW_LOSS_STATED)
        json_object_set_new(object, "loss", prices_json(facts, pool->price->loss));
    if (pool->price && pool->price->last[0])
        json_object_set_new(object, "last", json_string(pool->price->last));
    if (pool->marginal)
        json_object_set_new(object, "marginal",
                            json_pack("{ss sI}", "applicant", pool->marginal->applicant_id,
                                      "points", (json_int_t)pool->marginal->points));
}

static json_t *pool_json(const struct explain_facts *facts, const struct explain_pool *pool)
{
    char *sentence = explain_words_pool(facts, pool);
    json_t *object =
        json_pack("{ss ss ss sI sI sb ss}", "pool", pool->pool->record.id, "institution",
                  pool->home->record.id, "reason", words_name(&words_reason, (int)pool->reason),
                  "metres", (json_int_t)pool->metres, "rank", (json_int_t)pool->rank, "would_help",
                  pool->verdict == EXPLAIN_SURE, "sentence", sentence);
    if (pool->reason == REASON_OUTRANKED)
        add_competition(facts, pool, object);
    if (pool->envy)
        json_object_set_new(object, "envy", json_string(envy_words[pool->envy]));
    free(sentence);
    return object;
}

static void add_outcome(const struct explain_facts *facts, json_t *root)
{
    const struct placement *placement = facts->placement;
    if (placement)
        json_object_set_new(root, "placement",
                            json_pack("{ss sI sI sI}", "pool", placement->pool_id, "metres",
                                      (json_int_t)placement->metres, "points",
                                      (json_int_t)placement->points, "rank",
                                      (json_int_t)placement->rank));
    if (facts->unplaced)
        json_object_set_new(
            root, "unplaced",
            json_pack("{ss ss}", "reason", words_name(&words_reason, (int)facts->unplaced->reason),
                      "detail", facts->unplaced->detail ? facts->unplaced->detail : ""));
    if (facts->own)
        json_object_set_new(root, "current_pool", json_string(facts->own->record.id));
    if (facts->companions)
        json_object_set_new(root, "household",
                            json_pack("{ss sI sI}", "household_id", facts->person->household_id,
                                      "others", (json_int_t)facts->companions,
                                      "institutions_for_all", (json_int_t)facts->homes_for_all));
    if (facts->position)
        json_object_set_new(root, "position",
                            json_pack("{sI sI}", "place", (json_int_t)facts->position, "of",
                                      (json_int_t)facts->waiting));
}

static json_t *limit_json(enum reason limit, int64_t value)
{
    char day[STAMP_TEXT];
    return limit == REASON_ASSESSMENT ? json_string(stamp_format_date(value, day))
                                      : json_integer((json_int_t)value);
}

/* The column that the person would change, and to what. */
static json_t *change_json(const struct explain_change *change)
{
    static const char *const columns[REASON_COUNT] = {
        [REASON_DISTANCE] = "max_distance_m",
        [REASON_FEE] = "max_fee",
        [REASON_STAR] = "min_star",
        [REASON_KIND] = "kinds",
        [REASON_ASSESSMENT] = "assessment_valid_until",
    };
    enum reason limit = change->limit;
    int is_kind = limit == REASON_KIND;
    json_t *object =
        json_pack("{ss ss sb}", "column", columns[limit], "pool", change->pool->pool->record.id,
                  "sure", change->verdict == EXPLAIN_SURE);
    json_t *to = is_kind ? json_string(words_name(&words_kind, (int)change->to))
                         : limit_json(limit, change->to);
    json_object_set_new(object, is_kind ? "add" : "to", to);
    if (!is_kind)
        json_object_set_new(object, "from", limit_json(limit, change->from));
    return object;
}

static void add_changes(const struct explain_facts *facts, json_t *root)
{
    json_t *changes = json_array();
    for (size_t c = 0; c < facts->n_changes; c++)
        json_array_append_new(changes, change_json(&facts->changes[c]));
    json_object_set_new(root, "changes", changes);
    json_object_set_new(root, "complete", json_boolean(facts->is_complete));
    if (facts->points_short)
        json_object_set_new(root, "points_short", json_integer((json_int_t)facts->points_short));
    if (facts->days_short)
        json_object_set_new(root, "days_short", json_integer((json_int_t)facts->days_short));
}

static json_t *sentences_json(const struct explain_facts *facts)
{
    struct list sentences = {0};
    json_t *array = json_array();
    explain_words_all(facts, &sentences);
    for (size_t i = 0; i < sentences.n; i++)
        json_array_append_new(array, json_string(sentences.items[i]));
    list_clear(&sentences);
    return array;
}

char *explain_json(const struct region *region, const struct policy *policy,
                   const struct plan *plan, const char *applicant_id, double again_s,
                   struct alm_error *err)
{
    struct explain_facts *facts =
        explain_again_new(region, policy, plan, applicant_id, again_s, err);
    char now[STAMP_TEXT];
    if (!facts)
        return NULL;
    json_t *pools = json_array();
    for (size_t p = 0; p < facts->n_pools; p++)
        json_array_append_new(pools, pool_json(facts, &facts->pools[p]));
    json_t *root = json_pack("{ss ss ss so}", "applicant", facts->person->record.id, "state",
                             words_name(&words_applicant_state, (int)facts->person->state), "now",
                             stamp_format(plan->now, now), "points", points_json(facts));
    if (plan->prices_are_bounds)
        json_object_set_new(root, "shadow_prices_are", json_string(PLAN_PRICES_BOUNDS));
    add_outcome(facts, root);
    add_changes(facts, root);
    json_object_set_new(root, "pools", pools);
    json_object_set_new(root, "sentences", sentences_json(facts));
    char *text = json_dumps(root, JSON_INDENT(2));
    json_decref(root);
    explain_facts_free(facts);
    return text;
}
