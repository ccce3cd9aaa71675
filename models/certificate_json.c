/* certificate_json.c - certificates in JSON: "almoner-certificate/1" (formats.md).
 *
 * The lists of prices are one table, and what an element of each has is another: both are read and
 * written by them. A certificate with whole prices has pools and people only; one over 2^shift has
 * the other lists and the bounds besides, and perhaps an object of offers with lists of the same
 * kind. */
#include "models/plan_parts_json.h"

#include "models/write_json.h"

#include <stdlib.h>
#include <string.h>

static const char certificate_format[] = "almoner-certificate/1";

/* -- vectors -- */

static void write_vector(struct buffer *out, const int64_t *price, size_t n)
{
    buffer_text(out, "[");
    for (size_t k = 0; k < n; k++) {
        buffer_text(out, k ? ", " : "");
        write_json_int(out, price[k]);
    }
    buffer_text(out, "]");
}

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

/* -- the lists -- */

#define MEMBERS(list) list, sizeof list / sizeof list[0]
#define AT(type, field) offsetof(struct type, field)

static const struct read_json_member pool_members[] = {
    {"pool", read_json_id, AT(certificate_pool, pool_id), 1, 0, 0, NULL},
    {"reserve", read_json_code, AT(certificate_pool, reserve), 0, 0, 0, NULL},
    {"price", read_vector, AT(certificate_pool, price), 1, 0, 0, NULL},
};
struct read_person { /* as one of them is read and written */
    char applicant_id[ID_MAX + 1];
    int64_t price[OBJECTIVE_COUNT];
};
static const struct read_json_member person_members[] = {
    {"applicant", read_json_id, AT(read_person, applicant_id), 1, 0, 0, NULL},
    {"price", read_vector, AT(read_person, price), 1, 0, 0, NULL},
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

enum { MEMBERS_MAX = 3 }; /* of an element of a list */

struct price_list {
    const char *name;
    int is_required; /* else there beside "shift" alone */
    size_t list, n, size;
    const struct read_json_member *members;
    size_t n_members;
};

#define LIST(name, is_required, list, n, element)                                                  \
    {                                                                                              \
        name, is_required, AT(certificate, list), AT(certificate, n),                              \
            sizeof(struct certificate_##element), MEMBERS(element##_members)                       \
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

/* Those of the offers, with an amount for each of the first so many objectives. */
static const struct price_list offer_lists[] = {
    LIST("institutions", 1, homes, n_homes, home),
    LIST("pool_prices", 1, pools, n_pools, pool),
    LIST("staff_prices", 1, staff, n_staff, staff),
    LIST("room_prices", 1, rooms, n_rooms, rooms),
    LIST("kept_prices", 0, kept, n_kept, kept),
    LIST("person_offers", 1, people, n_people, person),
    LIST("member_offers", 1, members, n_members, member),
};
enum { OFFER_LISTS = sizeof offer_lists / sizeof *offer_lists };

/* The vectors of a certificate over 2^shift. */
static const struct {
    const char *name;
    size_t vector;
} vectors[] = {{"bound", AT(certificate, bounds)}, {"rest", AT(certificate, rests)}};
enum { VECTORS = sizeof vectors / sizeof *vectors };

/* -- writing -- */

/* What may be left out is left out where it says nothing: no class, no sex. */
static int is_said(const struct read_json_member *member, const void *place)
{
    if (member->is_required)
        return 1;
    return member->words ? *(const int *)place != 0 : *(const char *)place != '\0';
}

static void write_value(struct buffer *out, const struct read_json_member *member,
                        const void *place, size_t n_objectives)
{
    if (member->read == read_vector)
        write_vector(out, place, n_objectives);
    else if (member->read == read_json_int)
        write_json_int(out, *(const int64_t *)place);
    else
        write_json_text(out,
                        member->words ? words_name(member->words, *(const int *)place) : place);
}

struct list_of {
    const struct certificate *certificate;
    const struct price_list *list;
};

static void write_element(struct buffer *out, const void *element, const void *context)
{
    const struct list_of *of = context;
    const char *before = "{";
    for (size_t m = 0; m < of->list->n_members; m++) {
        const struct read_json_member *member = &of->list->members[m];
        const void *place = (const char *)element + member->offset;
        if (!is_said(member, place))
            continue;
        buffer_text(out, before);
        write_json_name(out, member->name);
        write_value(out, member, place, of->certificate->n_objectives);
        before = ", ";
    }
    buffer_text(out, "}");
}

static void write_person(struct buffer *out, const void *element, const void *context)
{
    const struct certificate_person *person = element;
    const struct list_of *of = context;
    struct read_person whole;
    strcpy(whole.applicant_id, person->applicant_id);
    memcpy(whole.price, person->price, of->certificate->n_objectives * sizeof(int64_t));
    write_element(out, &whole, context);
}

static void write_list(struct buffer *out, const struct certificate *certificate,
                       const struct price_list *list)
{
    const struct list_of of = {certificate, list};
    const void *const *elements = (const void *const *)((const char *)certificate + list->list);
    const size_t *n = (const size_t *)((const char *)certificate + list->n);
    plan_json_list(out, list->name, *elements, *n, list->size,
                   list->members == person_members ? write_person : write_element, &of);
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
                   sizeof *certificate->objectives, plan_json_objective, NULL);
    for (size_t i = 0; i < PRICE_LISTS; i++) {
        if (!price_lists[i].is_required && !certificate->shift)
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

/* -- reading -- */

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

/* Lists and vectors are read after these: they need `objectives` and `shift`. */
static const struct read_json_member head_members[] = {
    {"format", read_format, 0, 1, 0, 0, NULL},
    {"world", read_json_text, AT(certificate, world), 1, 0, PLAN_TEXT_MAX, NULL},
    {"policy", read_json_text, AT(certificate, policy), 1, 0, PLAN_TEXT_MAX, NULL},
    {"plan", read_json_text, AT(certificate, plan), 1, 0, PLAN_TEXT_MAX, NULL},
    {"objectives", read_objectives, 0, 1, 0, 0, NULL},
    {"shift", read_json_int, AT(certificate, shift), 0, 1, CERTIFICATE_SHIFT_MAX, NULL},
    {"offers", read_json_later, 0, 0, 0, 0, NULL},
};
enum { HEAD_MEMBERS = sizeof head_members / sizeof *head_members };

static void name_lists(const struct price_list *lists, size_t n, struct read_json_member *members)
{
    for (size_t i = 0; i < n; i++)
        members[i] = (struct read_json_member){
            .name = lists[i].name, .read = read_json_later, .is_required = lists[i].is_required};
}

static void read_head(struct read_json *at, const json_t *root, struct certificate *certificate)
{
    struct read_json_member members[HEAD_MEMBERS + PRICE_LISTS + VECTORS];
    memcpy(members, head_members, sizeof head_members);
    name_lists(price_lists, PRICE_LISTS, members + HEAD_MEMBERS);
    for (size_t v = 0; v < VECTORS; v++)
        members[HEAD_MEMBERS + PRICE_LISTS + v] =
            (struct read_json_member){.name = vectors[v].name, .read = read_json_later};
    read_json_members(at, root, MEMBERS(members), certificate);
}

/* Whatever is asked of them later, they have room for it. */
static void take_people(const struct read_person *list, size_t n, struct certificate *certificate)
{
    struct certificate_people people = {n, OBJECTIVE_COUNT, ID_MAX + 1};
    certificate->people = certificate_people_new(&people);
    certificate->n_people = n;
    for (size_t i = 0; i < n; i++) {
        strcpy(certificate->people[i].applicant_id, list[i].applicant_id);
        memcpy(certificate->people[i].price, list[i].price, sizeof list[i].price);
    }
}

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
    if (list->members == person_members) {
        struct read_person *people = NULL;
        size_t n = 0;
        plan_json_read_list(at, value, members, list->n_members, sizeof *people, (void **)&people,
                            &n);
        take_people(people, n, certificate);
        free(people);
        return;
    }
    plan_json_read_list(at, value, members, list->n_members, list->size,
                        (void **)((char *)certificate + list->list),
                        (size_t *)((char *)certificate + list->n));
}

/* For so many objectives there are offers as the first entry has amounts; all others have as many.
 */
static size_t count_offered(const json_t *value, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < OFFER_LISTS && n == 0; i++)
        n = json_array_size(json_object_get(
            json_array_get(json_object_get(value, offer_lists[i].name), 0), "price"));
    return n == 0 ? 1 : n < most ? n : most;
}

static void read_offers(struct read_json *at, const json_t *value, struct certificate *certificate)
{
    struct certificate *offers = certificate->offers = alloc_zero(1, sizeof *offers);
    struct read_json_member members[OFFER_LISTS];
    offers->n_objectives = count_offered(value, certificate->n_objectives);
    name_lists(offer_lists, OFFER_LISTS, members);
    read_json_members(at, value, MEMBERS(members), offers);
    for (size_t i = 0; i < OFFER_LISTS && !at->n_issues; i++) {
        const json_t *list = json_object_get(value, offer_lists[i].name);
        size_t mark = read_json_enter(at, offer_lists[i].name);
        if (list)
            read_list(at, list, offers, &offer_lists[i]);
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
                      price_lists[i].is_required || certificate->shift))
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
        read_head(&at, root, certificate);
    if (root && !at.n_issues)
        read_parts(&at, root, certificate);
    json_decref(root);
    if (at.n_issues)
        certificate_clear(certificate);
    return at.n_issues ? -1 : 0;
}
