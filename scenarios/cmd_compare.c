/* cmd_compare.c - almoner compare: two plans side by side, of one world under two policies or of
 * two worlds that differ a little. */
#include "scenarios/cmd.h"

#include "models/alloc.h"
#include "models/stamp.h"
#include "solver/compare.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { PLAN, OTHER };

struct compare_args {
    const char *world, *plan, *other, *other_world;
    int skip_bad_rows, json;
};

/* The value of that objective in the plan; COMPARE_NOBODY = the plan does not have it. */
static int64_t objective_of(const struct plan *plan, int objective)
{
    for (size_t k = 0; k < plan->n_objectives; k++)
        if ((int)plan->objectives[k].objective == objective)
            return plan->objectives[k].value;
    return COMPARE_NOBODY;
}

static int has_objective(const struct compare_side *sides, int objective)
{
    return objective_of(sides[PLAN].plan, objective) != COMPARE_NOBODY ||
           objective_of(sides[OTHER].plan, objective) != COMPARE_NOBODY;
}

static int is_another_policy(const struct compare_side *sides)
{
    return strcmp(sides[PLAN].plan->policy, sides[OTHER].plan->policy) != 0;
}

/* In which of the three lists the person is. */
enum which { ONLY_PLAN, ONLY_OTHER, ELSEWHERE, LISTS };
static const struct {
    const char *name, *words;
} lists[LISTS] = {
    [ONLY_PLAN] = {"only_plan", "With a place in the plan, and none in the other"},
    [ONLY_OTHER] = {"only_other", "With a place in the other, and none in the plan"},
    [ELSEWHERE] = {"elsewhere", "With a place in both, but not the same"},
};

static enum which which_of(const struct compare_person *person)
{
    if (person->place[PLAN] && person->place[OTHER])
        return ELSEWHERE;
    return person->place[PLAN] ? ONLY_PLAN : ONLY_OTHER;
}

static size_t count_which(const struct compare *compare, enum which which)
{
    size_t n = 0;
    for (size_t i = 0; i < compare->n_people; i++)
        n += which_of(&compare->people[i]) == which;
    return n;
}

/* Why the side that does not place the person leaves them. */
static const char *reason_of(const struct compare_person *person)
{
    const struct unplaced *left = person->left[PLAN] ? person->left[PLAN] : person->left[OTHER];
    return left ? words_name(&words_reason, (int)left->reason) : "";
}

/* -- as JSON -- */

static json_t *amount_json(int64_t amount)
{
    return amount == COMPARE_NOBODY ? json_null() : json_integer((json_int_t)amount);
}

static json_t *both_json(int64_t plan, int64_t other)
{
    return json_pack("{so so}", "plan", amount_json(plan), "other", amount_json(other));
}

static json_t *side_json(const struct plan *plan)
{
    char now[STAMP_TEXT];
    return json_pack("{ss ss ss ss}", "now", stamp_format(plan->now, now), "policy", plan->policy,
                     "status", words_name(&words_plan_status, (int)plan->status), "world",
                     plan->world);
}

static json_t *objectives_json(const struct compare_side *sides)
{
    json_t *list = json_array();
    for (int k = 0; k < OBJECTIVE_COUNT; k++) {
        if (!has_objective(sides, k))
            continue;
        json_array_append_new(list,
                              json_pack("{ss so so}", "name", words_name(&words_objective, k),
                                        "plan", amount_json(objective_of(sides[PLAN].plan, k)),
                                        "other", amount_json(objective_of(sides[OTHER].plan, k))));
    }
    return list;
}

static json_t *places_json(const struct compare *compare)
{
    json_t *list = json_array();
    for (size_t i = 0; i < compare->n_places; i++) {
        const struct compare_place *row = &compare->places[i];
        json_array_append_new(list, json_pack("{ss ss sI sI}", "district", row->district, "kind",
                                              words_name(&words_kind, (int)row->kind), "plan",
                                              (json_int_t)row->n[PLAN], "other",
                                              (json_int_t)row->n[OTHER]));
    }
    return list;
}

