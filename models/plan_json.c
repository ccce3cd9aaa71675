/* plan_json.c - plans in JSON: "almoner-plan/1" (formats.md), and what certificates are written
 * alike (plan_parts_json.h).
 *
 * Delegates the shadow prices (plan_prices.h). Written straight into a buffer, one array element a
 * line, so that big files are quick to write and two of them can be compared by eye. Read with a
 * closed schema; the order of lists is kept as it came, because it is for the verifier to judge. */
#include "models/plan_parts_json.h"

#include "models/plan_prices.h"
#include "models/stamp.h"
#include "models/write_json.h"

#include <stdlib.h>
#include <string.h>

static const char plan_format[] = "almoner-plan/1";

/* -- writing -- */

void plan_json_member(struct buffer *out, const char *name, const char *text)
{
    write_json_name(out, name);
    write_json_text(out, text);
    buffer_text(out, ",\n ");
}

void plan_json_list(struct buffer *out, const char *name, const void *list, size_t n, size_t size,
                    void (*write)(struct buffer *out, const void *element, const void *context),
                    const void *context)
{
    write_json_name(out, name);
    buffer_text(out, "[");
    for (size_t i = 0; i < n; i++) {
        buffer_text(out, i ? ",\n  " : "\n  ");
        write(out, (const char *)list + i * size, context);
    }
    buffer_text(out, n ? "\n ]" : "]");
}

void plan_json_objective(struct buffer *out, const void *element, const void *context)
{
    (void)context;
    const struct objective_value *value = element;
    buffer_text(out, "{\"name\": ");
    write_json_text(out, words_name(&words_objective, (int)value->objective));
    buffer_text(out, ", \"value\": ");
    write_json_int(out, value->value);
    buffer_text(out, ", \"bound\": ");
    write_json_int(out, value->bound);
    buffer_text(out, "}");
}

static void write_placement(struct buffer *out, const void *element, const void *context)
{
    (void)context;
    const struct placement *placement = element;
    buffer_text(out, "{\"applicant\": ");
    write_json_text(out, placement->applicant_id);
    buffer_text(out, ", \"pool\": ");
    write_json_text(out, placement->pool_id);
    buffer_text(out, ", \"metres\": ");
    write_json_int(out, placement->metres);
    buffer_text(out, ", \"points\": ");
    write_json_int(out, placement->points);
    buffer_text(out, ", \"rank\": ");
    write_json_int(out, placement->rank);
    buffer_text(out, "}");
}

static void write_unplaced(struct buffer *out, const void *element, const void *context)
{
    (void)context;
    const struct unplaced *unplaced = element;
    buffer_text(out, "{\"applicant\": ");
    write_json_text(out, unplaced->applicant_id);
    buffer_text(out, ", \"reason\": ");
    write_json_text(out, words_name(&words_reason, (int)unplaced->reason));
    buffer_text(out, ", \"detail\": ");
    write_json_text(out, unplaced->detail);
    buffer_text(out, "}");
}

static void write_count(struct buffer *out, const char *name, int64_t number)
{
    write_json_name(out, name);
    write_json_int(out, number);
    buffer_text(out, ", ");
}

static void write_stats(struct buffer *out, const struct plan_stats *stats)
{
    buffer_text(out, ",\n ");
    write_json_name(out, "stats");
    buffer_text(out, "{");
    write_count(out, "applicants", stats->applicants);
    write_count(out, "pools", stats->pools);
    write_count(out, "pairs", stats->pairs);
    buffer_format(
        out, "\"seconds\": {\"read\": %.6f, \"build\": %.6f, \"solve\": %.6f, \"check\": %.6f}",
        stats->read_s, stats->build_s, stats->solve_s, stats->check_s);
    buffer_text(out, ", \"peak_bytes\": ");
    write_json_int(out, stats->peak_bytes);
    buffer_text(out, "}");
}

#define WRITE_LIST(out, name, list, n, write)                                                      \
    plan_json_list(out, name, list, n, sizeof *(list), write, NULL)

