/* transport.c - see transport.h.
 *
 * Owns the levels: the samples and the whole round, where people begin and what is too much or too
 * little then. Where nobody has a choice transport_single.h has the answer. The search among the
 * nodes is transport_search.h, who is where and what it costs to move on transport_rows.h, who is
 * in which sample transport_sample.h, what people bid transport_auction.h. Always holds during a
 * level: everybody is where they have most at the prices, a part with a spare bed has the price of
 * a spare bed; only parts may have too many people or too few, and each path takes one from the
 * former to the latter; prices only rise. All amounts are integers. */
#include "solver/transport.h"

#include "models/alloc.h"
#include "solver/transport_auction.h"
#include "solver/transport_sample.h"
#include "solver/transport_search.h"
#include "solver/transport_single.h"

#include <stdlib.h>
#include <string.h>

/* A broken must costs so many times the greatest gain on a sample, and so many times that where an
 * optimum follows its beds. Where one bed in SPARE_PART
 * stays free beds are not scarce. */
enum { PENALTY_TIMES = 5, LASTING_TIMES = 64, SPARE_PART = 5 };

/* Measured: with a path for one in so many nodes most rows are asked for. */
enum { MANY_PART = 32 };

/* Few people need no help. With more than CROWD beds to a part samples tell its price sooner than
 * all the bids do. They have at least so many people, and half as many as there are parts: smaller
 * ones say little about the prices. FEWEST is for whoever asks for samples. */
enum { FEW_PEOPLE = 20, CROWD = 100, LEAST_SAMPLE = 1000, FEWEST = 20 };

struct transport {
    const struct face *face;
    struct budget *budget;
    struct transport_search search;
    int64_t penalty; /* of a broken must on a sample */
    uint32_t *liked; /* by person: the node to be at where others are no better; NULL = any */
};

static void transport_init(struct transport *transport, const struct face *face,
                           const int64_t *gain, int has_fixed, struct budget *budget)
{
    *transport = (struct transport){.face = face, .budget = budget};
    transport_search_init(&transport->search, face, gain, has_fixed);
    transport->penalty = -(PENALTY_TIMES * transport->search.rows.widest + 1);
}

static void transport_clear(struct transport *transport)
{
    transport_search_clear(&transport->search);
    free(transport->liked);
}

/* -- one level -- */

/* `sample` NULL: the whole round. */
static void load_level(struct transport *transport, const struct transport_sample *sample,
                       unsigned halvings)
{
    struct transport_search *search = &transport->search;
    const struct face *face = transport->face;
    int64_t penalty = halvings ? transport->penalty : INT64_MIN;
    for (uint32_t part = 0; part < search->outside; part++)
        search->capacity[part] = search->rows.beds[part];
    if (sample)
        transport_sample_beds(sample, halvings, search->capacity);
    for (uint32_t part = 0; part < search->outside; part++) {
        int64_t least = face->must_fill[part] ? penalty : 0;
        search->spare_value[part] = least;
        search->spare[part] = 0;
        search->excess[part] = -search->capacity[part];
        if (least != INT64_MIN && search->price[part] < least)
            search->price[part] = least;
    }
    for (uint32_t k = 0; k < search->rows.n_open; k++) {
        uint32_t i = search->rows.people[k];
        search->rows.outside_value[i] = face->must_place[i] ? penalty : 0;
    }
    search->excess[search->outside] = 0;
    transport_rows_empty(&search->rows);
}

/* Where a person has most at the prices; of equal ones `liked`, then one that still has room.
 * PROBLEM_NONE = they must have a bed and there is none. */
