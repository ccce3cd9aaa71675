/* policy.c - a policy as an object: made, freed, labelled; see policy.h. JSON is in policy_json.c,
 * what its rules give a person in points.c. */
#include "models/policy.h"

#include "models/alloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct policy *policy_new(void)
{
    struct policy *policy = alloc_zero(1, sizeof *policy);
    *policy = (struct policy){
        .name = alloc_string(""),
        .description = alloc_string(""),
        .unlisted_rank = 10,
        .lottery_seed = alloc_string(""),
        .reserve = RESERVE_HARD,
        .max_distance_m = RECORD_NO_LIMIT,
        .require_valid_assessment = 1,
        .care_minutes_by_level = {0, 30, 60, 90, 120, 180, 240},
        .answer_seconds = 259200,
        .admit_seconds = 604800,
        .max_chain = 3,
        .declined_days = 90,
    };
    return policy;
}

static void points_free(struct policy_points *points, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(points[i].value);
    free(points);
}

static void rule_clear(struct policy_rule *rule)
{
    for (size_t i = 0; i < rule->n_rows; i++) {
        points_free(rule->rows[i].cells, rule->rows[i].n);
        free(rule->rows[i].value);
    }
    free(rule->rows);
    points_free(rule->table, rule->n_table);
    free(rule->by_count);
    list_clear(&rule->flags);
    free(rule->field2);
    free(rule->field);
    free(rule->name);
}

void policy_free(struct policy *policy)
{
    if (!policy)
        return;
    for (size_t i = 0; i < policy->n_rules; i++)
        rule_clear(&policy->rules[i]);
    free(policy->rules);
    list_clear(&policy->guarantee_classes);
    free(policy->lottery_seed);
    free(policy->description);
    free(policy->name);
    free(policy);
}

static size_t objective_index(const struct policy *policy, enum objective objective)
{
    size_t i = 0;
    while (i < policy->n_objectives && policy->objectives[i] != objective)
        i++;
    return i;
}

void policy_insert_placements(struct policy *policy)
{
    size_t first_min = 0;
    while (first_min < policy->n_objectives &&
           words_objective_is_max(policy->objectives[first_min]))
        first_min++;
    size_t old = objective_index(policy, OBJECTIVE_PLACEMENTS);
    if (first_min == policy->n_objectives || old < first_min)
        return;
    if (old == policy->n_objectives)
        policy->n_objectives++;
    memmove(&policy->objectives[first_min + 1], &policy->objectives[first_min],
            (old - first_min) * sizeof policy->objectives[0]);
    policy->objectives[first_min] = OBJECTIVE_PLACEMENTS;
}

char *policy_label(const struct policy *policy)
{
    struct buffer label;
    buffer_init(&label);
    buffer_format(&label, "%s@%" PRId64, policy->name, policy->version);
    return buffer_take(&label, NULL);
}