static json_t *groups_json(const struct compare *compare)
{
    json_t *list = json_array();
    for (size_t i = 0; i < compare->n_groups; i++) {
        const struct compare_group *row = &compare->groups[i];
        json_array_append_new(
            list, json_pack("{ss ss so so}", "by", compare_bys[row->by], "value", row->value, "of",
                            both_json((int64_t)row->of[PLAN], (int64_t)row->of[OTHER]), "placed",
                            both_json((int64_t)row->placed[PLAN], (int64_t)row->placed[OTHER])));
    }
    return list;
}

static json_t *place_json(const struct placement *place)
{
    return place ? json_pack("{ss sI sI sI}", "pool", place->pool_id, "metres",
                             (json_int_t)place->metres, "points", (json_int_t)place->points, "rank",
                             (json_int_t)place->rank)
                 : json_null();
}

static json_t *person_json(const struct compare_person *person)
{
    const struct applicant *applicant = person->applicant;
    json_t *object =
        json_pack("{ss sI ss ss sI so so}", "applicant", applicant->record.id, "level",
                  (json_int_t)applicant->level, "class", applicant->class_code, "district",
                  applicant->district, "waited_days", (json_int_t)person->waited_days, "plan",
                  place_json(person->place[PLAN]), "other", place_json(person->place[OTHER]));
    if (which_of(person) != ELSEWHERE)
        json_object_set_new(object, "reason", json_string(reason_of(person)));
    return object;
}

static json_t *people_json(const struct compare *compare, enum which which)
{
    json_t *list = json_array();
    for (size_t i = 0; i < compare->n_people; i++)
        if (which_of(&compare->people[i]) == which)
            json_array_append_new(list, person_json(&compare->people[i]));
    return list;
}

static char *compare_json(const struct compare_side *sides, const struct compare *compare)
{
    json_t *figures = json_object();
    for (int i = 0; i < COMPARE_FIGURE_COUNT; i++)
        json_object_set_new(figures, compare_names[i],
                            both_json(compare->figures[PLAN][i], compare->figures[OTHER][i]));
    json_t *root = json_pack("{so so so so so so sI}", "plan", side_json(sides[PLAN].plan), "other",
                             side_json(sides[OTHER].plan), "objectives", objectives_json(sides),
                             "figures", figures, "places", places_json(compare), "people",
                             groups_json(compare), "same", (json_int_t)compare->same);
    for (int which = 0; which < LISTS; which++)
        json_object_set_new(root, lists[which].name, people_json(compare, (enum which)which));
    char *text = json_dumps(root, JSON_INDENT(2));
    json_decref(root);
    return text;
}

/* -- as text -- */

enum { LABEL = 52, NUMBER = 14 };

/* Columns that a text takes on a terminal: a character of three bytes or four is two wide. */
static int columns(const char *text)
{
    int n = 0;
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        n += *c < 0x80 || (*c >= 0xc0 && *c < 0xe0) ? 1 : *c >= 0xe0 ? 2 : 0;
    return n;
}

static void add_label(const char *label, struct buffer *out)
{
    int room = LABEL - columns(label);
    buffer_format(out, "%s%*s", label, room > 0 ? room : 0, "");
}

static void add_number(int64_t number, int is_signed, struct buffer *out)
{
    if (number == COMPARE_NOBODY)
        buffer_format(out, " %*s", NUMBER, "-");
    else if (is_signed && number)
        buffer_format(out, " %+*" PRId64, NUMBER, number);
    else
        buffer_format(out, " %*" PRId64, NUMBER, number);
}

