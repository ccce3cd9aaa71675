/* policy_json.c - a policy in JSON; see policy.h and formats.md.
 *
 * A closed schema: every violation is reported with its pointer, not only the first. Rules and
 * examples are in policy_rules_json.c and policy_examples_json.c. */
#include "models/policy_parts_json.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

enum {
    POLICY_TEXT_MAX = 200,
    POLICY_DESCRIPTION_MAX = 4000,
    POLICY_RANK_MAX = 1000000,
    POLICY_MINUTES_MAX = 1440,
    POLICY_CHAIN_MAX = 1000
};
#define POLICY_SECONDS_MAX (INT64_C(366) * 86400)
#define POLICY_VERSION_MAX INT64_C(1000000000)

static void read_name(struct read_json *at, const json_t *value,
                      const struct read_json_member *member, void *place)
{
    char name[ID_MAX + 1] = "";
    read_json_id(at, value, member, name);
    free(*(char **)place);
    *(char **)place = alloc_string(name);
}

static int has_objective(const struct policy *policy, enum objective objective)
{
    for (size_t i = 0; i < policy->n_objectives; i++)
        if (policy->objectives[i] == objective)
            return 1;
    return 0;
}

static void read_objective(struct read_json *at, const json_t *value, struct policy *policy)
{
    static const struct read_json_member known = {.words = &words_objective};
    enum objective objective = OBJECTIVE_COUNT;
    read_json_word(at, value, &known, &objective);
    if (objective == OBJECTIVE_COUNT)
        return;
    if (has_objective(policy, objective))
        read_json_issue(at, "duplicate", "\"%s\" is listed twice", json_string_value(value));
    else
        policy->objectives[policy->n_objectives++] = objective;
}

static void read_objectives(struct read_json *at, const json_t *value,
                            const struct read_json_member *member, void *place)
{
    (void)member;
    if (!read_json_is_array(at, value))
        return;
    if (json_array_size(value) == 0)
        read_json_issue(at, "range", "must name at least one objective");
    for (size_t i = 0; i < json_array_size(value); i++) {
        size_t mark = read_json_enter_index(at, i);
        read_objective(at, json_array_get(value, i), place);
        read_json_leave(at, mark);
    }
}

/* null is a limit that is not there, in the way in which each field says so. */
static void read_distance(struct read_json *at, const json_t *value,
                          const struct read_json_member *member, void *place)
{
    if (json_is_null(value))
        *(int64_t *)place = RECORD_NO_LIMIT;
    else
        read_json_int(at, value, member, place);
}

static void read_declined_days(struct read_json *at, const json_t *value,
                               const struct read_json_member *member, void *place)
{
    if (json_is_null(value))
        *(int64_t *)place = -1;
    else
        read_json_int(at, value, member, place);
}

static void read_minutes(struct read_json *at, const json_t *value,
                         const struct read_json_member *member, void *place)
{
    static const struct read_json_member limits = {.min = 0, .max = POLICY_MINUTES_MAX};
    (void)member;
    int64_t *minutes = place;
    if (!json_is_array(value) || json_array_size(value) != RECORD_LEVELS) {
        read_json_issue(at, "type", "must be an array of %d numbers, one per level", RECORD_LEVELS);
        return;
    }
    for (size_t i = 0; i < RECORD_LEVELS; i++) {
        size_t mark = read_json_enter_index(at, i);
        read_json_int(at, json_array_get(value, i), &limits, &minutes[i]);
        read_json_leave(at, mark);
    }
}

#define AT(field) offsetof(struct policy, field)
#define MEMBERS(list) list, sizeof list / sizeof list[0]

static const struct read_json_member eligibility_members[] = {
    {"max_distance_m", read_distance, AT(max_distance_m), 0, 0, RECORD_METRES_MAX, NULL},
    {"require_valid_assessment", read_json_bool, AT(require_valid_assessment), 0, 0, 0, NULL},
};

static const struct read_json_member offer_members[] = {
    {"answer_seconds", read_json_int, AT(answer_seconds), 0, 1, POLICY_SECONDS_MAX, NULL},
    {"admit_seconds", read_json_int, AT(admit_seconds), 0, 1, POLICY_SECONDS_MAX, NULL},
    {"max_chain", read_json_int, AT(max_chain), 0, 0, POLICY_CHAIN_MAX, NULL},
    {"declined_days", read_declined_days, AT(declined_days), 0, 0, POLICY_DAYS_MAX, NULL},
    {"posting_days", read_json_int, AT(posting_days), 0, 0, POLICY_DAYS_MAX, NULL},
};

static void read_eligibility(struct read_json *at, const json_t *value,
                             const struct read_json_member *member, void *place)
{
    (void)member;
    read_json_members(at, value, MEMBERS(eligibility_members), place);
}

static void read_offer(struct read_json *at, const json_t *value,
                       const struct read_json_member *member, void *place)
{
    (void)member;
    read_json_members(at, value, MEMBERS(offer_members), place);
}

