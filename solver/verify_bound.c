/* verify_bound.c - see verify_bound.h. */
#include "solver/verify_bound.h"

#include "models/alloc.h"
#include "solver/verify_people.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef __int128 wide;
static const wide nothing = -VERIFY_WORTH_MOST; /* worth of what cannot be */

static wide wide_max(wide a, wide b)
{
    return a > b ? a : b;
}

static int64_t narrow(wide value)
{
    if (value > INT64_MAX)
        return INT64_MAX;
    return value < INT64_MIN ? INT64_MIN : (int64_t)value;
}

/* -- rows -- */

static wide cost_of_rows(const struct verify_stage *stage)
{
    wide sum = 0;
    for (size_t r = 0; r < stage->prices->n_rows; r++) {
        const struct verify_row *row = &stage->prices->rows[r];
        int64_t price = verify_stage_price(stage, row->prices);
        sum += price * (price < 0 ? row->beds - row->slack : row->beds);
    }
    return sum;
}

static wide use_of_room(const struct verify_stage *stage, const struct verify_room_group *group,
                        enum verify_room_use use)
{
    const struct verify_row *rows = &stage->prices->rows[group->row];
    wide women = verify_stage_price(stage, rows[VERIFY_ROW_WOMEN].prices);
    wide men = verify_stage_price(stage, rows[VERIFY_ROW_MEN].prices);
    if (use == VERIFY_FOR_COUPLES)
        return women + men;
    return (use == VERIFY_FOR_WOMEN ? women : men) * group->beds;
}

static wide best_use(const struct verify_stage *stage, const struct verify_room_group *group)
{
    wide best = nothing;
    for (enum verify_room_use use = 0; use < VERIFY_ROOM_USES; use++)
        if (group->may_be[use])
            best = wide_max(best, use_of_room(stage, group, use));
    return best;
}

static wide cost_of_rooms(const struct verify_stage *stage)
{
    wide sum = 0;
    for (size_t g = 0; g < stage->prices->n_groups; g++)
        if (stage->prices->groups[g].rooms)
            sum += best_use(stage, &stage->prices->groups[g]) * stage->prices->groups[g].rooms;
    return sum;
}

static void restrict_rows(const struct verify_stage *stage)
{
    for (size_t r = 0; r < stage->prices->n_rows; r++) {
        struct verify_row *row = &stage->prices->rows[r];
        int64_t price = verify_stage_price(stage, row->prices);
        if (price > 0 && stage->gap / price < row->slack)
            row->slack = stage->gap / price;
    }
    for (size_t g = 0; g < stage->prices->n_groups; g++) {
        struct verify_room_group *group = &stage->prices->groups[g];
        wide best = best_use(stage, group);
        for (enum verify_room_use use = 0; use < VERIFY_ROOM_USES; use++)
            if (best - use_of_room(stage, group, use) > stage->gap)
                group->may_be[use] = 0;
    }
}

/* -- staff -- */

/* Who could still be in each home, by minutes, and at which price. */
static void load_classes(const struct verify_stage *stage)
{
    struct verify_prices *prices = stage->prices;
    size_t *last = alloc_zero(stage->round->n_homes, sizeof *last); /* person + 1 */
    for (size_t q = 0; q < stage->round->n_homes; q++)
        for (size_t c = 0; c < prices->loads[q].n; c++) {
            prices->loads[q].classes[c].people = 0;
            prices->loads[q].classes[c].price =
                verify_stage_price(stage, prices->loads[q].classes[c].stated);
        }
    for (size_t i = 0; i < stage->round->n_people; i++)
        for (size_t j = prices->first_pair[i]; j < prices->first_pair[i + 1]; j++) {
            const struct verify_pair *pair = &prices->pairs[j];
            struct verify_load_class *class = verify_prices_class(prices, i, pair);
            size_t home = stage->round->pools[pair->pool].home_index;
            if (!class || !pair->is_alive || last[home] == i + 1)
                continue;
            last[home] = i + 1;
            class->people++;
        }
    free(last);
}

