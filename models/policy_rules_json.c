/* policy_rules_json.c - the rules of a policy in JSON; see policy_parts_json.h.
 *
 * One table of members per rule type; `type` says which. */
#include "models/policy_parts_json.h"

#include "models/alloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { RULE_NAME_MAX = 100, RULE_VALUE_MAX = 200, RULE_CAP_MISSING = -1 };

static const struct read_json_member points_limits = {.min = 0, .max = POLICY_POINTS_MAX};

static void read_field(struct read_json *at, const json_t *value,
                       const struct read_json_member *member, void *place)
{
    (void)member;
    const char *name = json_string_value(value);
    if (!name || !policy_field_is_known(name)) {
        read_json_issue(at, "unknown_field",
                        "must be level, class, sex, district, village or the name of an x_ column");
        return;
    }
    free(*(char **)place);
    *(char **)place = alloc_string(name);
}

static void read_flag(struct read_json *at, const json_t *value,
                      const struct read_json_member *member, void *place)
{
    char code[ID_MAX + 1] = "";
    read_json_code(at, value, member, code);
    free(*(char **)place);
    *(char **)place = alloc_string(code);
}

static void read_applied_at(struct read_json *at, const json_t *value,
                            const struct read_json_member *member, void *place)
{
    (void)member;
    (void)place;
    if (!json_is_string(value) || strcmp(json_string_value(value), "applied_at") != 0)
        read_json_issue(at, "unknown_field", "days count from \"applied_at\" alone");
}

static void read_flags(struct read_json *at, const json_t *value,
                       const struct read_json_member *member, void *place)
{
    read_json_codes(at, value, member, place);
    if (json_is_array(value) && json_array_size(value) == 0)
        read_json_issue(at, "range", "must name at least one flag");
}

static void read_two_fields(struct read_json *at, const json_t *value,
                            const struct read_json_member *member, void *place)
{
    struct policy_rule *rule = place;
    char **places[2] = {&rule->field, &rule->field2};
    if (!json_is_array(value) || json_array_size(value) != 2) {
        read_json_issue(at, "type", "must be an array of two field names");
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        size_t mark = read_json_enter_index(at, i);
        read_field(at, json_array_get(value, i), member, places[i]);
        read_json_leave(at, mark);
    }
}

static void read_cells(struct read_json *at, const json_t *value, struct policy_points **cells,
                       size_t *n)
{
    if (!read_json_is_object(at, value))
        return;
    json_t *object = (json_t *)(uintptr_t)value;
    const char *name;
    json_t *points;
    *cells = alloc_zero(json_object_size(value), sizeof **cells);
    json_object_foreach(object, name, points)
    {
        size_t mark = read_json_enter(at, name);
        struct policy_points *cell = &(*cells)[(*n)++];
        cell->value = alloc_string(name);
        if (strlen(name) > RULE_VALUE_MAX)
            read_json_issue(at, "range", "a value has at most %d bytes", RULE_VALUE_MAX);
        read_json_int(at, points, &points_limits, &cell->points);
        read_json_leave(at, mark);
    }
}

static void read_table(struct read_json *at, const json_t *value,
                       const struct read_json_member *member, void *place)
{
    (void)member;
    struct policy_rule *rule = place;
    read_cells(at, value, &rule->table, &rule->n_table);
}

static void read_rows(struct read_json *at, const json_t *value,
                      const struct read_json_member *member, void *place)
{
    (void)member;
    struct policy_rule *rule = place;
    if (!read_json_is_object(at, value))
        return;
    json_t *object = (json_t *)(uintptr_t)value;
    const char *name;
    json_t *cells;
    rule->rows = alloc_zero(json_object_size(value), sizeof *rule->rows);
    json_object_foreach(object, name, cells)
    {
        size_t mark = read_json_enter(at, name);
        struct policy_row *row = &rule->rows[rule->n_rows++];
        row->value = alloc_string(name);
        read_cells(at, cells, &row->cells, &row->n);
        read_json_leave(at, mark);
    }
}

static void read_by_count(struct read_json *at, const json_t *value,
                          const struct read_json_member *member, void *place)
{
    (void)member;
    struct policy_rule *rule = place;
    if (!json_is_array(value) || json_array_size(value) == 0) {
        read_json_issue(at, "type",
                        "must be an array of points: for no flag, for one, for two ...");
        return;
    }
    size_t n = json_array_size(value);
    rule->by_count = alloc_zero(n, sizeof *rule->by_count);
    rule->n_by_count = n;
    for (size_t i = 0; i < n; i++) {
        size_t mark = read_json_enter_index(at, i);
        read_json_int(at, json_array_get(value, i), &points_limits, &rule->by_count[i]);
        read_json_leave(at, mark);
    }
}

