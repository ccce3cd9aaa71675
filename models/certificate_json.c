/* certificate_json.c - certificates in JSON: "almoner-certificate/1" (formats.md).
 *
 * The lists of prices are one table: name, members, size. A certificate with whole prices has
 * pools and people only; one over 2^shift has the other lists and the bounds besides, and perhaps
 * an object of offers with lists of the same kind. */
#include "models/plan_parts_json.h"

#include "models/write_json.h"

#include <stdlib.h>
#include <string.h>

static const char certificate_format[] = "almoner-certificate/1";

/* -- writing -- */

static void write_vector(struct buffer *out, const int64_t *price, size_t n)
{
    buffer_text(out, "[");
    for (size_t k = 0; k < n; k++) {
        buffer_text(out, k ? ", " : "");
        write_json_int(out, price[k]);
    }
    buffer_text(out, "]");
}

static void write_text(struct buffer *out, const char *name, const char *text)
{
    write_json_name(out, name);
    write_json_text(out, text);
    buffer_text(out, ", ");
}

static void write_price(struct buffer *out, const int64_t *price, size_t n)
{
    write_json_name(out, "price");
    write_vector(out, price, n);
    buffer_text(out, "}");
}

static void write_pool(struct buffer *out, const void *element, size_t n)
{
    const struct certificate_pool *pool = element;
    buffer_text(out, "{");
    write_text(out, "pool", pool->pool_id);
    if (pool->reserve[0])
        write_text(out, "reserve", pool->reserve);
    write_price(out, pool->price, n);
}

static void write_person(struct buffer *out, const void *element, size_t n)
{
    const struct certificate_person *person = element;
    buffer_text(out, "{");
    write_text(out, "applicant", person->applicant_id);
    write_price(out, person->price, n);
}

static void write_household(struct buffer *out, const void *element, size_t n)
{
    const struct certificate_household *household = element;
    buffer_text(out, "{");
    write_text(out, "household", household->household_id);
    write_price(out, household->price, n);
}

static void write_staff(struct buffer *out, const void *element, size_t n)
{
    const struct certificate_staff *staff = element;
    buffer_text(out, "{");
    write_text(out, "institution", staff->institution_id);
    write_json_name(out, "minutes");
    write_json_int(out, staff->minutes);
    buffer_text(out, ", ");
    write_price(out, staff->price, n);
}

static void write_rooms(struct buffer *out, const void *element, size_t n)
{
    const struct certificate_rooms *rooms = element;
    buffer_text(out, "{");
    write_text(out, "pool", rooms->pool_id);
    if (rooms->sex != SEX_NONE)
        write_text(out, "sex", words_name(&words_sex, (int)rooms->sex));
    write_price(out, rooms->price, n);
}

static void write_kept(struct buffer *out, const void *element, size_t n)
{
    const struct certificate_kept *kept = element;
    buffer_text(out, "{");
    write_text(out, "objective", words_name(&words_objective, (int)kept->objective));
    write_price(out, kept->price, n);
}

static void write_member(struct buffer *out, const void *element, size_t n)
{
    const struct certificate_member *member = element;
    buffer_text(out, "{");
    write_text(out, "applicant", member->applicant_id);
    write_text(out, "institution", member->institution_id);
    write_price(out, member->price, n);
}

static void write_home(struct buffer *out, const void *element, size_t n)
{
    const struct certificate_home *home = element;
    (void)n;
    buffer_text(out, "{");
    write_json_name(out, "institution");
    write_json_text(out, home->institution_id);
    buffer_text(out, "}");
}

/* -- reading -- */

#define MEMBERS(list) list, sizeof list / sizeof list[0]
#define AT(type, field) offsetof(struct type, field)
#define ANY_INT INT64_MIN, INT64_MAX, NULL

/* As many whole numbers as the member's `max` says. */
static void read_vector(struct read_json *at, const json_t *value,
                        const struct read_json_member *member, void *place)
{
    static const struct read_json_member any = {.min = INT64_MIN, .max = INT64_MAX};
    size_t n = (size_t)member->max;
    if (!json_is_array(value) || json_array_size(value) != n) {
        read_json_issue(at, "type", "must be an array of %zu whole numbers, one per objective", n);
        return;
    }
    for (size_t k = 0; k < n; k++) {
        size_t mark = read_json_enter_index(at, k);
        read_json_int(at, json_array_get(value, k), &any, (int64_t *)place + k);
        read_json_leave(at, mark);
    }
}