static wide cost_of_staff(const struct verify_stage *stage)
{
    wide sum = 0;
    load_classes(stage);
    for (size_t q = 0; q < stage->round->n_homes; q++) {
        if (!stage->prices->loads[q].n)
            continue;
        verify_load_weigh(&stage->prices->loads[q]);
        sum += stage->prices->loads[q].worth;
    }
    return sum;
}

/* -- whole people in homes with nursing minutes -- */

/* By home: what the sum has for its beds and minutes. */
static void pay_homes(const struct verify_stage *stage, wide *paid)
{
    const struct verify_prices *prices = stage->prices;
    for (size_t q = 0; q < stage->round->n_homes; q++)
        paid[q] = prices->loads[q].worth;
    for (size_t p = 0; p < stage->round->n_pools; p++)
        for (size_t k = 0; k <= stage->round->pools[p].pool->n_reserved; k++) {
            const struct verify_row *row = &prices->rows[prices->first_row[p] + k];
            int64_t price = verify_stage_price(stage, row->prices);
            if (price > 0)
                paid[stage->round->pools[p].home_index] += price * row->beds;
        }
}

/* What is paid for homes beyond what whole people can be worth to them. A home whose minutes
 * suffice for all of them, or whose table was too long, is left as it is. One that makes offers is
 * paid nothing but what whole people are worth to it, be that more or less. */
static int excess_of_homes(struct verify_stage *stage, struct alm_error *err)
{
    size_t n_homes = stage->round->n_homes;
    struct verify_guests *guests = alloc_zero(n_homes, sizeof *guests);
    wide *paid = alloc_zero(n_homes, sizeof *paid);
    int is_weighed = 1;
    pay_homes(stage, paid);
    verify_people_guests(stage, guests);
    stage->excess = 0;
    for (size_t q = 0; q < n_homes; q++) {
        const struct verify_load *load = &stage->prices->loads[q];
        wide most = 0;
        if (stage->offers && stage->offers->is_home[q]) {
            is_weighed &= verify_guests_most(&guests[q], load->limit, &most);
            stage->excess += paid[q] - most;
        } else if (!stage->offers && load->cells &&
                   verify_guests_most(&guests[q], load->limit, &most))
            stage->excess += wide_max(paid[q] - most, 0);
        free(guests[q].items);
    }
    free(guests);
    free(paid);
    return is_weighed ? 0
                      : err_set(err, ERR_REFUSED,
                                "certificate: offers: there are institutions with more guests than "
                                "can be weighed");
}

/* -- one objective -- */

/* Of the plan, as maximisation. */
static wide value_of(const struct verify_stage *stage, size_t k)
{
    const struct objective_value *stated = &stage->round->plan->objectives[k];
    return words_objective_is_max(stated->objective) ? stated->value : -(wide)stated->value;
}

static wide cost_of_kept(const struct verify_stage *stage)
{
    wide sum = 0;
    for (size_t before = 0; before < stage->k; before++)
        sum += verify_stage_price(stage, stage->prices->kept[before]) * value_of(stage, before);
    return sum;
}

static int weigh(struct verify_stage *stage, struct alm_error *err)
{
    stage->total = cost_of_kept(stage) + cost_of_rows(stage) + cost_of_rooms(stage) +
                   cost_of_staff(stage) + verify_people_weigh(stage);
    if (!stage->is_too_wide)
        return 0;
    enum objective objective = stage->round->plan->objectives[stage->k].objective;
    return err_set(err, ERR_REFUSED,
                   "certificate: objective %s: at these prices people are worth more than can be "
                   "summed up",
                   words_name(&words_objective, (int)objective));
}

static int bound_stage(struct verify_stage *stage, struct alm_error *err)
{
    if (weigh(stage, err) != 0 || excess_of_homes(stage, err) != 0)
        return -1;
    stage->gap = stage->total - value_of(stage, stage->k) * stage->one;
    if (stage->is_offered)
        stage->excess = wide_max(stage->excess, stage->total - stage->offered);
    enum objective objective = stage->round->plan->objectives[stage->k].objective;
    if (stage->gap >= stage->excess)
        return 0;
    return err_set(err, ERR_REFUSED,
                   "certificate: objective %s: the prices exclude the plan itself, which no true "
                   "bound does",
                   words_name(&words_objective, (int)objective));
}

