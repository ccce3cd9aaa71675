/* plan_prices_json.c - see plan_prices.h. Amounts are named by the objectives of the plan. */
#include "models/plan_prices.h"

#include "models/plan_parts_json.h"
#include "models/write_json.h"

#include <string.h>

/* -- writing -- */

static void write_amounts(const struct plan *plan, const int64_t *amounts, struct buffer *out)
{
    buffer_text(out, "{");
    for (size_t k = 0; k < plan->n_objectives; k++) {
        buffer_text(out, k ? ", " : "");
        write_json_name(out, words_name(&words_objective, (int)plan->objectives[k].objective));
        write_json_int(out, amounts[k]);
    }
    buffer_text(out, "}");
}

static void write_text(struct buffer *out, const char *name, const char *text)
{
    if (!text[0])
        return;
    buffer_text(out, ", ");
    write_json_name(out, name);
    write_json_text(out, text);
}

static void write_price(const struct plan *plan, const struct shadow_price *price,
                        struct buffer *out)
{
    buffer_text(out, "{\"pool\": ");
    write_json_text(out, price->pool_id);
    write_text(out, "class", price->reserve);
    buffer_text(out, ", \"price\": ");
    write_amounts(plan, price->price, out);
    write_text(out, "next", price->next);
    if (price->loss_is == SHADOW_LOSS_UNKNOWN)
        buffer_text(out, ", \"loss\": null");
    if (price->loss_is == SHADOW_LOSS_STATED) {
        buffer_text(out, ", \"loss\": ");
        write_amounts(plan, price->loss, out);
    }
    write_text(out, "last", price->last);
    buffer_text(out, "}");
}

static void write_prices(const struct plan *plan, const char *name,
                         const struct shadow_price *prices, size_t n, struct buffer *out)
{
    write_json_name(out, name);
    buffer_text(out, "[");
    for (size_t i = 0; i < n; i++) {
        buffer_text(out, i ? ",\n  " : "\n  ");
        write_price(plan, &prices[i], out);
    }
    buffer_text(out, n ? "\n ]" : "]");
}

void plan_prices_write(const struct plan *plan, struct buffer *out)
{
    if (plan->prices_are_bounds)
        plan_json_member(out, "shadow_prices_are", PLAN_PRICES_BOUNDS);
    write_prices(plan, "shadow_prices", plan->prices, plan->n_prices, out);
    if (!plan->n_reserve_prices)
        return;
    buffer_text(out, ",\n ");
    write_prices(plan, "reserve_prices", plan->reserve_prices, plan->n_reserve_prices, out);
}

/* -- reading -- */

#define MEMBERS(list) list, sizeof list / sizeof list[0]

/* One price: its table of amounts is made for this plan. */
struct reading {
    const struct plan *plan;
    struct shadow_price *price;
};

static void read_amounts(struct read_json *at, const json_t *value, const struct plan *plan,
                         int64_t *amounts)
{
    struct read_json_member members[OBJECTIVE_COUNT];
    for (size_t k = 0; k < plan->n_objectives; k++)
        members[k] = (struct read_json_member){
            .name = words_name(&words_objective, (int)plan->objectives[k].objective),
            .read = read_json_int,
            .offset = k * sizeof(int64_t),
            .is_required = 1,
            .min = INT64_MIN,
            .max = INT64_MAX};
    read_json_members(at, value, members, plan->n_objectives, amounts);
}

static void read_gain(struct read_json *at, const json_t *value,
                      const struct read_json_member *member, void *place)
{
    (void)member;
    struct reading *reading = place;
    read_amounts(at, value, reading->plan, reading->price->price);
}

static void read_loss(struct read_json *at, const json_t *value,
                      const struct read_json_member *member, void *place)
{
    (void)member;
    struct reading *reading = place;
    reading->price->loss_is = json_is_null(value) ? SHADOW_LOSS_UNKNOWN : SHADOW_LOSS_STATED;
    if (!json_is_null(value))
        read_amounts(at, value, reading->plan, reading->price->loss);
}

static void read_id(struct read_json *at, const json_t *value,
                    const struct read_json_member *member, void *place)
{
    char *price = (char *)((struct reading *)place)->price;
    read_json_id(at, value, member, price + member->min);
}

static void read_class(struct read_json *at, const json_t *value,
                       const struct read_json_member *member, void *place)
{
    read_json_code(at, value, member, ((struct reading *)place)->price->reserve);
}

/* The offset of an id stands in `min`, because the target is the reading. */
#define ID_AT(field) 0, offsetof(struct shadow_price, field), 0, NULL

static const struct read_json_member open_members[] = {
    {"pool", read_id, 0, 1, offsetof(struct shadow_price, pool_id), 0, NULL},
    {"price", read_gain, 0, 1, 0, 0, NULL},
    {"next", read_id, 0, ID_AT(next)},
    {"loss", read_loss, 0, 0, 0, 0, NULL},
    {"last", read_id, 0, ID_AT(last)},
};

static const struct read_json_member reserve_members[] = {
    {"pool", read_id, 0, 1, offsetof(struct shadow_price, pool_id), 0, NULL},
    {"class", read_class, 0, 1, 0, 0, NULL},
    {"price", read_gain, 0, 1, 0, 0, NULL},
    {"next", read_id, 0, ID_AT(next)},
    {"loss", read_loss, 0, 0, 0, 0, NULL},
    {"last", read_id, 0, ID_AT(last)},
};

/* The list of that name; what it holds goes to *prices. */
static void read_list(struct read_json *at, const json_t *root, const char *name,
                      const struct read_json_member *members, size_t n_members,
                      const struct plan *plan, struct shadow_price **prices, size_t *n)
{
    const json_t *value = json_object_get(root, name);
    size_t above = read_json_enter(at, name);
    if (value && read_json_is_array(at, value)) {
        *n = json_array_size(value);
        *prices = alloc_zero(*n, sizeof **prices);
    }
    for (size_t i = 0; i < *n; i++) {
        struct reading reading = {.plan = plan, .price = &(*prices)[i]};
        size_t mark = read_json_enter_index(at, i);
        read_json_members(at, json_array_get(value, i), members, n_members, &reading);
        read_json_leave(at, mark);
    }
    read_json_leave(at, above);
}

void plan_prices_read(struct read_json *at, const json_t *root, struct plan *plan)
{
    const json_t *are = json_object_get(root, "shadow_prices_are");
    plan->prices_are_bounds = are != NULL;
    if (are && (!json_is_string(are) || strcmp(json_string_value(are), PLAN_PRICES_BOUNDS) != 0))
        read_json_issue_at(at, "shadow_prices_are", "unknown_word", "must be \"%s\"",
                           PLAN_PRICES_BOUNDS);
    read_list(at, root, "shadow_prices", MEMBERS(open_members), plan, &plan->prices,
              &plan->n_prices);
    read_list(at, root, "reserve_prices", MEMBERS(reserve_members), plan, &plan->reserve_prices,
              &plan->n_reserve_prices);
}
