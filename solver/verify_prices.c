/* verify_prices.c - see verify_prices.h. */
#include "solver/verify_prices.h"

#include "models/alloc.h"
#include "models/household.h"
#include "solver/verify_look.h"
#include "solver/verify_rooms.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* -- rows -- */

static int has_rooms(const struct verify_pool *pool)
{
    return pool->pool->sex == SEX_RULE_ANY && pool->pool->n_rooms > 0;
}

static int64_t least(__int128 a, size_t b)
{
    return a < (__int128)b ? (int64_t)a : (int64_t)b;
}

static void add_groups(struct verify_prices *prices, const struct pool *pool, size_t row)
{
    struct verify_rooms rooms = verify_rooms_of(pool);
    size_t n_people = prices->round->n_people;
    struct verify_row *rows = &prices->rows[row];
    rows[VERIFY_ROW_ANYBODY].beds += rooms.free_beds;
    rows[VERIFY_ROW_WOMEN].beds += rooms.free_beds;
    rows[VERIFY_ROW_MEN].beds += rooms.free_beds;
    __int128 in_rooms = 0;
    for (size_t g = 0; g < rooms.n; g++) {
        int64_t beds = least(rooms.groups[g].beds, n_people);
        int64_t n = least(rooms.groups[g].rooms, n_people);
        in_rooms += (__int128)n * beds;
        prices->groups[prices->n_groups++] = (struct verify_room_group){
            .row = row, .rooms = n, .beds = beds, .may_be = {1, 1, beds == 2}};
    }
    for (size_t r = 0; r < VERIFY_ROOM_ROWS; r++) {
        rows[r].beds = least(rows[r].beds, n_people);
        rows[r].slack = rows[r].beds + (r == VERIFY_ROW_ANYBODY ? 0 : in_rooms);
    }
    free(rooms.groups);
}

/* A bed that a resident leaves is for the leaver's sex; left by somebody of unstated sex, for
 * anybody. */
static void add_residents(struct verify_prices *prices)
{
    for (size_t i = 0; i < prices->round->n_people; i++) {
        const struct verify_person *person = &prices->round->people[i];
        if (person->own == VERIFY_NOWHERE || prices->room_row[person->own] == VERIFY_NOWHERE)
            continue;
        struct verify_row *rows = &prices->rows[prices->room_row[person->own]];
        enum sex sex = person->applicant->sex;
        rows[VERIFY_ROW_ANYBODY].beds += sex == SEX_NONE;
        rows[VERIFY_ROW_WOMEN].beds += sex != SEX_MALE;
        rows[VERIFY_ROW_MEN].beds += sex != SEX_FEMALE;
    }
}

static void make_rows(struct verify_prices *prices)
{
    const struct verify_round *round = prices->round;
    size_t n_groups = 0;
    prices->first_row = alloc_zero(round->n_pools, sizeof *prices->first_row);
    prices->room_row = alloc_zero(round->n_pools, sizeof *prices->room_row);
    for (size_t p = 0; p < round->n_pools; p++) {
        const struct pool *pool = round->pools[p].pool;
        prices->first_row[p] = prices->n_rows;
        prices->n_rows += pool->n_reserved + 1;
        prices->room_row[p] = has_rooms(&round->pools[p]) ? prices->n_rows : VERIFY_NOWHERE;
        prices->n_rows += has_rooms(&round->pools[p]) ? VERIFY_ROOM_ROWS : 0;
        n_groups += 2 * pool->n_rooms;
    }
    prices->rows = alloc_zero(prices->n_rows, sizeof *prices->rows);
    prices->groups = alloc_zero(n_groups, sizeof *prices->groups);
    add_residents(prices);
    for (size_t p = 0; p < round->n_pools; p++) {
        const struct verify_pool *pool = &round->pools[p];
        for (size_t k = 0; k <= pool->pool->n_reserved; k++) {
            struct verify_row *row = &prices->rows[prices->first_row[p] + k];
            row->beds = row->slack =
                least((__int128)pool->parts[k].kept + pool->parts[k].stayers, round->n_people);
        }
        if (prices->room_row[p] != VERIFY_NOWHERE)
            add_groups(prices, pool->pool, prices->room_row[p]);
    }
}

/* -- pairs -- */

struct pair_list {
    struct verify_pair *items;
    size_t n, room;
};

static void add_pair(struct pair_list *list, struct verify_pair pair)
{
    ALLOC_GROW(list->items, list->n, list->room);
    pair.is_alive = 1;
    list->items[list->n++] = pair;
}

static void add_stay(const struct verify_round *round, const struct verify_person *person,
                     struct pair_list *list)
{
    if (person->own != VERIFY_NOWHERE)
        add_pair(list, (struct verify_pair){.pool = (uint32_t)person->own,
                                            .part = (uint32_t)verify_round_own_part(round, person),
                                            .is_stay = 1});
}

