/* verify_look.c - see verify_look.h. Shares nothing with the pairs of the solver but the rules, the
 * geometry and the rows of travel.csv. */
#include "solver/verify_look.h"

#include "models/alloc.h"
#include "models/slices.h"

#include <stdlib.h>
#include <string.h>

/* -- homes -- */

static int by_home(const void *left, const void *right, void *pools)
{
    const struct verify_spot *one = left, *two = right;
    const struct verify_pool *a = (const struct verify_pool *)pools + one->pool;
    const struct verify_pool *b = (const struct verify_pool *)pools + two->pool;
    if (a->home_index != b->home_index)
        return a->home_index < b->home_index ? -1 : 1;
    return (a > b) - (a < b);
}

static int by_z(const void *left, const void *right)
{
    const struct verify_home *a = left, *b = right;
    if (a->at.z != b->at.z)
        return a->at.z < b->at.z ? -1 : 1;
    return (a->first_spot > b->first_spot) - (a->first_spot < b->first_spot);
}

/* Every home that has a pool, with its pools side by side. */
static void list_homes(struct verify_homes *homes)
{
    const struct verify_round *round = homes->round;
    homes->list = alloc_zero(round->n_pools, sizeof *homes->list);
    homes->spots = alloc_zero(round->n_pools, sizeof *homes->spots);
    for (size_t p = 0; p < round->n_pools; p++) {
        const struct pool *pool = round->pools[p].pool;
        homes->spots[p] =
            (struct verify_spot){p, 1u << pool->kind, pool->min_level, pool->max_level};
    }
    qsort_r(homes->spots, round->n_pools, sizeof *homes->spots, by_home, round->pools);
    for (size_t i = 0; i < round->n_pools; i++) {
        const struct institution *home = round->pools[homes->spots[i].pool].home;
        if (!homes->n || homes->list[homes->n - 1].home != home)
            homes->list[homes->n++] = (struct verify_home){
                .at = geo_point(home->lat, home->lon), .home = home, .first_spot = i};
        homes->list[homes->n - 1].n_spots++;
    }
    qsort(homes->list, homes->n, sizeof *homes->list, by_z);
}

struct home_name {
    const char *id;
    size_t home;
};

static int by_name(const void *left, const void *right)
{
    return strcmp(((const struct home_name *)left)->id, ((const struct home_name *)right)->id);
}

static void list_rows(struct verify_homes *homes)
{
    travel_origins_init(&homes->travel, homes->round->rules.region);
    if (!homes->travel.n)
        return;
    struct home_name *names = alloc_zero(homes->n, sizeof *names);
    for (size_t q = 0; q < homes->n; q++)
        names[q] = (struct home_name){homes->list[q].home->record.id, q};
    qsort(names, homes->n, sizeof *names, by_name);
    homes->row_home = alloc_zero(homes->travel.n, sizeof *homes->row_home);
    for (size_t row = 0; row < homes->travel.n; row++) {
        struct home_name key = {homes->travel.rows[row]->institution_id, 0};
        const struct home_name *name = bsearch(&key, names, homes->n, sizeof *names, by_name);
        homes->row_home[row] = name ? name->home : VERIFY_NOWHERE;
    }
    free(names);
}

struct verify_homes *verify_homes_new(const struct verify_round *round)
{
    struct verify_homes *homes = alloc_zero(1, sizeof *homes);
    homes->round = round;
    list_homes(homes);
    list_rows(homes);
    return homes;
}

void verify_homes_free(struct verify_homes *homes)
{
    if (!homes)
        return;
    travel_origins_clear(&homes->travel);
    free(homes->list);
    free(homes->spots);
    free(homes->row_home);
    free(homes);
}

struct verify_seen *verify_seen_new(size_t n_people)
{
    struct verify_seen *seen = alloc_zero(1, sizeof *seen);
    seen->people = alloc_zero(n_people, sizeof *seen->people);
    seen->n = n_people;
    return seen;
}

void verify_seen_free(struct verify_seen *seen)
{
    for (size_t i = 0; seen && i < seen->n; i++)
        free(seen->people[i].choices);
    free(seen ? seen->people : NULL);
    free(seen);
}

/* -- one person -- */