static uint32_t best_node(const struct transport *transport, uint32_t person, uint32_t liked)
{
    const struct transport_search *search = &transport->search;
    const struct transport_rows *rows = &search->rows;
    const struct face *face = transport->face;
    uint32_t best = PROBLEM_NONE;
    int64_t most = rows->outside_value[person];
    if (most != INT64_MIN)
        best = rows->outside;
    for (uint32_t way = face->first[person]; way < face->first[person + 1]; way++) {
        uint32_t to = rows->to[way];
        int64_t has = rows->value[way] - search->price[to];
        int is_better = has == most && best != PROBLEM_NONE && best != liked &&
                        (to == liked || (search->excess[to] < 0 &&
                                         (best == rows->outside || search->excess[best] >= 0)));
        if (best == PROBLEM_NONE || has > most || is_better) {
            most = has;
            best = to;
        }
    }
    return best;
}

/* Everybody where they have most, beds at the price of a spare bed left free; what is too much or
 * too little then adds up to nothing. 0 = somebody must have a bed and can have none. */
static int place_people(struct transport *transport, const struct transport_sample *sample,
                        unsigned halvings)
{
    struct transport_search *search = &transport->search;
    for (uint32_t k = 0; k < search->rows.n_open; k++) {
        uint32_t i = search->rows.people[k];
        if (sample && !transport_sample_has(sample, i, halvings))
            continue;
        uint32_t node =
            best_node(transport, i, transport->liked ? transport->liked[i] : PROBLEM_NONE);
        if (node == PROBLEM_NONE)
            return 0;
        transport_rows_place(&search->rows, i, node);
        search->excess[node]++;
    }
    search->excess[search->outside] = 0;
    for (uint32_t part = 0; part < search->outside; part++) {
        int64_t few = -search->excess[part];
        if (few > 0 && search->price[part] == search->spare_value[part]) {
            search->spare[part] = few;
            search->excess[part] = 0;
        }
        search->excess[search->outside] -= search->excess[part];
    }
    return 1;
}

/* Prices are worth what they are above that of being outside. */
static void level_prices(struct transport *transport)
{
    struct transport_search *search = &transport->search;
    int64_t base = search->price[search->outside];
    for (uint32_t node = 0; node < search->n; node++)
        search->price[node] -= base;
}

static int take_path(struct transport *transport, uint32_t start)
{
    if (budget_is_spent(transport->budget))
        return 0;
    transport->budget->work++;
    return transport_search_move(&transport->search, start);
}

/* 0 = the budget has ended, somebody cannot have what they must, or all paths together would cost
 * `most`, or more. */
static int take_paths(struct transport *transport, int64_t most)
{
    struct transport_search *search = &transport->search;
    search->most = most;
    for (uint32_t start = 0; start < search->n; start++)
        while (search->excess[start] > 0)
            if (!take_path(transport, start))
                return 0;
    return search->most > 0;
}

/* Will the paths ask for most rows? Each of them looks at dozens of nodes. */
static int are_many(const struct transport_search *search)
{
    int64_t paths = 0;
    for (uint32_t node = 0; node < search->n; node++)
        paths += search->excess[node] > 0 ? search->excess[node] : 0;
    return paths > search->n / MANY_PART;
}

static int solve_level(struct transport *transport, const struct transport_sample *sample,
                       unsigned halvings)
{
    load_level(transport, sample, halvings);
    if (!place_people(transport, sample, halvings))
        return 0;
    if (are_many(&transport->search))
        transport_rows_make_ahead(&transport->search.rows);
    if (!take_paths(transport, TRANSPORT_ROWS_FAR))
        return 0;
    level_prices(transport);
    return 1;
}

