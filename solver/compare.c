/* compare.c - see compare.h. One walk over both plans in order of people: who stands in which, and
 * where; each side's entries are then counted on their own. */
#include "solver/compare.h"

#include "models/alloc.h"
#include "models/stamp.h"

#include <stdlib.h>
#include <string.h>

#define NAME(name, word, words) [COMPARE_##name] = word,
#define WORDS(name, word, words) [COMPARE_##name] = words,
#define BY(name, word) [COMPARE_##name] = word,
const char *const compare_names[COMPARE_FIGURE_COUNT] = {COMPARE_FIGURES(NAME)};
const char *const compare_words[COMPARE_FIGURE_COUNT] = {COMPARE_FIGURES(WORDS)};
const char *const compare_bys[COMPARE_BY_COUNT] = {COMPARE_BYS(BY)};

/* What one plan says of one person. */
struct entry {
    const struct applicant *applicant;
    const struct placement *place; /* NULL = left */
    const struct unplaced *left;
    const struct institution *home; /* of the place */
    const struct pool *pool;
    int64_t waited_days;
};

struct entries {
    struct entry *list; /* by id of the person */
    size_t n;
};

static int by_person(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;
    return strcmp(left->applicant->record.id, right->applicant->record.id);
}

static int find_person(const struct compare_side *side, const char *id, struct entry *entry,
                       struct alm_error *err)
{
    entry->applicant = region_applicant(side->region, id);
    if (!entry->applicant)
        return err_set(err, ERR_BAD_INPUT, "a plan names %s, who is not in its world", id);
    entry->waited_days = stamp_days(entry->applicant->applied_at, side->plan->now);
    return 0;
}

static int find_place(const struct compare_side *side, struct entry *entry, struct alm_error *err)
{
    entry->pool = region_pool(side->region, entry->place->pool_id);
    if (entry->pool)
        entry->home = region_institution(side->region, entry->pool->institution_id);
    return entry->home ? 0
                       : err_set(err, ERR_BAD_INPUT,
                                 "a plan places somebody in %s, which is not in its world",
                                 entry->place->pool_id);
}

static int read_side(const struct compare_side *side, struct entries *entries,
                     struct alm_error *err)
{
    const struct plan *plan = side->plan;
    entries->list = alloc_zero(plan->n_placements + plan->n_unplaced + 1, sizeof *entries->list);
    for (size_t i = 0; i < plan->n_placements; i++) {
        struct entry *entry = &entries->list[entries->n++];
        entry->place = &plan->placements[i];
        if (find_person(side, entry->place->applicant_id, entry, err) != 0 ||
            find_place(side, entry, err) != 0)
            return -1;
    }
    for (size_t i = 0; i < plan->n_unplaced; i++) {
        struct entry *entry = &entries->list[entries->n++];
        entry->left = &plan->unplaced[i];
        if (find_person(side, entry->left->applicant_id, entry, err) != 0)
            return -1;
    }
    qsort(entries->list, entries->n, sizeof *entries->list, by_person);
    return 0;
}

/* -- figures of one side -- */

static int is_newcomer(const struct entry *entry)
{
    return !entry->applicant->current_pool[0];
}