void verify_look_init(struct verify_look *look, const struct verify_round *round)
{
    const struct verify_homes *homes = round->homes;
    *look = (struct verify_look){
        .homes = homes,
        .near = alloc_zero(3 * homes->n + 1, sizeof *look->near),
        .ways = alloc_zero(homes->n, sizeof *look->ways),
        .marks = alloc_zero(round->n_pools / 64 + 1, sizeof *look->marks),
        .n_words = round->n_pools / 64 + 1,
        .metres = alloc_zero(round->n_pools, sizeof *look->metres),
        .choices = alloc_zero(round->n_pools, sizeof *look->choices),
    };
}

void verify_look_clear(struct verify_look *look)
{
    free(look->near);
    free(look->ways);
    free(look->marks);
    free(look->metres);
    free(look->choices);
    *look = (struct verify_look){0};
}

/* What travel.csv says of the ways from there. A home with a short row is looked at wherever it
 * lies; one that is listed twice does no harm. */
static void see_rows(struct verify_look *look, const char *from_id, int64_t limit)
{
    const struct verify_homes *homes = look->homes;
    size_t n;
    const struct travel *const *rows = travel_origins_find(&homes->travel, from_id, &n);
    const size_t *home = &homes->row_home[rows - homes->travel.rows];
    for (size_t i = 0; i < n; i++) {
        if (home[i] == VERIFY_NOWHERE)
            continue;
        look->ways[home[i]] = (struct verify_way){look->person, rows[i]->metres};
        if (rows[i]->metres <= limit)
            look->near[look->n_near++] = home[i];
    }
}