char *plan_to_json(const struct plan *plan, int with_stats)
{
    struct buffer out;
    char now[STAMP_TEXT];
    buffer_init(&out);
    buffer_text(&out, "{");
    plan_json_member(&out, "format", plan_format);
    plan_json_member(&out, "world", plan->world);
    plan_json_member(&out, "policy", plan->policy);
    plan_json_member(&out, "now", stamp_format(plan->now, now));
    plan_json_member(&out, "status", words_name(&words_plan_status, (int)plan->status));
    plan_json_member(&out, "engine", plan->engine);
    WRITE_LIST(&out, "objectives", plan->objectives, plan->n_objectives, plan_json_objective);
    buffer_text(&out, ",\n ");
    WRITE_LIST(&out, "placements", plan->placements, plan->n_placements, write_placement);
    buffer_text(&out, ",\n ");
    WRITE_LIST(&out, "unplaced", plan->unplaced, plan->n_unplaced, write_unplaced);
    buffer_text(&out, ",\n ");
    plan_prices_write(plan, &out);
    if (with_stats)
        write_stats(&out, &plan->stats);
    buffer_text(&out, "}\n");
    return buffer_take(&out, NULL);
}

/* -- reading -- */

#define MEMBERS(list) list, sizeof list / sizeof list[0]

void plan_json_read_format(struct read_json *at, const json_t *value, const char *format)
{
    if (!json_is_string(value) || strcmp(json_string_value(value), format) != 0)
        read_json_issue(at, "format", "must be \"%s\"", format);
}

static void read_plan_format(struct read_json *at, const json_t *value,
                             const struct read_json_member *member, void *place)
{
    (void)member;
    (void)place;
    plan_json_read_format(at, value, plan_format);
}

static void read_seconds(struct read_json *at, const json_t *value,
                         const struct read_json_member *member, void *place)
{
    (void)member;
    if (!json_is_number(value) || json_number_value(value) < 0)
        read_json_issue(at, "type", "must be a number of seconds, not below 0");
    else
        *(double *)place = json_number_value(value);
}

void plan_json_read_list(struct read_json *at, const json_t *value,
                         const struct read_json_member *members, size_t n_members, size_t size,
                         void **list, size_t *n)
{
    if (!read_json_is_array(at, value))
        return;
    *n = json_array_size(value);
    *list = alloc_zero(*n, size);
    for (size_t i = 0; i < *n; i++) {
        size_t mark = read_json_enter_index(at, i);
        read_json_members(at, json_array_get(value, i), members, n_members,
                          (char *)*list + i * size);
        read_json_leave(at, mark);
    }
}

#define ANY_INT INT64_MIN, INT64_MAX, NULL
#define AT(type, field) offsetof(struct type, field)

static const struct read_json_member objective_members[] = {
    {"name", read_json_word, AT(objective_value, objective), 1, 0, 0, &words_objective},
    {"value", read_json_int, AT(objective_value, value), 1, ANY_INT},
    {"bound", read_json_int, AT(objective_value, bound), 1, ANY_INT},
};

size_t plan_json_read_objectives(struct read_json *at, const json_t *value,
                                 struct objective_value objectives[OBJECTIVE_COUNT])
{
    if (!json_is_array(value) || json_array_size(value) > OBJECTIVE_COUNT) {
        read_json_issue(at, "type", "must be an array of at most %d objectives", OBJECTIVE_COUNT);
        return 0;
    }
    unsigned seen = 0;
    size_t before = at->n_issues;
    for (size_t i = 0; i < json_array_size(value); i++) {
        size_t mark = read_json_enter_index(at, i);
        read_json_members(at, json_array_get(value, i), MEMBERS(objective_members), &objectives[i]);
        if (at->n_issues == before && seen & 1u << objectives[i].objective)
            read_json_issue_at(at, "name", "duplicate", "this objective is listed twice");
        seen |= 1u << objectives[i].objective;
        read_json_leave(at, mark);
    }
    return at->n_issues == before ? json_array_size(value) : 0;
}

static void read_plan_objectives(struct read_json *at, const json_t *value,
                                 const struct read_json_member *member, void *place)
{
    (void)member;
    struct plan *plan = place;
    plan->n_objectives = plan_json_read_objectives(at, value, plan->objectives);
}

static const struct read_json_member placement_members[] = {
    {"applicant", read_json_id, AT(placement, applicant_id), 1, 0, 0, NULL},
    {"pool", read_json_id, AT(placement, pool_id), 1, 0, 0, NULL},
    {"metres", read_json_int, AT(placement, metres), 1, ANY_INT},
    {"points", read_json_int, AT(placement, points), 1, ANY_INT},
    {"rank", read_json_int, AT(placement, rank), 1, ANY_INT},
};

