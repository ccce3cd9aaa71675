/* verify_bound.c - see verify_bound.h. */
#include "solver/verify_bound.h"

#include "models/alloc.h"
#include "solver/verify_prices.h"
#include "solver/verify_values.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef __int128 wide;
/* No person is worth more or, when it matters, less: with prices below 2^56 (plan.h), less
 * than 2^31 people and 64-bit gains over at most 2^30, no sum leaves the 128 bits. */
static const wide most = (wide)1 << 95;
static const wide nothing = -((wide)1 << 95); /* worth of what cannot be */

struct stage {
    struct verify_prices *prices;
    const struct verify_round *round;
    size_t k; /* the objective at hand */
    wide one; /* 2^s */
    wide total, gap;
    wide *worth;    /* of each person, of those in no household */
    wide *together; /* of each household */
    /* work space, by home, of one household; `homes` lists those that are in use */
    wide *sum, *best;
    size_t *members, *movers, *homes, n_homes;
    unsigned char *is_touched;
    int is_too_wide;
};

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

static int64_t price_of(const struct stage *stage, const int64_t *prices)
{
    return prices ? prices[stage->k] : 0;
}

/* -- pairs -- */

static int64_t gain_of(const struct stage *stage, size_t person, const struct verify_pair *pair,
                       size_t objective)
{
    const struct verify_round *round = stage->round;
    enum objective of = round->rules.policy->objectives[objective];
    if (pair->is_stay)
        return 0;
    if (of == OBJECTIVE_RESERVE)
        return verify_values_reserve(round, &round->people[person], &round->pools[pair->pool],
                                     pair->part);
    return verify_values_gain(&round->people[person], of, pair->rank, pair->metres);
}

/* Of a bed in a pool with rooms: women need one that is not for men, and so on; people of unstated
 * sex one that is for anybody, of which both sexes have fewer then. */
static wide rooms_price(const struct stage *stage, size_t person, size_t pool)
{
    static const unsigned char needs[SEX_COUNT][VERIFY_ROOM_ROWS] = {
        [SEX_NONE] = {1, 1, 1}, [SEX_FEMALE] = {0, 1, 0}, [SEX_MALE] = {0, 0, 1}};
    const struct verify_prices *prices = stage->prices;
    enum sex sex = stage->round->people[person].applicant->sex;
    wide price = 0;
    if (prices->room_row[pool] == VERIFY_NOWHERE)
        return 0;
    for (size_t r = 0; r < VERIFY_ROOM_ROWS; r++)
        if (needs[sex][r])
            price += price_of(stage, prices->rows[prices->room_row[pool] + r].prices);
    return price;
}

/* What a pair is worth beyond all prices. */
static wide net(const struct stage *stage, size_t person, const struct verify_pair *pair)
{
    const struct verify_prices *prices = stage->prices;
    const struct verify_load_class *class = verify_prices_class(prices, person, pair);
    wide value = gain_of(stage, person, pair, stage->k) * stage->one;
    for (size_t before = 0; before < stage->k; before++)
        if (price_of(stage, prices->kept[before]))
            value -=
                (wide)price_of(stage, prices->kept[before]) * gain_of(stage, person, pair, before);
    value -= price_of(stage, prices->rows[prices->first_row[pair->pool] + pair->part].prices);
    value -= class ? class->price : 0;
    value -= rooms_price(stage, person, pair->pool);
    return value < nothing ? nothing : value;
}

static int waits_at_worst(const struct stage *stage, size_t person)
{
    return stage->round->people[person].own == VERIFY_NOWHERE && !stage->prices->must_come[person];
}

/* -- people -- */

/* Sums stay exact as long as nobody is worth more. */
static wide add_worth(struct stage *stage, wide sum, wide worth)
{
    stage->is_too_wide |= worth > most;
    return sum + (worth > most ? most : worth);
}

static wide weigh_person(const struct stage *stage, size_t person)
{
    const struct verify_prices *prices = stage->prices;
    wide worth = waits_at_worst(stage, person) ? 0 : nothing;
    for (size_t j = prices->first_pair[person]; j < prices->first_pair[person + 1]; j++)
        if (prices->pairs[j].is_alive)
            worth = wide_max(worth, net(stage, person, &prices->pairs[j]));
    return worth;
}

/* Can a plan that loses no more than the gap contain the pair? */
static int fits(const struct stage *stage, size_t person, const struct verify_pair *pair, wide loss)
{
    const struct verify_load_class *class = verify_prices_class(stage->prices, person, pair);
    return loss + (class ? class->loss : 0) <= stage->gap;
}