static void add_line(const char *label, const int64_t both[COMPARE_SIDES], struct buffer *out)
{
    int is_both = both[PLAN] != COMPARE_NOBODY && both[OTHER] != COMPARE_NOBODY;
    add_label(label, out);
    add_number(both[PLAN], 0, out);
    add_number(both[OTHER], 0, out);
    add_number(is_both ? both[OTHER] - both[PLAN] : COMPARE_NOBODY, 1, out);
    buffer_text(out, "\n");
}

static void add_head(const char *label, struct buffer *out)
{
    buffer_text(out, "\n");
    add_label(label, out);
    buffer_format(out, " %*s %*s %*s\n", NUMBER, "plan", NUMBER, "other", NUMBER, "change");
}

static void add_objectives(const struct compare_side *sides, struct buffer *out)
{
    add_head("objectives, each as its own policy counts it", out);
    for (int k = 0; k < OBJECTIVE_COUNT; k++) {
        const int64_t both[] = {objective_of(sides[PLAN].plan, k),
                                objective_of(sides[OTHER].plan, k)};
        if (has_objective(sides, k))
            add_line(words_name(&words_objective, k), both, out);
    }
}

static void add_figures(const struct compare *compare, struct buffer *out)
{
    add_head("people", out);
    for (int i = 0; i < COMPARE_FIGURE_COUNT; i++) {
        const int64_t both[] = {compare->figures[PLAN][i], compare->figures[OTHER][i]};
        add_line(compare_words[i], both, out);
    }
}

static void add_groups(const struct compare *compare, struct buffer *out)
{
    struct buffer label = {0};
    for (size_t i = 0; i < compare->n_groups; i++) {
        const struct compare_group *row = &compare->groups[i];
        const int64_t both[] = {(int64_t)row->placed[PLAN], (int64_t)row->placed[OTHER]};
        label.len = 0;
        if (i == 0 || row->by != row[-1].by) {
            buffer_format(&label, "newcomers with a place by %s", compare_bys[row->by]);
            add_head(label.bytes, out);
            label.len = 0;
        }
        buffer_format(&label, "%s, of %zu", row->value[0] ? row->value : "(none)", row->of[PLAN]);
        if (row->of[OTHER] != row->of[PLAN])
            buffer_format(&label, " and %zu", row->of[OTHER]);
        add_line(label.bytes, both, out);
    }
    buffer_clear(&label);
}

static void add_places(const struct compare *compare, struct buffer *out)
{
    struct buffer label = {0};
    add_head("new places by district of the home and kind", out);
    for (size_t i = 0; i < compare->n_places; i++) {
        const struct compare_place *row = &compare->places[i];
        const int64_t both[] = {(int64_t)row->n[PLAN], (int64_t)row->n[OTHER]};
        label.len = 0;
        buffer_format(&label, "%s, %s", row->district[0] ? row->district : "(no district)",
                      words_name(&words_kind, (int)row->kind));
        add_line(label.bytes, both, out);
    }
    buffer_clear(&label);
}

static void add_person(const struct compare_person *person, struct buffer *out)
{
    const struct applicant *applicant = person->applicant;
    buffer_format(out,
                  "  %s, level %" PRId64 ", %s%swaits %" PRId64 " day%s: ", applicant->record.id,
                  applicant->level, applicant->district, applicant->district[0] ? ", " : "",
                  person->waited_days, person->waited_days == 1 ? "" : "s");
    if (which_of(person) == ELSEWHERE)
        buffer_format(out, "%s, in the other %s\n", person->place[PLAN]->pool_id,
                      person->place[OTHER]->pool_id);
    else
        buffer_format(out, "%s, else %s\n",
                      person->place[person->place[PLAN] ? PLAN : OTHER]->pool_id,
                      reason_of(person)[0] ? reason_of(person) : "not there");
}

static void add_people(const struct compare *compare, enum which which, struct buffer *out)
{
    buffer_format(out, "\n%s: %zu\n", lists[which].words, count_which(compare, which));
    for (size_t i = 0; i < compare->n_people; i++)
        if (which_of(&compare->people[i]) == which)
            add_person(&compare->people[i], out);
}