static const struct read_json_member pool_members[] = {
    {"pool", read_json_id, AT(certificate_pool, pool_id), 1, 0, 0, NULL},
    {"reserve", read_json_code, AT(certificate_pool, reserve), 0, 0, 0, NULL},
    {"price", read_vector, AT(certificate_pool, price), 1, 0, 0, NULL},
};
static const struct read_json_member person_members[] = {
    {"applicant", read_json_id, AT(certificate_person, applicant_id), 1, 0, 0, NULL},
    {"price", read_vector, AT(certificate_person, price), 1, 0, 0, NULL},
};
static const struct read_json_member household_members[] = {
    {"household", read_json_id, AT(certificate_household, household_id), 1, 0, 0, NULL},
    {"price", read_vector, AT(certificate_household, price), 1, 0, 0, NULL},
};
static const struct read_json_member staff_members[] = {
    {"institution", read_json_id, AT(certificate_staff, institution_id), 1, 0, 0, NULL},
    {"minutes", read_json_int, AT(certificate_staff, minutes), 1, 0, INT64_MAX, NULL},
    {"price", read_vector, AT(certificate_staff, price), 1, 0, 0, NULL},
};
static const struct read_json_member rooms_members[] = {
    {"pool", read_json_id, AT(certificate_rooms, pool_id), 1, 0, 0, NULL},
    {"sex", read_json_word, AT(certificate_rooms, sex), 0, 0, 0, &words_sex},
    {"price", read_vector, AT(certificate_rooms, price), 1, 0, 0, NULL},
};
static const struct read_json_member kept_members[] = {
    {"objective", read_json_word, AT(certificate_kept, objective), 1, 0, 0, &words_objective},
    {"price", read_vector, AT(certificate_kept, price), 1, 0, 0, NULL},
};
static const struct read_json_member member_members[] = {
    {"applicant", read_json_id, AT(certificate_member, applicant_id), 1, 0, 0, NULL},
    {"institution", read_json_id, AT(certificate_member, institution_id), 1, 0, 0, NULL},
    {"price", read_vector, AT(certificate_member, price), 1, 0, 0, NULL},
};
static const struct read_json_member home_members[] = {
    {"institution", read_json_id, AT(certificate_home, institution_id), 1, 0, 0, NULL},
};

/* -- the lists -- */

struct price_list {
    const char *name;
    int is_whole; /* also in a certificate of whole prices */
    size_t list, n, size;
    void (*write)(struct buffer *out, const void *element, size_t n_objectives);
    const struct read_json_member *members;
    size_t n_members;
};

