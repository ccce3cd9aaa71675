/* tampering_bounds.c - (tampering.h) the ways to tamper with a certificate over 2^s: every price,
 * everything that follows from them, and what each is stated for. */
#include "tests/tampering.h"

#include <stdlib.h>
#include <string.h>

static size_t pick(struct tampering_forgery *forgery, size_t n)
{
    return (size_t)random_below(&forgery->state, n);
}

/* One more or less, in any objective. */
static int change(struct tampering_forgery *forgery, int64_t *vector)
{
    vector[pick(forgery, forgery->certificate.n_objectives)] +=
        random_chance(&forgery->state, 50) ? 1 : -1;
    return 1;
}

#define SOME(list, n) ((n) ? &(list)[pick(forgery, n)] : NULL)

/* Where nursing minutes are short, what beds and minutes cost in all is replaced by what whole
 * people can be worth, so that another price may prove the very same figures. */
static int states_minutes(const struct tampering_forgery *forgery, int home)
{
    return forgery->round->world.homes[home].minutes != RANDOM_NONE;
}

/* As random_id names them: "P07" is the seventh. */
static int home_of(const struct tampering_forgery *forgery, const char *pool_id)
{
    return forgery->round->world.pools[atoi(pool_id + 1) - 1].home;
}

/* A price of beds is in the bound, whoever could come: as many times as there are beds. Prices at
 * which nothing changes are those of no beds and no pairs. */
static int tamper_beds(struct tampering_forgery *forgery)
{
    struct certificate *certificate = &forgery->certificate;
    struct certificate_pool *pool = SOME(certificate->pools, certificate->n_pools);
    size_t k = pick(forgery, certificate->n_objectives);
    if (!pool || pool->price[k] <= 0) /* then there are beds */
        return 0;
    if (states_minutes(forgery, home_of(forgery, pool->pool_id)))
        return 0;
    pool->price[k] += random_chance(&forgery->state, 50) ? 1 : -1;
    return 1;
}

static int tamper_person(struct tampering_forgery *forgery)
{
    struct certificate_person *person =
        SOME(forgery->certificate.people, forgery->certificate.n_people);
    return person && change(forgery, person->price);
}

static int tamper_household(struct tampering_forgery *forgery)
{
    struct certificate_household *household =
        SOME(forgery->certificate.households, forgery->certificate.n_households);
    return household && change(forgery, household->price);
}

/* Whoever needs so many minutes is paid for coming. */
static int tamper_staff(struct tampering_forgery *forgery)
{
    struct certificate *certificate = &forgery->certificate;
    struct certificate_staff *staff = SOME(certificate->staff, certificate->n_staff);
    return staff && (staff->price[0] = -((int64_t)1 << 40));
}

static int tamper_staff_minutes(struct tampering_forgery *forgery)
{
    struct certificate_staff *staff =
        SOME(forgery->certificate.staff, forgery->certificate.n_staff);
    return staff && ++staff->minutes;
}

static int tamper_kept(struct tampering_forgery *forgery)
{
    struct certificate_kept *kept = SOME(forgery->certificate.kept, forgery->certificate.n_kept);
    return kept && ++kept->price[0];
}

static int tamper_bound(struct tampering_forgery *forgery)
{
    return forgery->certificate.shift && change(forgery, forgery->certificate.bounds);
}

static int tamper_rest(struct tampering_forgery *forgery)
{
    return forgery->certificate.shift && change(forgery, forgery->certificate.rests);
}

/* Where a bound is not 0, gains are in it, and they weigh otherwise. Bounds of 0 may follow from
 * prices alone (residents who stay gain nothing): then the same prices prove them at any scale. */
static int tamper_shift(struct tampering_forgery *forgery)
{
    int is_short = 0; /* of minutes, somewhere */
    for (int h = 0; h < forgery->round->world.n_homes; h++)
        is_short |= states_minutes(forgery, h);
    if (!forgery->certificate.shift || is_short)
        return 0;
    forgery->certificate.shift += random_chance(&forgery->state, 50) ? 1 : -1;
    for (size_t k = 0; k < forgery->certificate.n_objectives; k++)
        if (forgery->certificate.bounds[k])
            return 1;
    return 0;
}

static int tamper_pool_id(struct tampering_forgery *forgery)
{
    struct certificate_pool *pool = SOME(forgery->certificate.pools, forgery->certificate.n_pools);
    return pool && strcpy(pool->pool_id, "P99");
}

static int tamper_two_pools(struct tampering_forgery *forgery)
{
    struct certificate *certificate = &forgery->certificate;
    if (certificate->n_pools < 2)
        return 0;
    certificate->pools[0] = certificate->pools[1];
    return 1;
}

static int tamper_drop_person(struct tampering_forgery *forgery)
{
    return forgery->certificate.n_people && forgery->certificate.n_people--;
}

static int tamper_drop_household(struct tampering_forgery *forgery)
{
    return forgery->certificate.n_households && forgery->certificate.n_households--;
}

static int tamper_label(struct tampering_forgery *forgery)
{
    char **labels[] = {&forgery->certificate.world, &forgery->certificate.policy,
                       &forgery->certificate.plan};
    char *label = *labels[pick(forgery, 3)];
    label[strlen(label) - 1] ^= 1;
    return 1;
}

static int tamper_value(struct tampering_forgery *forgery)
{
    forgery->certificate.objectives[pick(forgery, forgery->certificate.n_objectives)].value++;
    return 1;
}

/* A certificate of whole prices does not do for such a round. */
static int tamper_whole(struct tampering_forgery *forgery)
{
    int had = forgery->certificate.shift && forgery->certificate.n_people;
    forgery->certificate.shift = 0;
    return had;
}

const struct tampering tampering_bounds[] = {
    {"beds", tamper_beds},
    {"person", tamper_person},
    {"household", tamper_household},
    {"staff", tamper_staff},
    {"staff minutes", tamper_staff_minutes},
    {"kept", tamper_kept},
    {"bound", tamper_bound},
    {"rest", tamper_rest},
    {"shift", tamper_shift},
    {"pool id", tamper_pool_id},
    {"two pools", tamper_two_pools},
    {"drop person", tamper_drop_person},
    {"drop household", tamper_drop_household},
    {"label", tamper_label},
    {"value", tamper_value},
    {"whole", tamper_whole},
    {"sort of prices", tampering_sort},
};
const size_t tampering_bounds_n = sizeof tampering_bounds / sizeof *tampering_bounds;
