/* verify_network.c - see verify_network.h.
 *
 * Owns the network: a round of its own, over the same rules and the same pools. Delegates: that its
 * prices prove it to verify_certificate.h, what they say of beds to verify_margin.h. */
#include "solver/verify_network.h"

#include "models/alloc.h"
#include "models/household.h"
#include "solver/verify_certificate.h"
#include "solver/verify_look.h"
#include "solver/verify_margin.h"
#include "solver/verify_values.h"

#include <stdlib.h>
#include <string.h>

struct network {
    const struct verify_round *whole;
    struct verify_round round; /* the network; its pools have the numbers of the whole's */
    struct plan plan;          /* of it: all pools are listed, closed ones at a price of nothing */
    unsigned char *is_open, *is_tied; /* per pool and per person of the whole */
    struct verify_dual dual;
    int64_t (*worth)[OBJECTIVE_COUNT]; /* per person of the network */
    struct alm_error *err;
};

/* -- who is tied up -- */

static int64_t find_most_minutes(const struct verify_round *round)
{
    int64_t most = 0;
    for (size_t i = 0; i < round->n_people; i++)
        most = round->people[i].minutes > most ? round->people[i].minutes : most;
    return most;
}

/* Of the round: free ones where people may come, and those of residents who ask to move. */
static void count_beds(const struct verify_round *round, int64_t *of_home)
{
    for (size_t p = 0; p < round->n_pools; p++) {
        const struct verify_pool *pool = &round->pools[p];
        int is_shut = pool->home->suspended || pool_slack(pool->pool) < 0;
        for (size_t k = 0; k <= pool->pool->n_reserved; k++)
            of_home[pool->home_index] +=
                pool->parts[k].stayers + (is_shut ? 0 : pool->parts[k].kept);
    }
}

static void find_open(struct network *network)
{
    const struct verify_round *whole = network->whole;
    int64_t *beds = alloc_zero(whole->n_homes + 1, sizeof *beds);
    __int128 most = find_most_minutes(whole);
    count_beds(whole, beds);
    for (size_t p = 0; p < whole->n_pools; p++) {
        const struct verify_pool *pool = &whole->pools[p];
        int64_t limit = pool->home->care_minutes;
        int has_rooms = pool->pool->sex == SEX_RULE_ANY && pool->pool->n_rooms > 0;
        network->is_open[p] = !has_rooms && (limit == RECORD_NO_LIMIT ||
                                             (beds[pool->home_index] + 1) * most <= limit);
    }
    free(beds);
}

static void tie_households(struct network *network)
{
    struct households all;
    households_init(&all, network->whole->rules.region);
    for (size_t h = 0; h < all.n; h++)
        for (size_t m = 0; m < all.list[h].n && all.list[h].is_together; m++)
            network
                ->is_tied[verify_round_person(network->whole, all.list[h].members[m]->record.id)] =
                1;
    households_clear(&all);
}

static int is_shut(const struct network *network, size_t pool)
{
    return pool != VERIFY_NOWHERE && !network->is_open[pool];
}

static size_t tie_people(struct network *network)
{
    size_t n = 0;
    for (size_t i = 0; i < network->whole->n_people; i++) {
        const struct verify_person *person = &network->whole->people[i];
        if (network->is_tied[i] || !(is_shut(network, person->to) || is_shut(network, person->own)))
            continue;
        network->is_tied[i] = 1;
        n++;
    }
    return n;
}

/* Those in whose pool and label more beds are used by people who are tied up than are left. */
static size_t tie_residents(struct network *network)
{
    size_t n = 0;
    for (size_t i = 0; i < network->whole->n_people; i++) {
        const struct verify_person *person = &network->whole->people[i];
        if (network->is_tied[i] || person->own == VERIFY_NOWHERE ||
            network->round.pools[person->own]
                    .parts[verify_round_own_part(network->whole, person)]
                    .kept >= 0)
            continue;
        network->is_tied[i] = 1;
        n++;
    }
    return n;
}

static size_t tie_pools(struct network *network)
{
    size_t n = 0;
    for (size_t i = 0; i < network->whole->n_people; i++) {
        size_t to = network->whole->people[i].to;
        if (!network->is_tied[i] || to == VERIFY_NOWHERE || !network->is_open[to] ||
            network->whole->pools[to].pool->n_reserved == 0)
            continue;
        network->is_open[to] = 0;
        n++;
    }
    return n;
}

/* -- the network -- */

/* Of a pool that is not open nothing is left. */
static void reset_beds(struct network *network)
{
    const struct verify_round *whole = network->whole;
    for (size_t p = 0; p < whole->n_pools; p++)
        for (size_t k = 0; k <= whole->pools[p].pool->n_reserved; k++)
            network->round.pools[p].parts[k] = (struct verify_part){
                .reserve = whole->pools[p].parts[k].reserve,
                .kept = network->is_open[p] ? whole->pools[p].parts[k].kept : 0};
}