static void add_pool(const struct verify_round *round, const struct verify_person *person, size_t p,
                     int64_t metres, struct pair_list *list)
{
    const struct verify_pool *pool = &round->pools[p];
    int64_t rank = applicant_rank(person->applicant, pool->home->record.id,
                                  round->rules.policy->unlisted_rank);
    for (size_t k = 0; k <= pool->pool->n_reserved; k++)
        if (pool->parts[k].kept + pool->parts[k].stayers &&
            verify_round_may_use(round, person, pool, k))
            add_pair(list, (struct verify_pair){.pool = (uint32_t)p,
                                                .part = (uint32_t)k,
                                                .rank = (int32_t)rank,
                                                .metres = (int32_t)metres});
}

static void make_pairs(struct verify_prices *prices)
{
    const struct verify_round *round = prices->round;
    struct verify_look look;
    struct pair_list list = {0};
    verify_look_init(&look, round);
    prices->first_pair = alloc_zero(round->n_people + 1, sizeof *prices->first_pair);
    for (size_t i = 0; i < round->n_people; i++) {
        const struct verify_person *person = &round->people[i];
        add_stay(round, person, &list);
        verify_look_at(&look, person);
        for (size_t c = 0; c < look.n_choices; c++)
            add_pool(round, person, look.choices[c].pool, look.choices[c].metres, &list);
        prices->first_pair[i + 1] = list.n;
    }
    verify_look_clear(&look);
    prices->pairs = list.items;
    prices->must_come = alloc_zero(round->n_people, 1);
}

/* -- households -- */

/* A member who lives where the household goes keeps the bed: no moves inside the own home. */
static void forbid_moves_inside(struct verify_prices *prices, size_t person)
{
    const struct verify_round *round = prices->round;
    size_t own = round->people[person].own;
    for (size_t j = prices->first_pair[person]; j < prices->first_pair[person + 1]; j++)
        if (own != VERIFY_NOWHERE && !prices->pairs[j].is_stay &&
            round->pools[prices->pairs[j].pool].home_index == round->pools[own].home_index)
            prices->pairs[j].is_alive = 0;
}

static void add_household(struct verify_prices *prices, const struct household *household)
{
    struct verify_together *together = &prices->households[prices->n_households];
    together->id = household->members[0]->household_id;
    together->people = alloc_zero(household->n, sizeof *together->people);
    for (size_t m = 0; m < household->n; m++) {
        size_t person = verify_round_person(prices->round, household->members[m]->record.id);
        together->people[together->n++] = person;
        prices->household_of[person] = prices->n_households;
        forbid_moves_inside(prices, person);
    }
    prices->n_households++;
}

static void make_households(struct verify_prices *prices)
{
    struct households all;
    households_init(&all, prices->round->rules.region);
    prices->households = alloc_zero(all.n, sizeof *prices->households);
    prices->household_of = alloc_zero(prices->round->n_people, sizeof *prices->household_of);
    memset(prices->household_of, 0xff, prices->round->n_people * sizeof *prices->household_of);
    for (size_t h = 0; h < all.n; h++)
        if (all.list[h].is_together)
            add_household(prices, &all.list[h]);
    households_clear(&all);
}

/* -- nursing minutes -- */

struct need { /* somebody could be in a home and needs so many */
    size_t home;
    int64_t minutes;
};

static int need_order(const void *a, const void *b)
{
    const struct need *one = a, *two = b;
    if (one->home != two->home)
        return one->home < two->home ? -1 : 1;
    return one->minutes < two->minutes ? -1 : one->minutes > two->minutes;
}

/* Each person once per home with a limit. */
static struct need *list_needs(const struct verify_prices *prices, size_t *n)
{
    const struct verify_round *round = prices->round;
    size_t *last = alloc_zero(round->n_homes, sizeof *last), room = 0; /* person + 1 */
    struct need *needs = NULL;
    *n = 0;
    for (size_t i = 0; i < round->n_people; i++)
        for (size_t j = prices->first_pair[i]; j < prices->first_pair[i + 1]; j++) {
            const struct verify_pool *pool = &round->pools[prices->pairs[j].pool];
            if (pool->home->care_minutes == RECORD_NO_LIMIT || round->people[i].minutes == 0 ||
                last[pool->home_index] == i + 1)
                continue;
            last[pool->home_index] = i + 1;
            ALLOC_GROW(needs, *n, room);
            needs[(*n)++] = (struct need){pool->home_index, round->people[i].minutes};
        }
    free(last);
    if (*n)
        qsort(needs, *n, sizeof *needs, need_order);
    return needs;
}