static void restrict_person(const struct stage *stage, size_t person)
{
    struct verify_prices *prices = stage->prices;
    wide worth = stage->worth[person];
    for (size_t j = prices->first_pair[person]; j < prices->first_pair[person + 1]; j++) {
        struct verify_pair *pair = &prices->pairs[j];
        pair->is_alive =
            pair->is_alive && fits(stage, person, pair, worth - net(stage, person, pair));
    }
    if (worth > stage->gap)
        prices->must_come[person] = 1;
}

/* -- households -- */

static void touch_home(struct stage *stage, size_t home)
{
    if (!stage->is_touched[home])
        stage->homes[stage->n_homes++] = home;
    stage->is_touched[home] = 1;
}

static size_t home_of(const struct stage *stage, const struct verify_pair *pair)
{
    return stage->round->pools[pair->pool].home_index;
}

/* The best of the member's pairs in each home; returns what staying is worth, 0 for a newcomer. */
static wide best_of_member(struct stage *stage, size_t person)
{
    const struct verify_prices *prices = stage->prices;
    wide stay = 0;
    for (size_t j = prices->first_pair[person]; j < prices->first_pair[person + 1]; j++) {
        const struct verify_pair *pair = &prices->pairs[j];
        size_t home = home_of(stage, pair);
        if (pair->is_stay)
            stay = net(stage, person, pair);
        if (pair->is_stay || !pair->is_alive)
            continue;
        touch_home(stage, home);
        stage->best[home] = wide_max(stage->best[home], net(stage, person, pair));
    }
    return stay;
}

static void forget_best(struct stage *stage)
{
    for (size_t h = 0; h < stage->n_homes; h++)
        stage->best[stage->homes[h]] = nothing;
}

/* One more member: each home in which they can be. */
static wide weigh_member(struct stage *stage, size_t person)
{
    size_t own = stage->round->people[person].own;
    wide stay = best_of_member(stage, person);
    for (size_t h = 0; h < stage->n_homes; h++) {
        size_t home = stage->homes[h];
        if (stage->best[home] == nothing)
            continue;
        stage->members[home]++;
        stage->movers[home]++;
        stage->sum[home] += stage->best[home];
    }
    forget_best(stage);
    if (own == VERIFY_NOWHERE)
        return stay;
    size_t home = stage->round->pools[own].home_index;
    touch_home(stage, home);
    stage->members[home]++;
    stage->sum[home] += stay;
    return stay;
}

static int is_option(const struct stage *stage, const struct verify_together *household,
                     size_t home)
{
    return stage->members[home] == household->n && stage->movers[home] > 0;
}

/* Leaves `sum` filled for the household: forget_household. *idle: what it is worth when nobody
 * moves. */
static wide weigh_household(struct stage *stage, const struct verify_together *household,
                            wide *idle)
{
    *idle = 0;
    for (size_t m = 0; m < household->n; m++)
        *idle += weigh_member(stage, household->people[m]);
    wide worth = household->must_go ? nothing : *idle;
    for (size_t h = 0; h < stage->n_homes; h++)
        if (is_option(stage, household, stage->homes[h]))
            worth = wide_max(worth, stage->sum[stage->homes[h]]);
    return worth;
}

static void forget_household(struct stage *stage)
{
    for (size_t h = 0; h < stage->n_homes; h++) {
        size_t home = stage->homes[h];
        stage->sum[home] = 0;
        stage->members[home] = stage->movers[home] = 0;
        stage->is_touched[home] = 0;
    }
    stage->n_homes = 0;
}

static void restrict_member(struct stage *stage, const struct verify_together *household,
                            size_t person, wide worth)
{
    struct verify_prices *prices = stage->prices;
    best_of_member(stage, person);
    for (size_t j = prices->first_pair[person]; j < prices->first_pair[person + 1]; j++) {
        struct verify_pair *pair = &prices->pairs[j];
        size_t home = home_of(stage, pair);
        if (pair->is_stay || !pair->is_alive)
            continue;
        wide with = stage->sum[home] - stage->best[home] + net(stage, person, pair);
        pair->is_alive =
            is_option(stage, household, home) && fits(stage, person, pair, worth - with);
    }
    forget_best(stage);
}