/* Who is tied up has a bed less, and leaves one. */
static void take_beds(const struct network *network, const struct verify_person *person,
                      struct verify_part *own)
{
    struct verify_pool *to =
        person->to == VERIFY_NOWHERE ? NULL : &network->round.pools[person->to];
    if (to && network->is_open[person->to])
        to->parts[to->pool->n_reserved].kept--;
    if (to && own)
        own->kept++;
}

static void put_person(const struct network *network, const struct verify_person *person,
                       struct verify_part *own)
{
    if (own)
        own->stayers++;
    if (person->to == VERIFY_NOWHERE)
        return;
    const struct verify_pool *to = &network->round.pools[person->to];
    struct verify_part *part =
        &to->parts[verify_round_part(to->pool, person->applicant->class_code)];
    part->comers++;
    part->newcomers += !own;
    if (own)
        own->leavers++;
}

/* What those who are tied up leave of each pool, and who of the others is there. */
static void fill_beds(struct network *network)
{
    const struct verify_round *whole = network->whole;
    reset_beds(network);
    for (size_t i = 0; i < whole->n_people; i++) {
        const struct verify_person *person = &whole->people[i];
        struct verify_part *own = NULL;
        if (person->own != VERIFY_NOWHERE && network->is_open[person->own])
            own = &network->round.pools[person->own].parts[verify_round_own_part(whole, person)];
        if (network->is_tied[i])
            take_beds(network, person, own);
        else
            put_person(network, person, own);
    }
}

static void tie_all(struct network *network)
{
    find_open(network);
    tie_households(network);
    for (size_t n = 1; n;) {
        n = tie_people(network);
        fill_beds(network);
        n += tie_residents(network);
        n += tie_pools(network);
    }
}

static void copy_pools(struct network *network)
{
    const struct verify_round *whole = network->whole;
    struct verify_round *round = &network->round;
    *round = *whole;
    round->seen = NULL;
    round->homes = NULL;
    round->plan = &network->plan;
    round->pools = alloc_copy(whole->pools, whole->n_pools, sizeof *whole->pools);
    for (size_t p = 0; p < whole->n_pools; p++)
        round->pools[p].parts =
            alloc_zero(whole->pools[p].pool->n_reserved + 1, sizeof *round->pools[p].parts);
}

static void copy_people(struct network *network)
{
    const struct verify_round *whole = network->whole;
    struct verify_round *round = &network->round;
    round->people = alloc_zero(whole->n_people + 1, sizeof *round->people);
    round->n_people = 0;
    for (size_t i = 0; i < whole->n_people; i++)
        if (!network->is_tied[i])
            round->people[round->n_people++] = whole->people[i];
}

/* -- its plan -- */

static int refuse_list(const struct network *network, size_t p)
{
    return err_set(network->err, ERR_REFUSED, "shadow prices: pool %s %s",
                   network->whole->pools[p].pool->record.id,
                   network->is_open[p] ? "is not listed" : "is listed, and is tied up");
}

/* All pools, those that are not open at a price of nothing. */
static int list_prices(struct network *network)
{
    const struct verify_round *whole = network->whole;
    const struct plan *stated = whole->plan;
    struct plan *plan = &network->plan;
    size_t n = 0, n_kept = 0, n_parts = 0;
    for (size_t p = 0; p < whole->n_pools; p++)
        n_parts += whole->pools[p].pool->n_reserved + 1;
    plan->prices = alloc_zero(whole->n_pools + 1, sizeof *plan->prices);
    plan->reserve_prices = alloc_zero(n_parts + 1, sizeof *plan->reserve_prices);
    plan->n_prices = plan->n_reserve_prices = 0;
    for (size_t p = 0; p < whole->n_pools; p++) {
        size_t kept = whole->pools[p].pool->n_reserved;
        int is_listed = n < stated->n_prices &&
                        strcmp(stated->prices[n].pool_id, whole->pools[p].pool->record.id) == 0;
        if (is_listed != network->is_open[p])
            return refuse_list(network, p);
        if (is_listed) {
            plan->prices[p] = stated->prices[n++];
            for (size_t k = 0; k < kept; k++)
                plan->reserve_prices[plan->n_reserve_prices + k] = stated->reserve_prices[n_kept++];
        }
        plan->n_prices++;
        plan->n_reserve_prices += kept;
    }
    return 0;
}

static void find_values(struct network *network)
{
    for (size_t k = 0; k < network->plan.n_objectives; k++) {
        struct objective_value *value = &network->plan.objectives[k];
        value->value = value->bound = verify_values_total(&network->round, value->objective);
    }
}

/* -- its prices -- */