/* What the staff of each home gives newcomers, and gave the residents who may leave. */
static int64_t *list_limits(const struct verify_round *round)
{
    int64_t *limits = alloc_zero(round->n_homes, sizeof *limits);
    for (size_t p = 0; p < round->n_pools; p++)
        limits[round->pools[p].home_index] = round->pools[p].home->care_minutes;
    for (size_t i = 0; i < round->n_people; i++) {
        const struct verify_person *person = &round->people[i];
        if (person->own == VERIFY_NOWHERE)
            continue;
        int64_t *limit = &limits[round->pools[person->own].home_index];
        if (__builtin_add_overflow(*limit, person->minutes, limit))
            *limit = INT64_MAX;
    }
    return limits;
}

static void make_loads(struct verify_prices *prices)
{
    size_t n_homes = prices->round->n_homes, n;
    struct need *needs = list_needs(prices, &n);
    int64_t *limits = list_limits(prices->round);
    prices->loads = alloc_zero(n_homes, sizeof *prices->loads);
    for (size_t first = 0, end; first < n; first = end) {
        struct verify_load_class *classes = NULL;
        size_t n_classes = 0, room = 0, home = needs[first].home;
        for (end = first; end < n && needs[end].home == home; end++) {
            if (end == first || needs[end].minutes != needs[end - 1].minutes) {
                ALLOC_GROW(classes, n_classes, room);
                classes[n_classes++] = (struct verify_load_class){.minutes = needs[end].minutes};
            }
            classes[n_classes - 1].people++;
        }
        verify_load_init(&prices->loads[home], limits[home], classes, n_classes);
    }
    free(limits);
    free(needs);
}

struct verify_load_class *verify_prices_class(const struct verify_prices *prices, size_t person,
                                              const struct verify_pair *pair)
{
    const struct verify_load *load = &prices->loads[prices->round->pools[pair->pool].home_index];
    return load->n ? verify_load_find(load, prices->round->people[person].minutes) : NULL;
}

/* -- the certificate's entries -- */

struct entry { /* of a list of the certificate */
    const char *what, *id;
    const int64_t *price;
};

static int put(const struct verify_prices *prices, const int64_t **place, struct entry entry,
               struct alm_error *err)
{
    if (*place)
        return err_set(err, ERR_REFUSED, "certificate: %s %s is priced twice", entry.what,
                       entry.id);
    for (size_t k = 0; k < prices->n; k++)
        if (entry.price[k] >= CERTIFICATE_PRICE_MOST || entry.price[k] <= -CERTIFICATE_PRICE_MOST)
            return err_set(err, ERR_REFUSED, "certificate: %s %s: %" PRId64 " is no price",
                           entry.what, entry.id, entry.price[k]);
    *place = entry.price;
    return 0;
}

static int read_pool(struct verify_prices *prices, const struct certificate_pool *entry,
                     struct alm_error *err)
{
    size_t p = verify_round_pool(prices->round, entry->pool_id);
    if (p == VERIFY_NOWHERE)
        return err_set(err, ERR_REFUSED, "certificate: pool %s is not in the world",
                       entry->pool_id);
    const struct pool *pool = prices->round->pools[p].pool;
    size_t part = verify_round_part(pool, entry->reserve);
    if (entry->reserve[0] && part == pool->n_reserved)
        return err_set(err, ERR_REFUSED, "certificate: pool %s keeps no beds for class %s",
                       entry->pool_id, entry->reserve);
    return put(prices, &prices->rows[prices->first_row[p] + part].prices,
               (struct entry){"a part of the beds of pool", entry->pool_id, entry->price}, err);
}

static int read_rooms(struct verify_prices *prices, const struct certificate_rooms *entry,
                      struct alm_error *err)
{
    static const size_t rows[SEX_COUNT] = {[SEX_NONE] = VERIFY_ROW_ANYBODY,
                                           [SEX_FEMALE] = VERIFY_ROW_WOMEN,
                                           [SEX_MALE] = VERIFY_ROW_MEN};
    size_t p = verify_round_pool(prices->round, entry->pool_id);
    if (p == VERIFY_NOWHERE || prices->room_row[p] == VERIFY_NOWHERE)
        return err_set(err, ERR_REFUSED, "certificate: pool %s has no rooms whose sex is open",
                       entry->pool_id);
    return put(prices, &prices->rows[prices->room_row[p] + rows[entry->sex]].prices,
               (struct entry){"one sex in the rooms of pool", entry->pool_id, entry->price}, err);
}

size_t verify_prices_home(const struct verify_prices *prices, const char *id)
{
    const struct verify_round *round = prices->round;
    size_t p = 0;
    while (p < round->n_pools && strcmp(round->pools[p].home->record.id, id) != 0)
        p++;
    return p < round->n_pools ? round->pools[p].home_index : VERIFY_NOWHERE;
}

