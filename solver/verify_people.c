/* verify_people.c - see verify_people.h. */
#include "solver/verify_people.h"

#include "models/alloc.h"
#include "solver/verify_values.h"

#include <stdlib.h>

typedef __int128 wide;
static const wide nothing = -VERIFY_WORTH_MOST; /* worth of what cannot be */

static wide wide_max(wide a, wide b)
{
    return a > b ? a : b;
}

int64_t verify_stage_price(const struct verify_stage *stage, const int64_t *prices)
{
    return prices ? prices[stage->k] : 0;
}

void verify_stage_init(struct verify_stage *stage, struct verify_prices *prices, int64_t shift)
{
    size_t n_homes = prices->round->n_homes;
    *stage =
        (struct verify_stage){.prices = prices, .round = prices->round, .one = (wide)1 << shift};
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

void verify_stage_clear(struct verify_stage *stage)
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

/* -- pairs -- */

static int64_t gain_of(const struct verify_stage *stage, size_t person,
                       const struct verify_pair *pair, size_t objective)
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
static wide rooms_price(const struct verify_stage *stage, size_t person, size_t pool)
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
            price += verify_stage_price(stage, prices->rows[prices->room_row[pool] + r].prices);
    return price;
}

/* What a pair is worth beyond all prices. */
static wide net(const struct verify_stage *stage, size_t person, const struct verify_pair *pair)
{
    const struct verify_prices *prices = stage->prices;
    const struct verify_load_class *class = verify_prices_class(prices, person, pair);
    wide value = gain_of(stage, person, pair, stage->k) * stage->one;
    for (size_t before = 0; before < stage->k; before++)
        if (verify_stage_price(stage, prices->kept[before]))
            value -= (wide)verify_stage_price(stage, prices->kept[before]) *
                     gain_of(stage, person, pair, before);
    value -=
        verify_stage_price(stage, prices->rows[prices->first_row[pair->pool] + pair->part].prices);
    value -= class ? class->price : 0;
    value -= rooms_price(stage, person, pair->pool);
    return value < nothing ? nothing : value;
}

static int waits_at_worst(const struct verify_stage *stage, size_t person)
{
    return stage->round->people[person].own == VERIFY_NOWHERE && !stage->prices->must_come[person];
}

static size_t home_of(const struct verify_stage *stage, const struct verify_pair *pair)
{
    return stage->round->pools[pair->pool].home_index;
}

static int makes_offers(const struct verify_stage *stage, size_t home)
{
    return stage->offers && stage->offers->is_home[home];
}

/* -- people -- */

/* Sums stay exact as long as nobody is worth more. */
static wide add_worth(struct verify_stage *stage, wide sum, wide worth)
{
    stage->is_too_wide |= worth > VERIFY_WORTH_MOST;
    return sum + (worth > VERIFY_WORTH_MOST ? VERIFY_WORTH_MOST : worth);
}

static wide weigh_person(const struct verify_stage *stage, size_t person)
{
    const struct verify_prices *prices = stage->prices;
    wide worth = waits_at_worst(stage, person) ? 0 : nothing;
    if (stage->offers)
        worth = wide_max(worth, stage->offers->person[person]);
    for (size_t j = prices->first_pair[person]; j < prices->first_pair[person + 1]; j++)
        if (prices->pairs[j].is_alive && !makes_offers(stage, home_of(stage, &prices->pairs[j])))
            worth = wide_max(worth, net(stage, person, &prices->pairs[j]));
    return worth;
}

/* Can a plan that loses no more than the gap contain the pair? */
static int fits(const struct verify_stage *stage, size_t person, const struct verify_pair *pair,
                wide loss)
{
    const struct verify_load_class *class = verify_prices_class(stage->prices, person, pair);
    return loss + (class ? class->loss : 0) <= stage->gap;
}

static void restrict_person(const struct verify_stage *stage, size_t person)
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

static void touch_home(struct verify_stage *stage, size_t home)
{
    if (!stage->is_touched[home])
        stage->homes[stage->n_homes++] = home;
    stage->is_touched[home] = 1;
}

