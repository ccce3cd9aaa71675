/* policy_examples_json.c - the examples of a policy, held against its rules; see
 * policy_parts_json.h.
 *
 * An example is an invented applicant with the points that the authors of the policy expect. */
#include "models/policy_parts_json.h"

#include "models/alloc.h"
#include "models/fields.h"
#include "models/stamp.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { EXAMPLE_TEXT_MAX = 200, EXAMPLE_DAYS_MAX = 1000000 };

/* The clock of the examples is 0, so that an applicant of `days` applied at -days. */
struct example_person {
    struct applicant *applicant;
    int64_t waited_days;
};

struct example {
    struct example_person person;
    int64_t points;
};

/* Members of the applicant go through the pointer, not to an offset in struct example_person. */
static void read_level(struct read_json *at, const json_t *value,
                       const struct read_json_member *member, void *place)
{
    read_json_int(at, value, member, &((struct example_person *)place)->applicant->level);
}

static void read_flags(struct read_json *at, const json_t *value,
                       const struct read_json_member *member, void *place)
{
    read_json_codes(at, value, member, &((struct example_person *)place)->applicant->flags);
}

static void read_class(struct read_json *at, const json_t *value,
                       const struct read_json_member *member, void *place)
{
    read_json_text(at, value, member, &((struct example_person *)place)->applicant->class_code);
}

static void read_sex(struct read_json *at, const json_t *value,
                     const struct read_json_member *member, void *place)
{
    read_json_word(at, value, member, &((struct example_person *)place)->applicant->sex);
}

static void read_district(struct read_json *at, const json_t *value,
                          const struct read_json_member *member, void *place)
{
    read_json_text(at, value, member, &((struct example_person *)place)->applicant->district);
}

static void read_village(struct read_json *at, const json_t *value,
                         const struct read_json_member *member, void *place)
{
    read_json_text(at, value, member, &((struct example_person *)place)->applicant->village);
}

static void read_extra(struct read_json *at, const json_t *value,
                       const struct read_json_member *member, void *place)
{
    struct applicant *applicant = ((struct example_person *)place)->applicant;
    char *text = alloc_string("");
    read_json_text(at, value, member, &text);
    if (fields_set_extra(applicant, at->key, text, strlen(text), at->pointer, at->err) != 0)
        at->n_issues++;
    free(text);
}

static const struct read_json_member person_members[] = {
    {"level", read_level, 0, 0, 0, RECORD_LEVELS - 1, NULL},
    {"flags", read_flags, 0, 0, 0, 0, NULL},
    {"class", read_class, 0, 0, 0, EXAMPLE_TEXT_MAX, NULL},
    {"sex", read_sex, 0, 0, 0, 0, &words_sex},
    {"district", read_district, 0, 0, 0, EXAMPLE_TEXT_MAX, NULL},
    {"village", read_village, 0, 0, 0, EXAMPLE_TEXT_MAX, NULL},
    {"waited_days", read_json_int, offsetof(struct example_person, waited_days), 0, 0,
     EXAMPLE_DAYS_MAX, NULL},
    {"x_*", read_extra, 0, 0, 0, EXAMPLE_TEXT_MAX, NULL},
};

static void read_person(struct read_json *at, const json_t *value,
                        const struct read_json_member *member, void *place)
{
    (void)member;
    read_json_members(at, value, person_members, sizeof person_members / sizeof person_members[0],
                      place);
}

static const struct read_json_member example_members[] = {
    {"applicant", read_person, offsetof(struct example, person), 1, 0, 0, NULL},
    {"points", read_json_int, offsetof(struct example, points), 1, 0, POLICY_POINTS_MAX, NULL},
};

/* "level 70, alone 20": what each rule that gives something gives. Caller frees. */
static char *example_sum(const struct policy *policy, const struct applicant *applicant)
{
    struct buffer text;
    buffer_init(&text);
    for (size_t i = 0; i < policy->n_rules; i++) {
        int64_t points = policy_rule_points(&policy->rules[i], applicant, 0);
        if (points)
            buffer_format(&text, "%s%s %" PRId64, text.len ? ", " : "", policy->rules[i].name,
                          points);
    }
    if (!text.len)
        buffer_text(&text, "no rule gives any");
    return buffer_take(&text, NULL);
}

static void example_hold(struct read_json *at, size_t index, const struct example *example,
                         const struct policy *policy)
{
    const struct applicant *applicant = example->person.applicant;
    int64_t came = policy_points(policy, applicant, 0);
    if (came == example->points)
        return;
    char *sum = example_sum(policy, applicant);
    read_json_issue_at(at, "points", "example",
                       "example %zu expects %" PRId64 " points, the rules give %" PRId64 " (%s)",
                       index + 1, example->points, came, sum);
    free(sum);
}

static void example_check(struct read_json *at, size_t index, const json_t *value,
                          const struct policy *policy)
{
    struct record *record = record_new(RECORD_APPLICANT, "example");
    struct example example = {.person.applicant = (struct applicant *)record};
    size_t before = at->n_issues;
    read_json_members(at, value, example_members,
                      sizeof example_members / sizeof example_members[0], &example);
    example.person.applicant->applied_at = -example.person.waited_days * STAMP_DAY_S;
    if (policy && at->n_issues == before)
        example_hold(at, index, &example, policy);
    record_free(record);
}

void policy_examples_check(struct read_json *at, const json_t *value, const struct policy *policy)
{
    if (!read_json_is_array(at, value))
        return;
    for (size_t i = 0; i < json_array_size(value); i++) {
        size_t mark = read_json_enter_index(at, i);
        example_check(at, i, json_array_get(value, i), policy);
        read_json_leave(at, mark);
    }
}