/* -- offers -- */

/* Another bound of the objective, at the prices and offers that the certificate has for that.
 * Whoever comes to a home that makes offers is worth the offer where people are summed up, and the
 * rest of what they bring to the home; so its beds and minutes cost nothing. */
static int bound_offered(struct verify_stage *stage, const struct certificate *certificate,
                         struct alm_error *err)
{
    struct verify_offers offers = {0};
    stage->is_offered = certificate->offers && stage->k < certificate->offers->n_objectives;
    if (!stage->is_offered)
        return 0;
    stage->offers = &offers;
    int result = verify_prices_offers(stage->prices, certificate->offers, err) != 0 ||
                         verify_offers_read(&offers, stage->prices, certificate->offers, stage->k,
                                            err) != 0 ||
                         weigh(stage, err) != 0 || excess_of_homes(stage, err) != 0
                     ? -1
                     : 0;
    stage->offered = stage->total - stage->excess;
    stage->offers = NULL;
    verify_offers_clear(&offers);
    return result;
}

static void restrict_stage(struct verify_stage *stage)
{
    verify_people_restrict(stage);
    restrict_rows(stage);
    for (size_t q = 0; q < stage->round->n_homes; q++)
        verify_load_restrict(&stage->prices->loads[q], stage->gap);
}

/* -- what follows from the prices -- */

static void state_lists(const struct verify_stage *stage, struct certificate *certificate)
{
    const struct verify_round *round = stage->round;
    certificate->n_people = 0;
    for (size_t i = 0; i < round->n_people; i++) {
        if (stage->prices->household_of[i] != VERIFY_NOWHERE)
            continue;
        struct certificate_person *person = &certificate->people[certificate->n_people++];
        snprintf(person->applicant_id, ID_MAX + 1, "%s", round->people[i].applicant->record.id);
        person->price[stage->k] = narrow(stage->worth[i]);
    }
    certificate->n_households = stage->prices->n_households;
    for (size_t h = 0; h < certificate->n_households; h++) {
        struct certificate_household *household = &certificate->households[h];
        snprintf(household->household_id, sizeof household->household_id, "%s",
                 stage->prices->households[h].id);
        household->price[stage->k] = narrow(stage->together[h]);
    }
}

/* The greatest whole number not above the total, and what the total has beyond it. */
static void state_bound(const struct verify_stage *stage, struct certificate *certificate)
{
    wide total = stage->total - stage->excess, whole = total / stage->one;
    if (whole * stage->one > total)
        whole--;
    enum objective objective = stage->round->plan->objectives[stage->k].objective;
    certificate->bounds[stage->k] = narrow(words_objective_is_max(objective) ? whole : -whole);
    certificate->rests[stage->k] = (int64_t)(total - whole * stage->one);
}

static void make_room(struct certificate *certificate, const struct verify_prices *prices)
{
    free(certificate->people);
    free(certificate->households);
    const struct certificate_people people = {prices->round->n_people, OBJECTIVE_COUNT, ID_MAX + 1};
    certificate->people = certificate_people_new(&people);
    certificate->households = alloc_zero(prices->n_households, sizeof *certificate->households);
}

static int state(struct verify_prices *prices, struct certificate *certificate,
                 struct alm_error *err)
{
    struct verify_stage stage;
    int result = 0;
    verify_stage_init(&stage, prices, certificate->shift);
    make_room(certificate, prices);
    for (; stage.k < prices->n && result == 0; stage.k++) {
        result = bound_offered(&stage, certificate, err) != 0 ||
                         verify_prices_own(prices, certificate, err) != 0 ||
                         bound_stage(&stage, err) != 0
                     ? -1
                     : 0;
        state_lists(&stage, certificate);
        state_bound(&stage, certificate);
        if (result == 0 && stage.k + 1 < prices->n)
            restrict_stage(&stage);
    }
    verify_stage_clear(&stage);
    return result;
}

int verify_bound_state(const struct verify_round *round, struct certificate *certificate,
                       struct alm_error *err)
{
    struct verify_prices *prices = verify_prices_new(round);
    int result = state(prices, certificate, err);
    verify_prices_free(prices);
    return result;
}