static void read_placements(struct read_json *at, const json_t *value,
                            const struct read_json_member *member, void *place)
{
    (void)member;
    struct plan *plan = place;
    plan_json_read_list(at, value, MEMBERS(placement_members), sizeof *plan->placements,
                        (void **)&plan->placements, &plan->n_placements);
}

static const struct read_json_member unplaced_members[] = {
    {"applicant", read_json_id, AT(unplaced, applicant_id), 1, 0, 0, NULL},
    {"reason", read_json_word, AT(unplaced, reason), 1, 0, 0, &words_reason},
    {"detail", read_json_text, AT(unplaced, detail), 1, 0, PLAN_TEXT_MAX, NULL},
};

static void read_unplaced(struct read_json *at, const json_t *value,
                          const struct read_json_member *member, void *place)
{
    (void)member;
    struct plan *plan = place;
    plan_json_read_list(at, value, MEMBERS(unplaced_members), sizeof *plan->unplaced,
                        (void **)&plan->unplaced, &plan->n_unplaced);
    struct list *own = &plan->sentences;
    own->items = alloc_zero(plan->n_unplaced, sizeof *own->items);
    for (; own->n < plan->n_unplaced; own->n++)
        own->items[own->n] = plan->unplaced[own->n].detail;
}

static const struct read_json_member seconds_members[] = {
    {"read", read_seconds, AT(plan_stats, read_s), 1, 0, 0, NULL},
    {"build", read_seconds, AT(plan_stats, build_s), 1, 0, 0, NULL},
    {"solve", read_seconds, AT(plan_stats, solve_s), 1, 0, 0, NULL},
    {"check", read_seconds, AT(plan_stats, check_s), 1, 0, 0, NULL},
};

static void read_stats_seconds(struct read_json *at, const json_t *value,
                               const struct read_json_member *member, void *place)
{
    (void)member;
    read_json_members(at, value, MEMBERS(seconds_members), place);
}

static const struct read_json_member stats_members[] = {
    {"applicants", read_json_int, AT(plan_stats, applicants), 1, ANY_INT},
    {"pools", read_json_int, AT(plan_stats, pools), 1, ANY_INT},
    {"pairs", read_json_int, AT(plan_stats, pairs), 1, ANY_INT},
    {"seconds", read_stats_seconds, 0, 1, 0, 0, NULL},
    {"peak_bytes", read_json_int, AT(plan_stats, peak_bytes), 1, ANY_INT},
};

static void read_stats(struct read_json *at, const json_t *value,
                       const struct read_json_member *member, void *place)
{
    (void)member;
    read_json_members(at, value, MEMBERS(stats_members), place);
}

static const struct read_json_member plan_members[] = {
    {"format", read_plan_format, 0, 1, 0, 0, NULL},
    {"world", read_json_text, AT(plan, world), 1, 0, PLAN_TEXT_MAX, NULL},
    {"policy", read_json_text, AT(plan, policy), 1, 0, PLAN_TEXT_MAX, NULL},
    {"now", read_json_time, AT(plan, now), 1, 0, 0, NULL},
    {"status", read_json_word, AT(plan, status), 1, 0, 0, &words_plan_status},
    {"engine", read_json_text, AT(plan, engine), 1, 0, PLAN_TEXT_MAX, NULL},
    {"objectives", read_plan_objectives, 0, 1, 0, 0, NULL},
    {"placements", read_placements, 0, 1, 0, 0, NULL},
    {"unplaced", read_unplaced, 0, 1, 0, 0, NULL},
    {"shadow_prices_are", read_json_later, 0, 0, 0, 0, NULL},
    {"shadow_prices", read_json_later, 0, 1, 0, 0, NULL},
    {"reserve_prices", read_json_later, 0, 0, 0, 0, NULL},
    {"stats", read_stats, AT(plan, stats), 0, 0, 0, NULL},
};

int plan_from_json(const char *bytes, size_t len, struct plan *plan, struct alm_error *err)
{
    struct read_json at;
    read_json_init(&at, err);
    plan_init(plan);
    json_t *root = read_json_parse(bytes, len, &at);
    if (root)
        read_json_members(&at, root, MEMBERS(plan_members), plan);
    if (!at.n_issues)
        plan_prices_read(&at, root, plan);
    json_decref(root);
    if (at.n_issues)
        plan_clear(plan);
    return at.n_issues ? -1 : 0;
}