#define AT(field) offsetof(struct policy_rule, field)
#define RULE_HEAD                                                                                  \
    {"name", read_json_text, AT(name), 1, 1, RULE_NAME_MAX, NULL},                                 \
    {                                                                                              \
        "type", read_json_word, AT(type), 1, 0, 0, &words_rule_type                                \
    }

static const struct read_json_member table_members[] = {
    RULE_HEAD,
    {"field", read_field, AT(field), 1, 0, 0, NULL},
    {"points", read_table, 0, 1, 0, 0, NULL},
};
static const struct read_json_member flag_members[] = {
    RULE_HEAD,
    {"field", read_flag, AT(field), 1, 0, 0, NULL},
    {"points", read_json_int, AT(points), 1, 0, POLICY_POINTS_MAX, NULL},
};
static const struct read_json_member count_members[] = {
    RULE_HEAD,
    {"fields", read_flags, AT(flags), 1, 0, 0, NULL},
    {"points", read_by_count, 0, 1, 0, 0, NULL},
};
static const struct read_json_member matrix_members[] = {
    RULE_HEAD,
    {"fields", read_two_fields, 0, 1, 0, 0, NULL},
    {"points", read_rows, 0, 1, 0, 0, NULL},
};
static const struct read_json_member per_day_members[] = {
    RULE_HEAD,
    {"field", read_applied_at, 0, 1, 0, 0, NULL},
    {"points", read_json_int, AT(points), 1, 0, POLICY_POINTS_MAX, NULL},
    {"cap", read_json_int, AT(cap), 0, 0, POLICY_POINTS_MAX, NULL},
    {"after_days", read_json_int, AT(after_days), 0, 0, POLICY_DAYS_MAX, NULL},
};

#define MEMBERS(list)                                                                              \
    {                                                                                              \
        list, sizeof list / sizeof list[0]                                                         \
    }
static const struct {
    const struct read_json_member *members;
    size_t n;
} members_of_type[RULE_TYPE_COUNT] = {
    [RULE_TABLE] = MEMBERS(table_members),     [RULE_FLAG] = MEMBERS(flag_members),
    [RULE_COUNT] = MEMBERS(count_members),     [RULE_MATRIX] = MEMBERS(matrix_members),
    [RULE_PER_DAY] = MEMBERS(per_day_members),
};

/* Values that a closed field can never have are slips of the pen, so they are refused. */
static void check_value(struct read_json *at, const char *field, const char *value)
{
    int is_level = strlen(value) == 1 && value[0] >= '0' && value[0] < '0' + RECORD_LEVELS;
    if (strcmp(field, "level") == 0 && !is_level)
        read_json_issue_at(at, value, "unknown_value", "levels are 0 to %d", RECORD_LEVELS - 1);
    if (strcmp(field, "sex") == 0 && words_find(&words_sex, value, strlen(value)) < 0)
        read_json_issue_at(at, value, "unknown_value", "a sex is female, male or empty");
}

static void check_values(struct read_json *at, const struct policy_rule *rule)
{
    size_t mark = read_json_enter(at, "points");
    for (size_t i = 0; rule->field && i < rule->n_table; i++)
        check_value(at, rule->field, rule->table[i].value);
    for (size_t i = 0; rule->field && rule->field2 && i < rule->n_rows; i++) {
        check_value(at, rule->field, rule->rows[i].value);
        size_t mark2 = read_json_enter(at, rule->rows[i].value);
        for (size_t j = 0; j < rule->rows[i].n; j++)
            check_value(at, rule->field2, rule->rows[i].cells[j].value);
        read_json_leave(at, mark2);
    }
    read_json_leave(at, mark);
}

