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
                  pool->may_help, "sentence", sentence);
    if (pool->reason == REASON_OUTRANKED)
        add_competition(facts, pool, object);
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
    if (facts->position)
        json_object_set_new(root, "position",
                            json_pack("{sI sI}", "place", (json_int_t)facts->position, "of",
                                      (json_int_t)facts->waiting));
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
                   const struct plan *plan, const char *applicant_id, struct alm_error *err)
{
    struct explain_facts *facts = explain_facts_new(region, policy, plan, applicant_id, err);
    char now[STAMP_TEXT];
    if (!facts)
        return NULL;
    json_t *pools = json_array();
    for (size_t p = 0; p < facts->n_pools; p++)
        json_array_append_new(pools, pool_json(facts, &facts->pools[p]));
    json_t *root = json_pack("{ss ss ss so}", "applicant", facts->person->record.id, "state",
                             words_name(&words_applicant_state, (int)facts->person->state), "now",
                             stamp_format(plan->now, now), "points", points_json(facts));
    add_outcome(facts, root);
    json_object_set_new(root, "pools", pools);
    json_object_set_new(root, "sentences", sentences_json(facts));
    char *text = json_dumps(root, JSON_INDENT(2));
    json_decref(root);
    explain_facts_free(facts);
    return text;
}