static void list_beds(struct network *network)
{
    const struct verify_round *round = &network->round;
    struct verify_dual *dual = &network->dual;
    size_t n_parts = 0, n_kept = 0;
    dual->n = network->plan.n_objectives;
    dual->first_part = alloc_zero(round->n_pools + 1, sizeof *dual->first_part);
    for (size_t p = 0; p < round->n_pools; p++) {
        dual->first_part[p] = n_parts;
        n_parts += round->pools[p].pool->n_reserved + 1;
    }
    dual->beds = alloc_zero(n_parts + 1, sizeof *dual->beds);
    for (size_t p = 0; p < round->n_pools; p++) {
        size_t open = round->pools[p].pool->n_reserved;
        for (size_t k = 0; k < open; k++)
            dual->beds[dual->first_part[p] + k] = network->plan.reserve_prices[n_kept++].price;
        dual->beds[dual->first_part[p] + open] = network->plan.prices[p].price;
    }
}

static int is_more(const struct network *network, const int64_t *a, const int64_t *b)
{
    for (size_t k = 0; k < network->dual.n; k++)
        if (a[k] != b[k])
            return a[k] > b[k];
    return 0;
}

/* May the person have what the plan says in that part of the pool where they are? */
static int may_be_in(const struct network *network, const struct verify_person *person,
                     const struct verify_pool *pool, size_t k)
{
    if (person->to == VERIFY_NOWHERE)
        return k == verify_round_own_part(&network->round, person);
    return pool->parts[k].kept + pool->parts[k].stayers > 0 &&
           verify_round_may_use(&network->round, person, pool, k);
}

/* What a person gains in that part; staying gains nothing. */
static int64_t gain_in(const struct network *network, const struct verify_person *person,
                       const struct verify_pool *pool, size_t k, enum objective objective)
{
    if (person->to == VERIFY_NOWHERE)
        return 0;
    if (objective == OBJECTIVE_RESERVE)
        return verify_values_reserve(&network->round, person, pool, k);
    return verify_values_gain(person, objective, person->placement->rank,
                              person->placement->metres);
}

/* What the place that the plan gives is worth beyond the price of the bed, the best of the beds
 * there that the person may have; nothing for who has none. */
static void find_worth(struct network *network, size_t i)
{
    const struct verify_person *person = &network->round.people[i];
    size_t at = person->to != VERIFY_NOWHERE ? person->to : person->own;
    const struct verify_pool *pool = at == VERIFY_NOWHERE ? NULL : &network->round.pools[at];
    int is_first = 1;
    for (size_t k = 0; pool && k <= pool->pool->n_reserved; k++) {
        const int64_t *price = network->dual.beds[network->dual.first_part[at] + k];
        int64_t left[OBJECTIVE_COUNT];
        if (!may_be_in(network, person, pool, k))
            continue;
        for (size_t o = 0; o < network->dual.n; o++)
            left[o] =
                gain_in(network, person, pool, k, network->plan.objectives[o].objective) - price[o];
        if (is_first || is_more(network, left, network->worth[i]))
            memcpy(network->worth[i], left, sizeof left);
        is_first = 0;
    }
}

static void list_people(struct network *network)
{
    size_t n = network->round.n_people;
    network->dual.people = alloc_zero(n + 1, sizeof *network->dual.people);
    network->worth = alloc_zero(n + 1, sizeof *network->worth);
    for (size_t i = 0; i < n; i++) {
        find_worth(network, i);
        network->dual.people[i] = network->worth[i];
    }
}

/* -- the check -- */

static int check(struct network *network)
{
    tie_all(network);
    copy_people(network);
    if (list_prices(network) != 0)
        return -1;
    find_values(network);
    list_beds(network);
    list_people(network);
    network->round.homes = verify_homes_new(&network->round);
    network->round.seen = verify_seen_new(network->round.n_people);
    return verify_certificate_dual(&network->round, &network->dual, network->err) != 0
               ? -1
               : verify_margin_check(&network->round, &network->dual, network->err);
}

static void network_clear(struct network *network)
{
    for (size_t p = 0; p < network->round.n_pools; p++)
        free(network->round.pools[p].parts);
    verify_homes_free(network->round.homes);
    verify_seen_free(network->round.seen);
    free(network->round.pools);
    free(network->round.people);
    free(network->plan.prices);
    free(network->plan.reserve_prices);
    free(network->is_open);
    free(network->is_tied);
    free(network->dual.first_part);
    free(network->dual.beds);
    free(network->dual.people);
    free(network->worth);
}

int verify_network_check(const struct verify_round *round, struct alm_error *err)
{
    if (!round->plan->prices_are_bounds)
        return 0;
    struct network network = {.whole = round, .plan = *round->plan, .err = err};
    network.is_open = alloc_zero(round->n_pools + 1, 1);
    network.is_tied = alloc_zero(round->n_people + 1, 1);
    copy_pools(&network);
    int result = check(&network);
    network_clear(&network);
    return result;
}