static int64_t greater(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* The most that one rule can give. */
static int64_t rule_most(const struct policy_rule *rule)
{
    int64_t most = rule->type == RULE_FLAG ? rule->points : 0;
    for (size_t i = 0; i < rule->n_table; i++)
        most = greater(most, rule->table[i].points);
    for (size_t i = 0; i < rule->n_by_count; i++)
        most = greater(most, rule->by_count[i]);
    for (size_t i = 0; i < rule->n_rows; i++)
        for (size_t j = 0; j < rule->rows[i].n; j++)
            most = greater(most, rule->rows[i].cells[j].points);
    return rule->type == RULE_PER_DAY ? rule->cap : most;
}

static void read_rule(struct read_json *at, const json_t *value, struct policy_rule *rule)
{
    static const struct read_json_member type_only = {.words = &words_rule_type};
    if (!read_json_is_object(at, value))
        return;
    const json_t *type = json_object_get(value, "type");
    size_t before = at->n_issues;
    size_t mark = read_json_enter(at, "type");
    if (type)
        read_json_word(at, type, &type_only, &rule->type);
    else
        read_json_issue(at, "required", "is missing");
    read_json_leave(at, mark);
    if (at->n_issues > before)
        return;
    rule->cap = RULE_CAP_MISSING;
    read_json_members(at, value, members_of_type[rule->type].members, members_of_type[rule->type].n,
                      rule);
    if (rule->cap == RULE_CAP_MISSING)
        rule->cap = rule->points * POLICY_DAYS_MAX;
    check_values(at, rule);
}

static void check_name_is_new(struct read_json *at, const struct policy *policy)
{
    const char *name = policy->rules[policy->n_rules - 1].name;
    for (size_t i = 0; name && i + 1 < policy->n_rules; i++)
        if (policy->rules[i].name && strcmp(policy->rules[i].name, name) == 0)
            read_json_issue_at(at, "name", "duplicate", "rule %zu has this name already", i);
}

/* At most about 36,525 times POLICY_POINTS_MAX per rule: the sum stops long before it could
 * overflow. */
static void check_most(struct read_json *at, const struct policy *policy)
{
    int64_t most = 0;
    for (size_t i = 0; i < policy->n_rules && most <= POLICY_POINTS_MAX; i++)
        most += rule_most(&policy->rules[i]);
    if (most > POLICY_POINTS_MAX)
        read_json_issue(at, "range",
                        "one person could get more than %" PRId64 " points from these rules",
                        POLICY_POINTS_MAX);
}

void policy_rules_read(struct read_json *at, const json_t *value,
                       const struct read_json_member *member, void *place)
{
    (void)member;
    struct policy *policy = place;
    if (!read_json_is_array(at, value))
        return;
    policy->rules = alloc_zero(json_array_size(value), sizeof *policy->rules);
    for (size_t i = 0; i < json_array_size(value); i++) {
        size_t mark = read_json_enter_index(at, i);
        read_rule(at, json_array_get(value, i), &policy->rules[policy->n_rules++]);
        check_name_is_new(at, policy);
        read_json_leave(at, mark);
    }
    check_most(at, policy);
}

static json_t *cells_json(const struct policy_points *cells, size_t n)
{
    json_t *object = json_object();
    for (size_t i = 0; i < n; i++)
        json_object_set_new(object, cells[i].value, json_integer(cells[i].points));
    return object;
}

static json_t *rows_json(const struct policy_rule *rule)
{
    json_t *object = json_object();
    for (size_t i = 0; i < rule->n_rows; i++)
        json_object_set_new(object, rule->rows[i].value,
                            cells_json(rule->rows[i].cells, rule->rows[i].n));
    return object;
}

static void table_json(const struct policy_rule *rule, json_t *object)
{
    json_object_set_new(object, "field", json_string(rule->field));
    json_object_set_new(object, "points", cells_json(rule->table, rule->n_table));
}

static void flag_json(const struct policy_rule *rule, json_t *object)
{
    json_object_set_new(object, "field", json_string(rule->field));
    json_object_set_new(object, "points", json_integer(rule->points));
}

static void count_json(const struct policy_rule *rule, json_t *object)
{
    json_t *flags = json_array(), *points = json_array();
    for (size_t i = 0; i < rule->flags.n; i++)
        json_array_append_new(flags, json_string(rule->flags.items[i]));
    for (size_t i = 0; i < rule->n_by_count; i++)
        json_array_append_new(points, json_integer(rule->by_count[i]));
    json_object_set_new(object, "fields", flags);
    json_object_set_new(object, "points", points);
}

static void matrix_json(const struct policy_rule *rule, json_t *object)
{
    json_object_set_new(object, "fields", json_pack("[ss]", rule->field, rule->field2));
    json_object_set_new(object, "points", rows_json(rule));
}

static void per_day_json(const struct policy_rule *rule, json_t *object)
{
    json_object_set_new(object, "field", json_string("applied_at"));
    json_object_set_new(object, "points", json_integer(rule->points));
    json_object_set_new(object, "cap", json_integer(rule->cap));
    json_object_set_new(object, "after_days", json_integer(rule->after_days));
}

json_t *policy_rule_json(const struct policy_rule *rule)
{
    static void (*const by_type[RULE_TYPE_COUNT])(const struct policy_rule *, json_t *) = {
        [RULE_TABLE] = table_json,   [RULE_FLAG] = flag_json,       [RULE_COUNT] = count_json,
        [RULE_MATRIX] = matrix_json, [RULE_PER_DAY] = per_day_json,
    };
    json_t *object = json_object();
    json_object_set_new(object, "name", json_string(rule->name));
    json_object_set_new(object, "type", json_string(words_name(&words_rule_type, (int)rule->type)));
    by_type[rule->type](rule, object);
    return object;
}