/* Entries of one institution lie side by side: it is looked for once. */
static int read_staff(struct verify_prices *prices, const struct certificate *certificate,
                      struct alm_error *err)
{
    size_t home = VERIFY_NOWHERE;
    for (size_t s = 0; s < certificate->n_staff; s++) {
        const struct certificate_staff *entry = &certificate->staff[s];
        if (s == 0 || strcmp(entry->institution_id, entry[-1].institution_id) != 0)
            home = verify_prices_home(prices, entry->institution_id);
        struct verify_load_class *class =
            home == VERIFY_NOWHERE || !prices->loads[home].n
                ? NULL
                : verify_load_find(&prices->loads[home], entry->minutes);
        if (!class)
            return err_set(err, ERR_REFUSED,
                           "certificate: institution %s has no limit for its staff, or nobody who "
                           "could be there needs %" PRId64 " minutes",
                           entry->institution_id, entry->minutes);
        if (put(prices, &class->stated,
                (struct entry){"one class of minutes in institution", entry->institution_id,
                               entry->price},
                err) != 0)
            return -1;
    }
    return 0;
}

static int read_kept(struct verify_prices *prices, const struct certificate_kept *entry,
                     struct alm_error *err)
{
    const struct policy *policy = prices->round->rules.policy;
    const char *name = words_name(&words_objective, (int)entry->objective);
    size_t place = 0;
    while (place < prices->n && policy->objectives[place] != entry->objective)
        place++;
    if (place == prices->n)
        return err_set(err, ERR_REFUSED, "certificate: the policy has no objective %s", name);
    for (size_t k = 0; k <= place; k++)
        if (entry->price[k])
            return err_set(err, ERR_REFUSED,
                           "certificate: objective %s is not kept before it is reached, so it has "
                           "no price there",
                           name);
    return put(prices, &prices->kept[place], (struct entry){"objective", name, entry->price}, err);
}

static int check_complete(const struct verify_prices *prices, struct alm_error *err)
{
    const struct verify_round *round = prices->round;
    for (size_t p = 0; p < round->n_pools; p++)
        for (size_t k = 0; k <= round->pools[p].pool->n_reserved; k++) {
            const struct verify_row *row = &prices->rows[prices->first_row[p] + k];
            if (!row->prices && row->beds)
                return err_set(err, ERR_REFUSED, "certificate: pool %s, class \"%s\" has no price",
                               round->pools[p].pool->record.id, round->pools[p].parts[k].reserve);
        }
    return 0;
}

static void forget_entries(struct verify_prices *prices)
{
    for (size_t r = 0; r < prices->n_rows; r++)
        prices->rows[r].prices = NULL;
    for (size_t q = 0; q < prices->round->n_homes; q++)
        for (size_t c = 0; c < prices->loads[q].n; c++)
            prices->loads[q].classes[c].stated = NULL;
    memset(prices->kept, 0, sizeof prices->kept);
}

static int read_entries(struct verify_prices *prices, const struct certificate *certificate,
                        struct alm_error *err)
{
    for (size_t p = 0; p < certificate->n_pools; p++)
        if (read_pool(prices, &certificate->pools[p], err) != 0)
            return -1;
    for (size_t r = 0; r < certificate->n_rooms; r++)
        if (read_rooms(prices, &certificate->rooms[r], err) != 0)
            return -1;
    for (size_t k = 0; k < certificate->n_kept; k++)
        if (read_kept(prices, &certificate->kept[k], err) != 0)
            return -1;
    return read_staff(prices, certificate, err);
}

int verify_prices_offers(struct verify_prices *prices, const struct certificate *offers,
                         struct alm_error *err)
{
    forget_entries(prices);
    return read_entries(prices, offers, err);
}

int verify_prices_own(struct verify_prices *prices, const struct certificate *certificate,
                      struct alm_error *err)
{
    forget_entries(prices);
    return read_entries(prices, certificate, err) != 0 ? -1 : check_complete(prices, err);
}

struct verify_prices *verify_prices_new(const struct verify_round *round)
{
    struct verify_prices *prices = alloc_zero(1, sizeof *prices);
    prices->round = round;
    prices->n = round->rules.policy->n_objectives;
    make_rows(prices);
    make_pairs(prices);
    make_households(prices);
    make_loads(prices);
    return prices;
}

void verify_prices_free(struct verify_prices *prices)
{
    if (!prices)
        return;
    for (size_t q = 0; q < prices->round->n_homes; q++)
        verify_load_clear(&prices->loads[q]);
    for (size_t h = 0; h < prices->n_households; h++)
        free(prices->households[h].people);
    free(prices->loads);
    free(prices->households);
    free(prices->household_of);
    free(prices->must_come);
    free(prices->pairs);
    free(prices->first_pair);
    free(prices->groups);
    free(prices->rows);
    free(prices->first_row);
    free(prices->room_row);
    free(prices);
}