static void restrict_household(struct stage *stage, size_t h)
{
    struct verify_together *household = &stage->prices->households[h];
    wide idle, worth = weigh_household(stage, household, &idle);
    for (size_t m = 0; m < household->n; m++)
        restrict_member(stage, household, household->people[m], worth);
    if (worth - idle > stage->gap)
        household->must_go = 1;
    forget_household(stage);
}

/* -- rows -- */

static wide cost_of_rows(const struct stage *stage)
{
    wide sum = 0;
    for (size_t r = 0; r < stage->prices->n_rows; r++) {
        const struct verify_row *row = &stage->prices->rows[r];
        int64_t price = price_of(stage, row->prices);
        sum += price * (price < 0 ? row->beds - row->slack : row->beds);
    }
    return sum;
}

static wide use_of_room(const struct stage *stage, const struct verify_room_group *group,
                        enum verify_room_use use)
{
    const struct verify_row *rows = &stage->prices->rows[group->row];
    wide women = price_of(stage, rows[VERIFY_ROW_WOMEN].prices);
    wide men = price_of(stage, rows[VERIFY_ROW_MEN].prices);
    if (use == VERIFY_FOR_COUPLES)
        return women + men;
    return (use == VERIFY_FOR_WOMEN ? women : men) * group->beds;
}

static wide best_use(const struct stage *stage, const struct verify_room_group *group)
{
    wide best = nothing;
    for (enum verify_room_use use = 0; use < VERIFY_ROOM_USES; use++)
        if (group->may_be[use])
            best = wide_max(best, use_of_room(stage, group, use));
    return best;
}

static wide cost_of_rooms(const struct stage *stage)
{
    wide sum = 0;
    for (size_t g = 0; g < stage->prices->n_groups; g++)
        if (stage->prices->groups[g].rooms)
            sum += best_use(stage, &stage->prices->groups[g]) * stage->prices->groups[g].rooms;
    return sum;
}