/* What a pair of a member is worth, as far as the household counts it. */
static wide worth_to_member(const struct verify_stage *stage, size_t person,
                            const struct verify_pair *pair)
{
    size_t home = home_of(stage, pair);
    return makes_offers(stage, home) ? verify_offers_member(stage->offers, person, home)
                                     : net(stage, person, pair);
}

/* The same of staying while the whole household does. */
static wide worth_of_stay(const struct verify_stage *stage, size_t person,
                          const struct verify_pair *pair)
{
    return makes_offers(stage, home_of(stage, pair)) ? stage->offers->person[person]
                                                     : net(stage, person, pair);
}

/* The best of the member's pairs in each home; returns what staying is worth there (0 for a
 * newcomer), *idle: while nobody moves. */
static wide best_of_member(struct verify_stage *stage, size_t person, wide *idle)
{
    const struct verify_prices *prices = stage->prices;
    wide stay = 0;
    *idle = 0;
    for (size_t j = prices->first_pair[person]; j < prices->first_pair[person + 1]; j++) {
        const struct verify_pair *pair = &prices->pairs[j];
        size_t home = home_of(stage, pair);
        if (pair->is_stay) {
            stay = worth_to_member(stage, person, pair);
            *idle = worth_of_stay(stage, person, pair);
        }
        if (pair->is_stay || !pair->is_alive)
            continue;
        touch_home(stage, home);
        stage->best[home] = wide_max(stage->best[home], worth_to_member(stage, person, pair));
    }
    return stay;
}

static void forget_best(struct verify_stage *stage)
{
    for (size_t h = 0; h < stage->n_homes; h++)
        stage->best[stage->homes[h]] = nothing;
}

/* One more member: each home in which they can be. Returns what they are worth when nobody moves.
 */
static wide weigh_member(struct verify_stage *stage, size_t person)
{
    size_t own = stage->round->people[person].own;
    wide idle, stay = best_of_member(stage, person, &idle);
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
        return idle;
    size_t home = stage->round->pools[own].home_index;
    touch_home(stage, home);
    stage->members[home]++;
    stage->sum[home] += stay;
    return idle;
}

static int is_option(const struct verify_stage *stage, const struct verify_together *household,
                     size_t home)
{
    return stage->members[home] == household->n && stage->movers[home] > 0;
}

/* Leaves `sum` filled for the household: forget_household. *idle: what it is worth when nobody
 * moves. */