/* The first home whose z is not below that. */
static size_t first_above(const struct verify_homes *homes, double z)
{
    size_t low = 0, high = homes->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (homes->list[middle].at.z < z)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Every home within the chord: its z differs by no more than that. */
static void see_near(struct verify_look *look, double chord)
{
    const struct verify_homes *homes = look->homes;
    const struct geo_point at = look->at;
    size_t n = 0;
    for (size_t q = first_above(homes, at.z - chord);
         q < homes->n && homes->list[q].at.z <= at.z + chord; q++) {
        /* no branch: which of them are near is anybody's guess */
        look->near[n] = q;
        n += geo_chord2(&at, &homes->list[q].at) <= chord * chord;
    }
    look->n_near = n;
}

/* Every home that is no more than the person's limit away, and perhaps a few more; a row of
 * travel.csv may lead far. */
static void turn_to(struct verify_look *look, const struct verify_person *person)
{
    const struct verify_homes *homes = look->homes;
    const struct applicant *applicant = person->applicant;
    int64_t limit = eligibility_longest_way(&homes->round->rules, applicant);
    look->person = person;
    look->at = geo_point(applicant->lat, applicant->lon);
    look->n_choices = 0;
    see_near(look, geo_chord_beyond(limit));
    if (!homes->travel.n)
        return;
    if (applicant->village[0])
        see_rows(look, applicant->village, limit);
    see_rows(look, applicant->record.id, limit); /* the own rows last, because they count */
}

static int64_t metres_to(const struct verify_look *look, size_t home)
{
    const struct verify_way *way = &look->ways[home];
    return way->person == look->person ? way->metres
                                       : geo_point_metres(&look->at, &look->homes->list[home].at);
}

/* What the rules say of one pool; the way is asked for when they come to it. */
static enum reason reason_at(const struct verify_look *look, size_t home, size_t p, int64_t *metres)
{
    const struct verify_round *round = look->homes->round;
    const struct verify_pool *pool = &round->pools[p];
    enum reason reason = eligibility_pair_static(look->person->applicant, pool->pool, pool->home);
    if (reason != REASON_ELIGIBLE)
        return reason;
    if (*metres < 0)
        *metres = metres_to(look, home);
    return verify_round_pair_at(round, look->person, pool, *metres);
}

static void choose(struct verify_look *look, size_t pool, int64_t metres)
{
    look->marks[pool / 64] |= UINT64_C(1) << pool % 64;
    look->metres[pool] = metres;
}

/* The marked pools in order; no mark stays. */
static void list_choices(struct verify_look *look)
{
    for (size_t word = 0; word < look->n_words; word++) {
        for (uint64_t marks = look->marks[word]; marks; marks &= marks - 1) {
            size_t pool = word * 64 + (size_t)__builtin_ctzll(marks);
            look->choices[look->n_choices++] =
                (struct verify_choice){(uint32_t)pool, (int32_t)look->metres[pool]};
        }
        look->marks[word] = 0;
    }
}

/* Of the rules of eligibility_pair_static the two that rule out most. */
static int may_fit(const struct verify_spot *spot, const struct applicant *applicant)
{
    return applicant->kinds & spot->kind && applicant->level >= spot->min_level &&
           applicant->level <= spot->max_level;
}

static void look_around(struct verify_look *look, const struct verify_person *person)
{
    const struct verify_homes *homes = look->homes;
    turn_to(look, person);
    for (size_t i = 0; i < look->n_near; i++) {
        const struct verify_home *home = &homes->list[look->near[i]];
        int64_t metres = -1;
        for (size_t k = home->first_spot; k < home->first_spot + home->n_spots; k++) {
            const struct verify_spot *spot = &homes->spots[k];
            if (may_fit(spot, person->applicant) && spot->pool != person->own &&
                reason_at(look, look->near[i], spot->pool, &metres) == REASON_ELIGIBLE)
                choose(look, spot->pool, metres);
        }
    }
    list_choices(look);
}

void verify_look_at(struct verify_look *look, const struct verify_person *person)
{
    const struct verify_round *round = look->homes->round;
    struct verify_seen_one *seen =
        round->seen ? &round->seen->people[person - round->people] : NULL;
    if (seen && seen->choices) {
        memcpy(look->choices, seen->choices, seen->n * sizeof *seen->choices);
        look->n_choices = seen->n;
        return;
    }
    look_around(look, person);
    if (!seen)
        return;
    seen->n = look->n_choices;
    seen->choices = alloc_copy(look->choices, seen->n, sizeof *seen->choices);
}

/* Beyond the homes that were looked at everything is too far away, or fails at a rule before. */
static enum reason reason_beyond(const struct verify_look *look, enum reason worst)
{
    const struct verify_round *round = look->homes->round;
    for (size_t p = 0; p < round->n_pools && worst < REASON_DISTANCE; p++) {
        if (p == look->person->own)
            continue;
        enum reason reason = eligibility_pair_static(look->person->applicant, round->pools[p].pool,
                                                     round->pools[p].home);
        if (reason == REASON_ELIGIBLE)
            return REASON_DISTANCE;
        worst = reason > worst ? reason : worst;
    }
    return worst;
}

enum reason verify_look_reason(struct verify_look *look, const struct verify_person *person)
{
    const struct verify_homes *homes = look->homes;
    enum reason worst = REASON_KIND;
    turn_to(look, person);
    for (size_t i = 0; i < look->n_near; i++) {
        const struct verify_home *home = &homes->list[look->near[i]];
        int64_t metres = -1;
        for (size_t k = home->first_spot; k < home->first_spot + home->n_spots; k++) {
            if (homes->spots[k].pool == person->own)
                continue;
            enum reason reason = reason_at(look, look->near[i], homes->spots[k].pool, &metres);
            if (reason == REASON_ELIGIBLE)
                return REASON_OUTRANKED;
            worst = reason > worst ? reason : worst;
        }
    }
    return reason_beyond(look, worst);
}

/* -- everybody -- */

struct patrol { /* of one stretch of people */
    struct alm_error err;
    int has_failed;
};

struct round_check {
    const struct verify_round *round;
    int (*check)(const void *context, const struct verify_person *person, struct verify_look *look,
                 struct alm_error *err);
    const void *context;
    struct patrol patrols[SLICES_MAX];
};

static void check_stretch(void *context, size_t slice, size_t first, size_t end)
{
    struct round_check *work = context;
    struct patrol *patrol = &work->patrols[slice];
    struct verify_look look;
    err_init(&patrol->err);
    verify_look_init(&look, work->round);
    for (size_t i = first; i < end && !patrol->has_failed; i++)
        patrol->has_failed =
            work->check(work->context, &work->round->people[i], &look, &patrol->err) != 0;
    verify_look_clear(&look);
}

int verify_look_everybody(const struct verify_round *round,
                          int (*check)(const void *context, const struct verify_person *person,
                                       struct verify_look *look, struct alm_error *err),
                          const void *context, struct alm_error *err)
{
    enum { PEOPLE = 2000 }; /* fewer are not worth a thread */
    struct round_check work = {.round = round, .check = check, .context = context};
    size_t n = round->n_people, n_slices = slices_count(n, PEOPLE);
    int result = 0;
    slices_run(n, n_slices, check_stretch, &work);
    for (size_t s = 0; s < n_slices; s++) {
        struct patrol *patrol = &work.patrols[s];
        if (patrol->has_failed && result == 0)
            result = err_set(err, patrol->err.code, "%s", patrol->err.message);
        err_clear(&patrol->err);
    }
    return result;
}