/* A part where every bed is spare may be priced below 0: nobody is there, so 0 will do. */
static void write_down(const struct transport *transport, uint32_t *chosen, int64_t *dual)
{
    const struct transport_search *search = &transport->search;
    const struct transport_rows *rows = &search->rows;
    const struct face *face = transport->face;
    memset(chosen, 0xff, rows->n_people * sizeof *chosen); /* PROBLEM_NONE */
    for (uint32_t k = 0; k < rows->n_open; k++) {
        uint32_t i = rows->people[k];
        if (rows->now[i] < search->outside)
            chosen[i] = face->pairs[transport_rows_way(rows, i, rows->now[i])];
    }
    for (uint32_t k = rows->n_people - rows->n_fixed; k < rows->n_people; k++)
        chosen[rows->people[k]] = face->pairs[face->first[rows->people[k]]];
    for (uint32_t part = 0; part < search->outside; part++) {
        int64_t price = search->price[part] - search->price[search->outside];
        dual[part] = price < 0 && !face->must_fill[part] ? 0 : price;
    }
}

/* Sample after sample, each from the prices of the one before. */
static int solve_samples(struct transport *transport, uint32_t least_sample)
{
    struct transport_sample sample;
    unsigned halvings = 0;
    int solved = 1;
    transport_sample_init(&sample, &transport->search.rows);
    while (sample.n_people >> (halvings + 1) >= least_sample)
        halvings++;
    for (; solved && halvings; halvings--)
        solved = solve_level(transport, &sample, halvings);
    transport_sample_clear(&sample);
    return solved;
}

/* -- where to begin -- */

struct size {
    int64_t beds, spare_beds, people; /* beds that may stay free, people who have a way */
};

static struct size size_of(const struct transport_rows *rows)
{
    const struct face *face = rows->face;
    struct size size = {.people = rows->n_open};
    for (uint32_t part = 0; part < rows->outside; part++) {
        size.beds += rows->beds[part];
        size.spare_beds += face->must_fill[part] ? 0 : rows->beds[part];
    }
    return size;
}

static int is_scarce(const struct size *size)
{
    return size->spare_beds - size->spare_beds / SPARE_PART <= size->people;
}

/* With beds to spare most prices are 0, or near: people find a place close by, and what samples
 * have made too dear stands empty far away from everybody. */
static enum transport_first fitting(const struct size *size, uint32_t n_parts)
{
    if (size->beds <= CROWD * (int64_t)n_parts)
        return size->people > FEW_PEOPLE ? TRANSPORT_AUCTION : TRANSPORT_PLAIN;
    return is_scarce(size) ? TRANSPORT_SAMPLES : TRANSPORT_PLAIN;
}

/* Does everybody gain the same wherever they go? Then whoever has a place may stay there, and there
 * is nothing that samples could find out. */
static int is_flat(const struct transport_rows *rows, const int64_t *gain)
{
    const struct face *face = rows->face;
    for (uint32_t k = 0; k < rows->n_open; k++) {
        uint32_t i = rows->people[k];
        uint32_t stay = face->problem->people[i].stay_pair, known = PROBLEM_NONE;
        for (uint32_t at = face->first[i]; at < face->first[i + 1]; at++) {
            uint32_t pair = face->pairs[at];
            if (pair == stay)
                continue;
            if (known != PROBLEM_NONE && gain[pair] != gain[known])
                return 0;
            known = pair;
        }
    }
    return 1;
}

static void like_chosen(struct transport *transport, const uint32_t *chosen)
{
    const struct problem *problem = transport->face->problem;
    transport->liked = alloc_zero((size_t)problem->n_people + 1, sizeof(uint32_t));
    const struct transport_rows *rows = &transport->search.rows;
    for (uint32_t k = 0; k < rows->n_open; k++) {
        uint32_t i = rows->people[k];
        transport->liked[i] =
            chosen[i] == PROBLEM_NONE ? rows->outside : problem->pairs[chosen[i]].part;
    }
}