static const struct read_json_member policy_members[] = {
    {"name", read_name, AT(name), 1, 0, 0, NULL},
    {"description", read_json_text, AT(description), 0, 0, POLICY_DESCRIPTION_MAX, NULL},
    {"version", read_json_int, AT(version), 1, 0, POLICY_VERSION_MAX, NULL},
    {"objectives", read_objectives, 0, 1, 0, 0, NULL},
    {"guarantee_classes", read_json_codes, AT(guarantee_classes), 0, 0, 0, NULL},
    {"unlisted_rank", read_json_int, AT(unlisted_rank), 0, 0, POLICY_RANK_MAX, NULL},
    {"lottery_seed", read_json_text, AT(lottery_seed), 0, 0, POLICY_TEXT_MAX, NULL},
    {"reserve", read_json_word, AT(reserve), 0, 0, 0, &words_reserve_mode},
    {"eligibility", read_eligibility, 0, 0, 0, 0, NULL},
    {"care_minutes_by_level", read_minutes, AT(care_minutes_by_level), 0, 0, 0, NULL},
    {"points", policy_rules_read, 0, 0, 0, 0, NULL},
    {"offer", read_offer, 0, 0, 0, 0, NULL},
    {"examples", read_json_later, 0, 0, 0, 0, NULL},
};

static void read_examples(struct read_json *at, const json_t *root, const struct policy *policy)
{
    const json_t *examples = json_object_get(root, "examples");
    if (!examples)
        return;
    /* broken rules would make every example fail a second time */
    const struct policy *rules = at->n_issues ? NULL : policy;
    size_t mark = read_json_enter(at, "examples");
    policy_examples_check(at, examples, rules);
    read_json_leave(at, mark);
}

struct policy *policy_from_json(const char *bytes, size_t len, struct alm_error *err)
{
    struct read_json at;
    read_json_init(&at, err);
    json_t *root = read_json_parse(bytes, len, &at);
    struct policy *policy = policy_new();
    if (root) {
        read_json_members(&at, root, MEMBERS(policy_members), policy);
        read_examples(&at, root, policy);
        policy_insert_placements(policy);
    }
    json_decref(root);
    if (!at.n_issues)
        return policy;
    policy_free(policy);
    return NULL;
}

static json_t *codes_json(const struct list *list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->n; i++)
        json_array_append_new(array, json_string(list->items[i]));
    return array;
}

static json_t *objectives_json(const struct policy *policy)
{
    json_t *array = json_array();
    for (size_t i = 0; i < policy->n_objectives; i++)
        json_array_append_new(
            array, json_string(words_name(&words_objective, (int)policy->objectives[i])));
    return array;
}

static json_t *minutes_json(const struct policy *policy)
{
    json_t *array = json_array();
    for (size_t i = 0; i < RECORD_LEVELS; i++)
        json_array_append_new(array, json_integer(policy->care_minutes_by_level[i]));
    return array;
}

static json_t *rules_json(const struct policy *policy)
{
    json_t *array = json_array();
    for (size_t i = 0; i < policy->n_rules; i++)
        json_array_append_new(array, policy_rule_json(&policy->rules[i]));
    return array;
}

static json_t *eligibility_json(const struct policy *policy)
{
    json_t *metres = policy->max_distance_m == RECORD_NO_LIMIT
                         ? json_null()
                         : json_integer(policy->max_distance_m);
    return json_pack("{so sb}", "max_distance_m", metres, "require_valid_assessment",
                     policy->require_valid_assessment);
}

/* Without the rule a policy has the text that it had before there was one. */
static json_t *offer_json(const struct policy *policy)
{
    json_t *posting = policy->posting_days ? json_integer(policy->posting_days) : NULL;
    json_t *days = policy->declined_days < 0 ? json_null() : json_integer(policy->declined_days);
    return json_pack("{sI sI sI so so*}", "answer_seconds", (json_int_t)policy->answer_seconds,
                     "admit_seconds", (json_int_t)policy->admit_seconds, "max_chain",
                     (json_int_t)policy->max_chain, "declined_days", days, "posting_days", posting);
}

char *policy_to_json(const struct policy *policy)
{
    json_t *root = json_pack(
        "{ss ss sI so so sI ss ss so so so so}", "name", policy->name, "description",
        policy->description, "version", (json_int_t)policy->version, "objectives",
        objectives_json(policy), "guarantee_classes", codes_json(&policy->guarantee_classes),
        "unlisted_rank", (json_int_t)policy->unlisted_rank, "lottery_seed", policy->lottery_seed,
        "reserve", words_name(&words_reserve_mode, (int)policy->reserve), "eligibility",
        eligibility_json(policy), "care_minutes_by_level", minutes_json(policy), "points",
        rules_json(policy), "offer", offer_json(policy));
    char *text = json_dumps(root, JSON_INDENT(2));
    json_decref(root);
    return text;
}