static wide weigh_household(struct verify_stage *stage, const struct verify_together *household,
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

static void forget_household(struct verify_stage *stage)
{
    for (size_t h = 0; h < stage->n_homes; h++) {
        size_t home = stage->homes[h];
        stage->sum[home] = 0;
        stage->members[home] = stage->movers[home] = 0;
        stage->is_touched[home] = 0;
    }
    stage->n_homes = 0;
}

static void restrict_member(struct verify_stage *stage, const struct verify_together *household,
                            size_t person, wide worth)
{
    struct verify_prices *prices = stage->prices;
    wide idle;
    best_of_member(stage, person, &idle);
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

static void restrict_household(struct verify_stage *stage, size_t h)
{
    struct verify_together *household = &stage->prices->households[h];
    wide idle, worth = weigh_household(stage, household, &idle);
    for (size_t m = 0; m < household->n; m++)
        restrict_member(stage, household, household->people[m], worth);
    if (worth - idle > stage->gap)
        household->must_go = 1;
    forget_household(stage);
}

/* -- all of them -- */

__int128 verify_people_weigh(struct verify_stage *stage)
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

void verify_people_restrict(struct verify_stage *stage)
{
    for (size_t i = 0; i < stage->round->n_people; i++)
        if (stage->prices->household_of[i] == VERIFY_NOWHERE)
            restrict_person(stage, i);
    for (size_t h = 0; h < stage->prices->n_households; h++)
        restrict_household(stage, h);
}

/* -- guests of homes with nursing minutes -- */

/* What the bed and the minutes cost that a pair takes; a bed with a price below 0 is paid for by
 * the part whether somebody has it or not. */
static wide cost_of_place(const struct verify_stage *stage, size_t person,
                          const struct verify_pair *pair)
{
    const struct verify_prices *prices = stage->prices;
    const struct verify_load_class *class = verify_prices_class(prices, person, pair);
    size_t row = prices->first_row[pair->pool] + pair->part;
    int64_t bed = verify_stage_price(stage, prices->rows[row].prices);
    return (bed > 0 ? bed : 0) + (class ? class->price : 0);
}

/* `loss`: of who comes, against the best for them. */
static void add_guest(const struct verify_stage *stage, struct verify_guests *guests, size_t person,
                      const struct verify_pair *pair, wide loss)
{
    const struct verify_prices *prices = stage->prices;
    const struct verify_load_class *class = verify_prices_class(prices, person, pair);
    struct verify_guests *of = &guests[home_of(stage, pair)];
    size_t row = prices->first_row[pair->pool] + pair->part;
    struct verify_guest guest = {.row = row,
                                 .beds = prices->rows[row].beds,
                                 .minutes = class ? class->minutes : 0,
                                 .worth = cost_of_place(stage, person, pair) - loss};
    if (guest.worth <= 0 || (stage->offers ? !makes_offers(stage, home_of(stage, pair))
                                           : !prices->loads[home_of(stage, pair)].n))
        return;
    ALLOC_GROW(of->items, of->n, of->room);
    of->items[of->n++] = guest;
}

static void add_person(const struct verify_stage *stage, size_t person,
                       struct verify_guests *guests)
{
    const struct verify_prices *prices = stage->prices;
    for (size_t j = prices->first_pair[person]; j < prices->first_pair[person + 1]; j++)
        if (prices->pairs[j].is_alive)
            add_guest(stage, guests, person, &prices->pairs[j],
                      stage->worth[person] - net(stage, person, &prices->pairs[j]));
}

/* Who stays loses nothing; or, in a home that makes offers, what they are offered, which may be
 * another amount when others come to them. */
static void add_stay(const struct verify_stage *stage, size_t person,
                     const struct verify_pair *pair, struct verify_guests *guests)
{
    wide own = net(stage, person, pair);
    add_guest(stage, guests, person, pair, worth_of_stay(stage, person, pair) - own);
    if (makes_offers(stage, home_of(stage, pair)))
        add_guest(stage, guests, person, pair, worth_to_member(stage, person, pair) - own);
}

/* What the household loses by the home is shared by those who move, each rounded down; where a home
 * makes offers, everybody has one of their own. */
static void add_member(struct verify_stage *stage, const struct verify_together *household,
                       size_t person, wide worth, struct verify_guests *guests)
{
    const struct verify_prices *prices = stage->prices;
    wide idle;
    best_of_member(stage, person, &idle);
    for (size_t j = prices->first_pair[person]; j < prices->first_pair[person + 1]; j++) {
        const struct verify_pair *pair = &prices->pairs[j];
        size_t home = home_of(stage, pair);
        if (pair->is_stay)
            add_stay(stage, person, pair, guests);
        if (pair->is_stay || !pair->is_alive || !is_option(stage, household, home))
            continue;
        wide share =
            makes_offers(stage, home) ? 0 : (worth - stage->sum[home]) / (wide)stage->movers[home];
        add_guest(stage, guests, person, pair,
                  share + stage->best[home] - net(stage, person, pair));
    }
    forget_best(stage);
}

static void add_household(struct verify_stage *stage, const struct verify_together *household,
                          struct verify_guests *guests)
{
    wide idle, worth = weigh_household(stage, household, &idle);
    for (size_t m = 0; m < household->n; m++)
        add_member(stage, household, household->people[m], worth, guests);
    forget_household(stage);
}

void verify_people_guests(struct verify_stage *stage, struct verify_guests *guests)
{
    for (size_t i = 0; i < stage->round->n_people; i++)
        if (stage->prices->household_of[i] == VERIFY_NOWHERE)
            add_person(stage, i, guests);
    for (size_t h = 0; h < stage->prices->n_households; h++)
        add_household(stage, &stage->prices->households[h], guests);
}