static int by_size(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* The least number that so many per cent of them do not exceed. */
static int64_t at_most(const int64_t *sorted, size_t n, size_t per_cent)
{
    return n ? sorted[(n * per_cent + 99) / 100 - 1] : COMPARE_NOBODY;
}

static int64_t metres_of(const struct entry *entry)
{
    return entry->place->metres;
}

static int64_t days_of(const struct entry *entry)
{
    return entry->waited_days;
}

static int has_place(const struct entry *entry)
{
    return entry->place != NULL;
}

static int is_placed(const struct entry *entry)
{
    return has_place(entry) && is_newcomer(entry);
}

static int is_left(const struct entry *entry)
{
    return !has_place(entry) && is_newcomer(entry);
}

/* The amounts of those whom `is_of` takes, in order of size. Caller frees. */
static int64_t *sorted(const struct entries *entries, int (*is_of)(const struct entry *entry),
                       int64_t (*amount)(const struct entry *entry), size_t *n)
{
    int64_t *amounts = alloc_zero(entries->n + 1, sizeof *amounts);
    *n = 0;
    for (size_t i = 0; i < entries->n; i++)
        if (is_of(&entries->list[i]))
            amounts[(*n)++] = amount(&entries->list[i]);
    qsort(amounts, *n, sizeof *amounts, by_size);
    return amounts;
}

static int is_in_first_home(const struct entry *entry)
{
    const struct list *wanted = &entry->applicant->preferences;
    return has_place(entry) && wanted->n && strcmp(wanted->items[0], entry->home->record.id) == 0;
}

static void take_figures(const struct entries *entries, int64_t figures[COMPARE_FIGURE_COUNT])
{
    size_t n;
    int64_t *amounts = sorted(entries, has_place, metres_of, &n);
    figures[COMPARE_METRES_MEDIAN] = at_most(amounts, n, 50);
    figures[COMPARE_METRES_P90] = at_most(amounts, n, 90);
    free(amounts);
    amounts = sorted(entries, is_placed, days_of, &n);
    figures[COMPARE_PLACED] = (int64_t)n;
    figures[COMPARE_PLACED_MEDIAN] = at_most(amounts, n, 50);
    figures[COMPARE_PLACED_P90] = at_most(amounts, n, 90);
    free(amounts);
    amounts = sorted(entries, is_left, days_of, &n);
    figures[COMPARE_UNPLACED] = (int64_t)n;
    figures[COMPARE_LEFT_MEDIAN] = at_most(amounts, n, 50);
    figures[COMPARE_LEFT_P90] = at_most(amounts, n, 90);
    figures[COMPARE_LEFT_MOST] = at_most(amounts, n, 100);
    free(amounts);
    for (size_t i = 0; i < entries->n; i++) {
        const struct entry *entry = &entries->list[i];
        figures[COMPARE_MOVED] += has_place(entry) && !is_newcomer(entry);
        figures[COMPARE_STAYED] += !has_place(entry) && !is_newcomer(entry);
        figures[COMPARE_FIRST_HOME] += is_in_first_home(entry);
    }
}

/* -- counted by home and by people -- */

static struct compare_place *find_row(struct compare *compare, size_t *room,
                                      const struct entry *entry)
{
    for (size_t i = 0; i < compare->n_places; i++)
        if (compare->places[i].kind == entry->pool->kind &&
            strcmp(compare->places[i].district, entry->home->district) == 0)
            return &compare->places[i];
    ALLOC_GROW(compare->places, compare->n_places, *room);
    struct compare_place *row = &compare->places[compare->n_places++];
    *row = (struct compare_place){.district = entry->home->district, .kind = entry->pool->kind};
    return row;
}

static struct compare_group *find_group(struct compare *compare, size_t *room, enum compare_by by,
                                        const char *value)
{
    for (size_t i = 0; i < compare->n_groups; i++)
        if (compare->groups[i].by == by && strcmp(compare->groups[i].value, value) == 0)
            return &compare->groups[i];
    ALLOC_GROW(compare->groups, compare->n_groups, *room);
    struct compare_group *group = &compare->groups[compare->n_groups++];
    *group = (struct compare_group){.by = by, .value = value};
    return group;
}

static const char *value_of(const struct applicant *applicant, enum compare_by by)
{
    static const char *const levels[RECORD_LEVELS] = {"0", "1", "2", "3", "4", "5", "6"};
    if (by == COMPARE_LEVEL)
        return levels[applicant->level];
    return by == COMPARE_CLASS ? applicant->class_code : applicant->district;
}

static void count_side(const struct entries *entries, size_t side, struct compare *compare,
                       size_t rooms[2])
{
    for (size_t i = 0; i < entries->n; i++) {
        const struct entry *entry = &entries->list[i];
        if (has_place(entry))
            find_row(compare, &rooms[0], entry)->n[side]++;
        for (int by = 0; by < COMPARE_BY_COUNT && is_newcomer(entry); by++) {
            const char *value = value_of(entry->applicant, (enum compare_by)by);
            struct compare_group *group =
                find_group(compare, &rooms[1], (enum compare_by)by, value);
            group->of[side]++;
            group->placed[side] += is_placed(entry);
        }
    }
}

static int by_place(const void *a, const void *b)
{
    const struct compare_place *left = a, *right = b;
    int order = strcmp(left->district, right->district);
    return order ? order : (int)left->kind - (int)right->kind;
}

static int by_value(const void *a, const void *b)
{
    const struct compare_group *left = a, *right = b;
    return left->by != right->by ? (int)left->by - (int)right->by
                                 : strcmp(left->value, right->value);
}

static void count(const struct entries entries[COMPARE_SIDES], struct compare *compare)
{
    size_t rooms[2] = {0};
    for (size_t side = 0; side < COMPARE_SIDES; side++) {
        take_figures(&entries[side], compare->figures[side]);
        count_side(&entries[side], side, compare, rooms);
    }
    if (compare->n_places)
        qsort(compare->places, compare->n_places, sizeof *compare->places, by_place);
    if (compare->n_groups)
        qsort(compare->groups, compare->n_groups, sizeof *compare->groups, by_value);
}

/* -- person by person -- */

static int is_same_place(const struct entry *a, const struct entry *b)
{
    return a && b && a->place && b->place && strcmp(a->place->pool_id, b->place->pool_id) == 0;
}

/* Either may be NULL: that plan does not have the person. */
static void add_person(const struct entry *a, const struct entry *b, struct compare *compare)
{
    const struct entry *both[COMPARE_SIDES] = {a, b};
    const struct entry *known = a && a->place ? a : b;
    if (is_same_place(a, b))
        compare->same++;
    if (is_same_place(a, b) || !known || !known->place)
        return;
    struct compare_person *person = &compare->people[compare->n_people++];
    *person =
        (struct compare_person){.applicant = known->applicant, .waited_days = known->waited_days};
    for (size_t side = 0; side < COMPARE_SIDES; side++)
        if (both[side]) {
            person->place[side] = both[side]->place;
            person->left[side] = both[side]->left;
        }
}

static void pair_people(const struct entries entries[COMPARE_SIDES], struct compare *compare)
{
    const struct entries *a = &entries[0], *b = &entries[1];
    size_t i = 0, j = 0;
    compare->people = alloc_zero(a->n + b->n + 1, sizeof *compare->people);
    while (i < a->n || j < b->n) {
        int order = i == a->n ? 1 : j == b->n ? -1 : by_person(&a->list[i], &b->list[j]);
        add_person(order <= 0 ? &a->list[i] : NULL, order >= 0 ? &b->list[j] : NULL, compare);
        i += order <= 0;
        j += order >= 0;
    }
}

int compare_plans(const struct compare_side sides[COMPARE_SIDES], struct compare *compare,
                  struct alm_error *err)
{
    struct entries entries[COMPARE_SIDES] = {{0}};
    int status = 0;
    *compare = (struct compare){0};
    for (size_t side = 0; side < COMPARE_SIDES && status == 0; side++)
        status = read_side(&sides[side], &entries[side], err);
    if (status == 0) {
        count(entries, compare);
        pair_people(entries, compare);
    }
    for (size_t side = 0; side < COMPARE_SIDES; side++)
        free(entries[side].list);
    return status;
}

void compare_clear(struct compare *compare)
{
    free(compare->people);
    free(compare->places);
    free(compare->groups);
    *compare = (struct compare){0};
}
