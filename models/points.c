/* points.c - what the rules of a policy give one person; see policy.h.
 *
 * Pure. Nothing here can overflow: policy_from_json refuses rules that could give more than
 * POLICY_POINTS_MAX in sum. */
#include "models/policy.h"

#include "models/fields.h"
#include "models/stamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LEVEL_TEXT = 24 };

static const char *field_level(const struct applicant *applicant, char text[LEVEL_TEXT])
{
    snprintf(text, LEVEL_TEXT, "%" PRId64, applicant->level);
    return text;
}

static const char *field_class(const struct applicant *applicant, char text[LEVEL_TEXT])
{
    (void)text;
    return applicant->class_code;
}

static const char *field_sex(const struct applicant *applicant, char text[LEVEL_TEXT])
{
    (void)text;
    return words_name(&words_sex, applicant->sex);
}

static const char *field_district(const struct applicant *applicant, char text[LEVEL_TEXT])
{
    (void)text;
    return applicant->district;
}

static const char *field_village(const struct applicant *applicant, char text[LEVEL_TEXT])
{
    (void)text;
    return applicant->village;
}

static const struct {
    const char *name;
    const char *(*text)(const struct applicant *applicant, char text[LEVEL_TEXT]);
} points_fields[] = {
    {"level", field_level},       {"class", field_class},     {"sex", field_sex},
    {"district", field_district}, {"village", field_village},
};

enum { POINTS_FIELDS = sizeof points_fields / sizeof points_fields[0] };

/* POINTS_FIELDS when it is none of the table. */
static size_t field_index(const char *field)
{
    size_t i = 0;
    while (i < POINTS_FIELDS && strcmp(points_fields[i].name, field) != 0)
        i++;
    return i;
}

static int field_is_extra(const char *field)
{
    return fields_is_extra(field, strlen(field));
}

static const char *field_extra(const struct applicant *applicant, const char *field)
{
    for (size_t i = 0; i < applicant->n_extras; i++)
        if (strcmp(applicant->extras[i].name, field) == 0)
            return applicant->extras[i].value;
    return "";
}

/* The value as text, in the record or in `text`; NULL when there is no such field. */
static const char *field_value(const struct applicant *applicant, const char *field,
                               char text[LEVEL_TEXT])
{
    size_t i = field_index(field);
    if (i < POINTS_FIELDS)
        return points_fields[i].text(applicant, text);
    return field_is_extra(field) ? field_extra(applicant, field) : NULL;
}

int policy_field_is_known(const char *field)
{
    return field_index(field) < POINTS_FIELDS || field_is_extra(field);
}

static int64_t cell_points(const struct policy_points *cells, size_t n, const char *value)
{
    for (size_t i = 0; i < n; i++)
        if (value && strcmp(cells[i].value, value) == 0)
            return cells[i].points;
    return 0;
}

static int64_t points_table(const struct policy_rule *rule, const struct applicant *applicant,
                            int64_t now)
{
    (void)now;
    char text[LEVEL_TEXT];
    return cell_points(rule->table, rule->n_table, field_value(applicant, rule->field, text));
}

static int64_t points_flag(const struct policy_rule *rule, const struct applicant *applicant,
                           int64_t now)
{
    (void)now;
    return list_has(&applicant->flags, rule->field) ? rule->points : 0;
}

static int64_t points_count(const struct policy_rule *rule, const struct applicant *applicant,
                            int64_t now)
{
    (void)now;
    size_t set = 0;
    for (size_t i = 0; i < rule->flags.n; i++)
        set += list_has(&applicant->flags, rule->flags.items[i]) != 0;
    if (!rule->n_by_count)
        return 0;
    return rule->by_count[set < rule->n_by_count ? set : rule->n_by_count - 1];
}

static int64_t points_matrix(const struct policy_rule *rule, const struct applicant *applicant,
                             int64_t now)
{
    (void)now;
    char text[LEVEL_TEXT], text2[LEVEL_TEXT];
    const char *value = field_value(applicant, rule->field, text);
    for (size_t i = 0; value && i < rule->n_rows; i++)
        if (strcmp(rule->rows[i].value, value) == 0)
            return cell_points(rule->rows[i].cells, rule->rows[i].n,
                               field_value(applicant, rule->field2, text2));
    return 0;
}

static int64_t points_per_day(const struct policy_rule *rule, const struct applicant *applicant,
                              int64_t now)
{
    int64_t days = stamp_days(applicant->applied_at, now) - rule->after_days;
    if (days <= 0)
        return 0;
    if (rule->points > 0 && days > rule->cap / rule->points)
        return rule->cap;
    return rule->points * days;
}

int64_t policy_rule_points(const struct policy_rule *rule, const struct applicant *applicant,
                           int64_t now)
{
    static int64_t (*const by_type[RULE_TYPE_COUNT])(const struct policy_rule *,
                                                     const struct applicant *, int64_t) = {
        [RULE_TABLE] = points_table,   [RULE_FLAG] = points_flag,       [RULE_COUNT] = points_count,
        [RULE_MATRIX] = points_matrix, [RULE_PER_DAY] = points_per_day,
    };
    return by_type[rule->type](rule, applicant, now);
}

int64_t policy_points(const struct policy *policy, const struct applicant *applicant, int64_t now)
{
    int64_t sum = 0;
    for (size_t i = 0; i < policy->n_rules; i++)
        sum += policy_rule_points(&policy->rules[i], applicant, now);
    return sum;
}

int64_t policy_care_minutes(const struct policy *policy, const struct applicant *applicant)
{
    if (applicant->care_minutes != RECORD_NO_LIMIT)
        return applicant->care_minutes;
    return policy->care_minutes_by_level[applicant->level];
}