#define LIST(name, is_whole, list, n, element)                                                     \
    {                                                                                              \
        name, is_whole, AT(certificate, list), AT(certificate, n),                                 \
            sizeof(struct certificate_##element), write_##element, MEMBERS(element##_members)      \
    }
static const struct price_list price_lists[] = {
    LIST("pool_prices", 1, pools, n_pools, pool),
    LIST("person_prices", 1, people, n_people, person),
    LIST("household_prices", 0, households, n_households, household),
    LIST("staff_prices", 0, staff, n_staff, staff),
    LIST("room_prices", 0, rooms, n_rooms, rooms),
    LIST("kept_prices", 0, kept, n_kept, kept),
};
enum { PRICE_LISTS = sizeof price_lists / sizeof *price_lists };

/* Those of the offers, which have one amount each. */
static const struct price_list offer_lists[] = {
    LIST("institutions", 0, homes, n_homes, home),
    LIST("pool_prices", 0, pools, n_pools, pool),
    LIST("staff_prices", 0, staff, n_staff, staff),
    LIST("room_prices", 0, rooms, n_rooms, rooms),
    LIST("person_offers", 0, people, n_people, person),
    LIST("member_offers", 0, members, n_members, member),
};
enum { OFFER_LISTS = sizeof offer_lists / sizeof *offer_lists };
static const struct read_json_member offer_members[] = {
    {"institutions", read_json_later, 0, 1, 0, 0, NULL},
    {"pool_prices", read_json_later, 0, 1, 0, 0, NULL},
    {"staff_prices", read_json_later, 0, 1, 0, 0, NULL},
    {"room_prices", read_json_later, 0, 1, 0, 0, NULL},
    {"person_offers", read_json_later, 0, 1, 0, 0, NULL},
    {"member_offers", read_json_later, 0, 1, 0, 0, NULL},
};

/* The vectors of a certificate over 2^shift. */
static const struct {
    const char *name;
    size_t vector;
} vectors[] = {{"bound", AT(certificate, bounds)}, {"rest", AT(certificate, rests)}};
enum { VECTORS = sizeof vectors / sizeof *vectors };

static void write_list(struct buffer *out, const struct certificate *certificate,
                       const struct price_list *list)
{
    const void *const *elements = (const void *const *)((const char *)certificate + list->list);
    const size_t *n = (const size_t *)((const char *)certificate + list->n);
    plan_json_list(out, list->name, *elements, *n, list->size, certificate->n_objectives,
                   list->write);
}

static void write_offers(struct buffer *out, const struct certificate *offers)
{
    buffer_text(out, ",\n ");
    write_json_name(out, "offers");
    buffer_text(out, "{");
    for (size_t i = 0; i < OFFER_LISTS; i++) {
        buffer_text(out, i ? ",\n " : "");
        write_list(out, offers, &offer_lists[i]);
    }
    buffer_text(out, "}");
}

static void write_bounds(struct buffer *out, const struct certificate *certificate)
{
    buffer_text(out, ",\n ");
    write_json_name(out, "shift");
    write_json_int(out, certificate->shift);
    for (size_t v = 0; v < VECTORS; v++) {
        buffer_text(out, ",\n ");
        write_json_name(out, vectors[v].name);
        write_vector(out, (const int64_t *)((const char *)certificate + vectors[v].vector),
                     certificate->n_objectives);
    }
}

char *certificate_to_json(const struct certificate *certificate)
{
    struct buffer out;
    buffer_init(&out);
    buffer_text(&out, "{");
    plan_json_member(&out, "format", certificate_format);
    plan_json_member(&out, "world", certificate->world);
    plan_json_member(&out, "policy", certificate->policy);
    plan_json_member(&out, "plan", certificate->plan);
    plan_json_list(&out, "objectives", certificate->objectives, certificate->n_objectives,
                   sizeof *certificate->objectives, 0, plan_json_objective);
    for (size_t i = 0; i < PRICE_LISTS; i++) {
        if (!price_lists[i].is_whole && !certificate->shift)
            continue;
        buffer_text(&out, ",\n ");
        write_list(&out, certificate, &price_lists[i]);
    }
    if (certificate->offers)
        write_offers(&out, certificate->offers);
    if (certificate->shift)
        write_bounds(&out, certificate);
    buffer_text(&out, "}\n");
    return buffer_take(&out, NULL);
}

static void read_format(struct read_json *at, const json_t *value,
                        const struct read_json_member *member, void *place)
{
    (void)member;
    (void)place;
    plan_json_read_format(at, value, certificate_format);
}

static void read_objectives(struct read_json *at, const json_t *value,
                            const struct read_json_member *member, void *place)
{
    (void)member;
    struct certificate *certificate = place;
    certificate->n_objectives = plan_json_read_objectives(at, value, certificate->objectives);
}

static const struct read_json_member certificate_members[] = {
    {"format", read_format, 0, 1, 0, 0, NULL},
    {"world", read_json_text, AT(certificate, world), 1, 0, PLAN_TEXT_MAX, NULL},
    {"policy", read_json_text, AT(certificate, policy), 1, 0, PLAN_TEXT_MAX, NULL},
    {"plan", read_json_text, AT(certificate, plan), 1, 0, PLAN_TEXT_MAX, NULL},
    {"objectives", read_objectives, 0, 1, 0, 0, NULL},
    {"pool_prices", read_json_later, 0, 1, 0, 0, NULL},
    {"person_prices", read_json_later, 0, 1, 0, 0, NULL},
    {"household_prices", read_json_later, 0, 0, 0, 0, NULL},
    {"staff_prices", read_json_later, 0, 0, 0, 0, NULL},
    {"room_prices", read_json_later, 0, 0, 0, 0, NULL},
    {"kept_prices", read_json_later, 0, 0, 0, 0, NULL},
    {"offers", read_json_later, 0, 0, 0, 0, NULL},
    {"shift", read_json_int, AT(certificate, shift), 0, 1, CERTIFICATE_SHIFT_MAX, NULL},
    {"bound", read_json_later, 0, 0, 0, 0, NULL},
    {"rest", read_json_later, 0, 0, 0, 0, NULL},
};

enum { MEMBERS_MAX = 3 }; /* of an element of a list */

/* Its vectors have as many amounts as the certificate has objectives. */
static void read_list(struct read_json *at, const json_t *value, struct certificate *certificate,
                      const struct price_list *list)
{
    struct read_json_member members[MEMBERS_MAX];
    for (size_t m = 0; m < list->n_members; m++) {
        members[m] = list->members[m];
        if (members[m].read == read_vector)
            members[m].max = (int64_t)certificate->n_objectives;
    }
    plan_json_read_list(at, value, members, list->n_members, list->size,
                        (void **)((char *)certificate + list->list),
                        (size_t *)((char *)certificate + list->n));
}

static void read_offers(struct read_json *at, const json_t *value, struct certificate *certificate)
{
    struct certificate *offers = certificate->offers = alloc_zero(1, sizeof *offers);
    offers->n_objectives = 1;
    read_json_members(at, value, MEMBERS(offer_members), offers);
    for (size_t i = 0; i < OFFER_LISTS && !at->n_issues; i++) {
        size_t mark = read_json_enter(at, offer_lists[i].name);
        read_list(at, json_object_get(value, offer_lists[i].name), offers, &offer_lists[i]);
        read_json_leave(at, mark);
    }
}

/* A part that belongs to certificates of one sort only: there, or not there. 1 = to be read. */
static int is_there(struct read_json *at, const json_t *value, const char *name, int is_wanted)
{
    if (value && !is_wanted)
        read_json_issue_at(at, name, "unknown_field", "is only known beside \"shift\"");
    else if (!value && is_wanted)
        read_json_issue_at(at, name, "required", "is missing");
    return value && is_wanted;
}

static void read_parts(struct read_json *at, const json_t *root, struct certificate *certificate)
{
    for (size_t i = 0; i < PRICE_LISTS; i++) {
        const json_t *value = json_object_get(root, price_lists[i].name);
        if (!is_there(at, value, price_lists[i].name,
                      price_lists[i].is_whole || certificate->shift))
            continue;
        size_t mark = read_json_enter(at, price_lists[i].name);
        read_list(at, value, certificate, &price_lists[i]);
        read_json_leave(at, mark);
    }
    for (size_t v = 0; v < VECTORS; v++) {
        const struct read_json_member of = {.max = (int64_t)certificate->n_objectives};
        const json_t *value = json_object_get(root, vectors[v].name);
        if (!is_there(at, value, vectors[v].name, certificate->shift != 0))
            continue;
        size_t mark = read_json_enter(at, vectors[v].name);
        read_vector(at, value, &of, (char *)certificate + vectors[v].vector);
        read_json_leave(at, mark);
    }
    const json_t *offers = json_object_get(root, "offers");
    if (offers && is_there(at, offers, "offers", certificate->shift != 0)) {
        size_t mark = read_json_enter(at, "offers");
        read_offers(at, offers, certificate);
        read_json_leave(at, mark);
    }
}

int certificate_from_json(const char *bytes, size_t len, struct certificate *certificate,
                          struct alm_error *err)
{
    struct read_json at;
    read_json_init(&at, err);
    certificate_init(certificate);
    json_t *root = read_json_parse(bytes, len, &at);
    if (root)
        read_json_members(&at, root, MEMBERS(certificate_members), certificate);
    if (root && !at.n_issues)
        read_parts(&at, root, certificate);
    json_decref(root);
    if (at.n_issues)
        certificate_clear(certificate);
    return at.n_issues ? -1 : 0;
}