/* The first prices, and where people would rather be at them. 0 as solve_level. */
static int begin(struct transport *transport, enum transport_first first)
{
    const struct transport_search *search = &transport->search;
    const struct face *face = transport->face;
    struct size size = size_of(&search->rows);
    uint32_t least = search->outside / 2 > LEAST_SAMPLE ? search->outside / 2 : LEAST_SAMPLE;
    if (first == TRANSPORT_FITTING)
        first = fitting(&size, search->outside);
    else
        least = FEWEST;
    if (first == TRANSPORT_SAMPLES && size.people / 2 >= least)
        return solve_samples(transport, least);
    if (first == TRANSPORT_AUCTION) {
        transport->liked = alloc_zero((size_t)face->problem->n_people + 1, sizeof(uint32_t));
        transport_auction(&search->rows, is_scarce(&size), transport->budget, search->price,
                          transport->liked);
    }
    return 1;
}

int transport_solve(const struct face *face, const int64_t *gain, const int64_t *start,
                    enum transport_first first, struct budget *budget, uint32_t *chosen,
                    int64_t *dual)
{
    struct transport transport;
    int solved = 1;
    if (first == TRANSPORT_FITTING && transport_single(face, gain, chosen, dual))
        return 1;
    transport_init(&transport, face, gain, 1, budget);
    if (start)
        memcpy(transport.search.price, start, (size_t)face->problem->n_parts * sizeof(int64_t));
    if (start || is_flat(&transport.search.rows, gain))
        like_chosen(&transport, chosen);
    else
        solved = begin(&transport, first);
    solved = solved && solve_level(&transport, NULL, 0);
    if (solved)
        write_down(&transport, chosen, dual);
    transport_clear(&transport);
    return solved;
}

/* -- an optimum that follows its beds -- */

struct transport *transport_new(const struct face *face, const int64_t *gain, const int64_t *start,
                                struct budget *budget, const uint32_t *chosen)
{
    struct transport *transport = alloc_zero(1, sizeof *transport);
    struct transport_search *search = &transport->search;
    transport_init(transport, face, gain, 0, budget);
    transport->penalty *= LASTING_TIMES;
    memcpy(search->price, start, (size_t)face->problem->n_parts * sizeof(int64_t));
    load_level(transport, NULL, 1); /* musts have their penalty */
    like_chosen(transport, chosen);
    if (!place_people(transport, NULL, 0) || !take_paths(transport, TRANSPORT_ROWS_FAR)) {
        transport_free(transport);
        return NULL;
    }
    search->gained = 0;
    for (uint32_t i = 0; i < face->problem->n_people; i++)
        if (search->rows.now[i] != PROBLEM_NONE)
            search->gained += search->rows.had[i];
    return transport;
}

void transport_free(struct transport *transport)
{
    if (!transport)
        return;
    transport_clear(transport);
    free(transport);
}

/* A bed more draws somebody from outside, a bed fewer sends somebody there. The first bed of a part
 * where nobody is costs at least what it would left free. */
void transport_change(struct transport *transport, uint32_t part, int64_t n)
{
    struct transport_search *search = &transport->search;
    int64_t least = search->spare_value[part] + search->price[search->outside];
    if (search->price[part] < least)
        search->price[part] = least;
    int64_t fewer = n < 0 ? -n : 0;
    int64_t idle = search->spare[part] < fewer ? search->spare[part] : fewer;
    search->capacity[part] += n;
    search->spare[part] -= idle;
    search->excess[part] -= n + idle;
    search->excess[search->outside] += n + idle;
}

int transport_settle(struct transport *transport)
{
    return take_paths(transport, TRANSPORT_ROWS_FAR);
}

/* A path costs no less than it is long, and nor does any later one: so none has to be looked for
 * farther than what is left of `most`. */
int transport_settle_within(struct transport *transport, int64_t most)
{
    return most > 0 && take_paths(transport, most);
}

int64_t transport_value(const struct transport *transport)
{
    return transport->search.gained;
}

int64_t transport_price(const struct transport *transport, uint32_t part)
{
    const struct transport_search *search = &transport->search;
    return search->price[part] - search->price[search->outside];
}

void transport_read(const struct transport *transport, uint32_t *chosen, int64_t *dual)
{
    write_down(transport, chosen, dual);
}