static void restrict_rows(const struct stage *stage)
{
    for (size_t r = 0; r < stage->prices->n_rows; r++) {
        struct verify_row *row = &stage->prices->rows[r];
        int64_t price = price_of(stage, row->prices);
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
static void load_classes(const struct stage *stage)
{
    struct verify_prices *prices = stage->prices;
    size_t *last = alloc_zero(stage->round->n_homes, sizeof *last); /* person + 1 */
    for (size_t q = 0; q < stage->round->n_homes; q++)
        for (size_t c = 0; c < prices->loads[q].n; c++) {
            prices->loads[q].classes[c].people = 0;
            prices->loads[q].classes[c].price = price_of(stage, prices->loads[q].classes[c].stated);
        }
    for (size_t i = 0; i < stage->round->n_people; i++)
        for (size_t j = prices->first_pair[i]; j < prices->first_pair[i + 1]; j++) {
            const struct verify_pair *pair = &prices->pairs[j];
            struct verify_load_class *class = verify_prices_class(prices, i, pair);
            if (!class || !pair->is_alive || last[home_of(stage, pair)] == i + 1)
                continue;
            last[home_of(stage, pair)] = i + 1;
            class->people++;
        }
    free(last);
}

static wide cost_of_staff(const struct stage *stage)
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

/* -- one objective -- */

/* Of the plan, as maximisation. */
static wide value_of(const struct stage *stage, size_t k)
{
    const struct objective_value *stated = &stage->round->plan->objectives[k];
    return words_objective_is_max(stated->objective) ? stated->value : -(wide)stated->value;
}

static wide cost_of_kept(const struct stage *stage)
{
    wide sum = 0;
    for (size_t before = 0; before < stage->k; before++)
        sum += price_of(stage, stage->prices->kept[before]) * value_of(stage, before);
    return sum;
}

static wide weigh_people(struct stage *stage)
{
    wide sum = 0;
    for (size_t i = 0; i < stage->round->n_people; i++) {
        if (stage->prices->household_of[i] != VERIFY_NOWHERE)
            continue;
        stage->worth[i] = weigh_person(stage, i);
        sum = add_worth(stage, sum, stage->worth[i]);
    }
    for (size_t h = 0; h < stage->prices->n_households; h++) {
        wide idle;
        stage->together[h] = weigh_household(stage, &stage->prices->households[h], &idle);
        forget_household(stage);
        sum = add_worth(stage, sum, stage->together[h]);
    }
    return sum;
}

static int bound_stage(struct stage *stage, struct alm_error *err)
{
    stage->total = cost_of_kept(stage) + cost_of_rows(stage) + cost_of_rooms(stage) +
                   cost_of_staff(stage) + weigh_people(stage);
    stage->gap = stage->total - value_of(stage, stage->k) * stage->one;
    enum objective objective = stage->round->plan->objectives[stage->k].objective;
    if (stage->is_too_wide)
        return err_set(err, ERR_REFUSED,
                       "certificate: objective %s: at these prices people are worth more than can "
                       "be summed up",
                       words_name(&words_objective, (int)objective));
    if (stage->gap >= 0)
        return 0;
    return err_set(err, ERR_REFUSED,
                   "certificate: objective %s: the prices exclude the plan itself, which no true "
                   "bound does",
                   words_name(&words_objective, (int)objective));
}

static void restrict_stage(struct stage *stage)
{
    for (size_t i = 0; i < stage->round->n_people; i++)
        if (stage->prices->household_of[i] == VERIFY_NOWHERE)
            restrict_person(stage, i);
    for (size_t h = 0; h < stage->prices->n_households; h++)
        restrict_household(stage, h);
    restrict_rows(stage);
    for (size_t q = 0; q < stage->round->n_homes; q++)
        verify_load_restrict(&stage->prices->loads[q], stage->gap);
}

static void stage_init(struct stage *stage, struct verify_prices *prices, int64_t shift)
{
    size_t n_homes = prices->round->n_homes;
    *stage = (struct stage){.prices = prices, .round = prices->round, .one = (wide)1 << shift};
    stage->worth = alloc_zero(prices->round->n_people, sizeof *stage->worth);
    stage->together = alloc_zero(prices->n_households, sizeof *stage->together);
    stage->sum = alloc_zero(n_homes, sizeof *stage->sum);
    stage->best = alloc_zero(n_homes, sizeof *stage->best);
    stage->members = alloc_zero(n_homes, sizeof *stage->members);
    stage->movers = alloc_zero(n_homes, sizeof *stage->movers);
    stage->homes = alloc_zero(n_homes, sizeof *stage->homes);
    stage->is_touched = alloc_zero(n_homes, 1);
    for (size_t q = 0; q < n_homes; q++)
        stage->best[q] = nothing;
}

static void stage_clear(struct stage *stage)
{
    free(stage->worth);
    free(stage->together);
    free(stage->sum);
    free(stage->best);
    free(stage->members);
    free(stage->movers);
    free(stage->homes);
    free(stage->is_touched);
}

/* -- what follows from the prices -- */

static void state_lists(const struct stage *stage, struct certificate *certificate)
{
    const struct verify_round *round = stage->round;
    certificate->n_people = 0;
    for (size_t i = 0; i < round->n_people; i++) {
        if (stage->prices->household_of[i] != VERIFY_NOWHERE)
            continue;
        struct certificate_person *person = &certificate->people[certificate->n_people++];
        snprintf(person->applicant_id, sizeof person->applicant_id, "%s",
                 round->people[i].applicant->record.id);
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
static void state_bound(const struct stage *stage, struct certificate *certificate)
{
    wide whole = stage->total / stage->one;
    if (whole * stage->one > stage->total)
        whole--;
    enum objective objective = stage->round->plan->objectives[stage->k].objective;
    certificate->bounds[stage->k] = narrow(words_objective_is_max(objective) ? whole : -whole);
    certificate->rests[stage->k] = (int64_t)(stage->total - whole * stage->one);
}

static void make_room(struct certificate *certificate, const struct verify_prices *prices)
{
    free(certificate->people);
    free(certificate->households);
    certificate->people = alloc_zero(prices->round->n_people, sizeof *certificate->people);
    certificate->households = alloc_zero(prices->n_households, sizeof *certificate->households);
}

static int state(struct verify_prices *prices, struct certificate *certificate,
                 struct alm_error *err)
{
    struct stage stage;
    int result = 0;
    stage_init(&stage, prices, certificate->shift);
    make_room(certificate, prices);
    for (; stage.k < prices->n && result == 0; stage.k++) {
        result = bound_stage(&stage, err);
        state_lists(&stage, certificate);
        state_bound(&stage, certificate);
        if (result == 0 && stage.k + 1 < prices->n)
            restrict_stage(&stage);
    }
    stage_clear(&stage);
    return result;
}

int verify_bound_state(const struct verify_round *round, struct certificate *certificate,
                       struct alm_error *err)
{
    struct verify_prices *prices = verify_prices_new(round, certificate, err);
    int result = prices ? state(prices, certificate, err) : -1;
    verify_prices_free(prices);
    return result;
}