static char *compare_text(const struct compare_side *sides, const struct compare *compare)
{
    struct buffer out = {0};
    char day[STAMP_TEXT];
    for (size_t side = 0; side < COMPARE_SIDES; side++) {
        const struct plan *plan = sides[side].plan;
        buffer_format(&out, "%s: %s, %s, %s\n", side == PLAN ? "The plan" : "The other",
                      stamp_format_date(plan->now, day), plan->policy,
                      words_name(&words_plan_status, (int)plan->status));
    }
    if (is_another_policy(sides))
        buffer_text(&out, "Points and ranks are those of two policies: their sums do not say which "
                          "plan is better.\n");
    add_figures(compare, &out);
    add_objectives(sides, &out);
    add_groups(compare, &out);
    add_places(compare, &out);
    buffer_format(&out, "\nWith the same place in both: %zu\n", compare->same);
    for (int which = 0; which < LISTS; which++)
        add_people(compare, (enum which)which, &out);
    return buffer_take(&out, NULL);
}

/* -- the command -- */

static int check_world(const struct compare_side *side, const char *world, const char *plan,
                       struct alm_error *err)
{
    if (cmd_is_world_of(side->region, side->plan))
        return 0;
    return err_set(err, ERR_BAD_INPUT,
                   "the plan %s is of another world than %s (--other-world names that of --other)",
                   plan, world);
}

static char *compare(const struct compare_args *args, const struct compare_side *sides,
                     struct alm_error *err)
{
    const char *other_world = args->other_world ? args->other_world : args->world;
    struct compare found = {0};
    char *text = NULL;
    if (check_world(&sides[PLAN], args->world, args->plan, err) == 0 &&
        check_world(&sides[OTHER], other_world, args->other, err) == 0 &&
        compare_plans(sides, &found, err) == 0)
        text = args->json ? compare_json(sides, &found) : compare_text(sides, &found);
    compare_clear(&found);
    return text;
}

static int read_and_compare(void *context, struct alm_error *err)
{
    const struct compare_args *args = context;
    struct plan plans[COMPARE_SIDES];
    struct region *first = NULL, *second = NULL;
    char *text = NULL;
    plan_init(&plans[PLAN]);
    plan_init(&plans[OTHER]);
    if (cmd_read_plan(args->plan, &plans[PLAN], err) != 0 ||
        cmd_read_plan(args->other, &plans[OTHER], err) != 0 ||
        !(first = cmd_load_world("compare", args->world, args->skip_bad_rows, err)))
        goto out;
    if (args->other_world &&
        !(second = cmd_load_world("compare", args->other_world, args->skip_bad_rows, err)))
        goto out;
    const struct compare_side sides[] = {{first, &plans[PLAN]},
                                         {second ? second : first, &plans[OTHER]}};
    text = compare(args, sides, err);
out:
    region_free(first);
    region_free(second);
    plan_clear(&plans[PLAN]);
    plan_clear(&plans[OTHER]);
    return cmd_print_take(text, err);
}

int cmd_compare(const struct cmd *cmd, int argc, char **argv)
{
    struct compare_args args = {0};
    const struct options_spec specs[] = {
        CMD_OPTION_WORLD(&args.world),
        {"plan", OPTIONS_TEXT, &args.plan, 1, 0, 0, "F", "a plan"},
        {"other", OPTIONS_TEXT, &args.other, 1, 0, 0, "F", "the plan to set beside it"},
        {"other-world", OPTIONS_TEXT, &args.other_world, 0, 0, 0, "DIR",
         "the world of the other plan, where it is not the same"},
        CMD_OPTION_SKIP(&args.skip_bad_rows),
        CMD_OPTION_JSON(&args.json),
    };
    return cmd_run(cmd, argc, argv, specs, sizeof specs / sizeof *specs, read_and_compare, &args);
}
