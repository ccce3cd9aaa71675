/* transport_auction.c - see transport_auction.h.
 *
 * Whoever waits bids for the part where they have most at the prices: as much more than its price
 * as they would still like it best for, and one step more. A part keeps as many bids as it has
 * beds, the highest; its price is the lowest of these once all beds are taken, and whoever is
 * outbid waits again. So everybody with a bid has the most that they can have, but for a step.
 * Great steps come first, since they move the prices of a whole region quickly; each round of
 * smaller ones begins at prices somewhat lower than those of the round before, with the bids alone
 * that would be made there again. */
#include "solver/transport_auction.h"

#include "models/alloc.h"
#include "models/slices.h"
#include "solver/heap.h"

#include <stdlib.h>
#include <string.h>

/* Gains are scaled so that the widest is about FULL. A part that must be full is worth MUST_FILL
 * times that to begin with, not to be placed costs somebody who must be MUST_PLACE times that. */
#define FULL (INT64_C(1) << 20)
enum { MUST_FILL = 5, MUST_PLACE = 20 };

/* The first step, as a part of FULL, when beds are scarce and when many are to spare; the last one;
 * what a step is of the one before; by how many steps prices are lowered in between. */
enum { SCARCE_PART = 2, SPARE_PART = 128, LAST_PART = 1 << 17, FALL = 4, LOWERED = 2 };

/* Prices may have to rise far by steps that have become small: no more bids than so many for each
 * person. The clock is looked at after so many. */
enum { BIDS_EACH = 100, CLOCK_EVERY = 4096 };

/* Of the ways of the next one in line so many are asked for while those of another are read. */
enum { AHEAD = 32, PER_LINE = 16, TURNS_AHEAD = 3 };

struct beds {         /* of a part */
    struct heap held; /* the bids, the lowest first */
    size_t n;
};

struct auction {
    const struct transport_rows *rows;
    const struct face *face;
    const struct budget *budget;
    int32_t *value;                              /* scaled gains, by way */
    int64_t times, divisor;                      /* what makes gains scaled ones */
    int64_t *price;                              /* scaled, by part */
    struct beds *beds;                           /* by part */
    unsigned char *is_held;                      /* by person: their bid of the last round stays */
    uint32_t *waiting, first_waiting, n_waiting; /* a ring of all people */
    int64_t step, bids_left;
};

static void scale_stretch(void *context, size_t slice, size_t first, size_t end)
{
    const struct auction *auction = context;
    const struct transport_rows *rows = auction->rows;
    (void)slice;
    for (size_t k = first; k < end; k++) {
        uint32_t i = rows->people[k], last = rows->face->first[i + 1];
        for (uint32_t way = rows->face->first[i]; way < last; way++) {
            int64_t value = rows->value[way] * auction->times;
            if (auction->divisor != 1) /* it takes long to divide */
                value /= auction->divisor;
            auction->value[way] = (int32_t)value;
        }
    }
}

/* Only those of the open are looked at. */
static void scale_ways(struct auction *auction)
{
    const struct transport_rows *rows = auction->rows;
    size_t n = (size_t)rows->face->first[rows->n_people] + AHEAD;
    auction->value = alloc_resize(NULL, n, sizeof(int32_t));
    slices_run(rows->n_open, slices_count(rows->n_ways, PROBLEM_SLICE_PAIRS), scale_stretch,
               auction);
}

static void auction_init(struct auction *auction, const struct transport_rows *rows,
                         const struct budget *budget, int64_t *price)
{
    int64_t widest = rows->widest;
    *auction = (struct auction){.rows = rows, .face = rows->face, .budget = budget};
    auction->times = widest < FULL ? FULL / (widest + !widest) : 1;
    auction->divisor = widest < FULL ? 1 : widest / FULL + 1;
    scale_ways(auction);
    auction->price = price;
    auction->beds = alloc_zero((size_t)rows->outside + 1, sizeof(struct beds));
    auction->is_held = alloc_zero((size_t)rows->n_people + 1, 1);
    auction->waiting = alloc_zero((size_t)rows->n_people + 1, sizeof(uint32_t));
    auction->bids_left = (int64_t)BIDS_EACH * rows->n_people;
    for (uint32_t part = 0; part < rows->outside; part++) {
        price[part] = rows->face->must_fill[part] ? -MUST_FILL * FULL : 0;
        auction->beds[part].n = rows->beds[part] > 0 ? (size_t)rows->beds[part] : 0;
    }
}

static void auction_clear(struct auction *auction)
{
    for (uint32_t part = 0; part < auction->rows->outside; part++)
        heap_clear(&auction->beds[part].held);
    free(auction->value);
    free(auction->beds);
    free(auction->is_held);
    free(auction->waiting);
}

/* -- bids -- */

static uint32_t place_in_ring(const struct auction *auction, uint32_t turn)
{
    uint32_t place = auction->first_waiting + turn, size = auction->rows->n_people;
    return place < size ? place : place - size;
}

static void wait_for_turn(struct auction *auction, uint32_t person)
{
    auction->waiting[place_in_ring(auction, auction->n_waiting++)] = person;
}

/* The bid is higher than the price, so it is kept where there are beds. */
static void take_bid(struct auction *auction, uint32_t part, int64_t amount, uint32_t person)
{
    struct beds *beds = &auction->beds[part];
    struct heap *held = &beds->held;
    if (beds->n == 0) {
        auction->price[part] = amount;
        wait_for_turn(auction, person);
        return;
    }
    if (held->n < beds->n)
        heap_push(held, amount, person);
    else
        wait_for_turn(auction, heap_replace(held, amount, person).node);
    if (held->n == beds->n)
        auction->price[part] = held->entries[0].distance;
}

/* Whoever likes it best to have no bed does not bid. */
static void make_bid(struct auction *auction, uint32_t person)
{
    const uint32_t *first = &auction->face->first[person];
    const uint32_t *to = auction->rows->to;
    const int32_t *value = auction->value;
    const int64_t *price = auction->price;
    int64_t most = auction->face->must_place[person] ? -MUST_PLACE * FULL : 0;
    int64_t second = -2 * MUST_PLACE * FULL;
    uint32_t best = PROBLEM_NONE;
    for (uint32_t way = first[0], end = first[1]; way < end; way++) {
        int64_t has = value[way] - price[to[way]];
        int64_t less = has < most ? has : most;
        second = less > second ? less : second;
        best = has > most ? to[way] : best;
        most = has > most ? has : most;
    }
    if (best != PROBLEM_NONE)
        take_bid(auction, best, price[best] + most - second + auction->step, person);
}

static uint32_t next_in_line(struct auction *auction)
{
    uint32_t person = auction->waiting[auction->first_waiting];
    if (auction->n_waiting > TURNS_AHEAD) {
        uint32_t later = auction->waiting[place_in_ring(auction, TURNS_AHEAD)];
        uint32_t first = auction->face->first[later];
        for (uint32_t way = first; way < first + AHEAD; way += PER_LINE) {
            __builtin_prefetch(auction->value + way);
            __builtin_prefetch(auction->rows->to + way);
        }
    }
    auction->first_waiting = place_in_ring(auction, 1);
    auction->n_waiting--;
    return person;
}

/* Whoever holds no bid yet waits. 0 = there have been too many bids, or the time is up. */
static int hold_round(struct auction *auction)
{
    auction->first_waiting = auction->n_waiting = 0;
    for (uint32_t k = 0; k < auction->rows->n_open; k++) {
        uint32_t i = auction->rows->people[k];
        if (!auction->is_held[i])
            wait_for_turn(auction, i);
        auction->is_held[i] = 0;
    }
    while (auction->n_waiting) {
        if (auction->bids_left-- <= 0 ||
            (auction->bids_left % CLOCK_EVERY == 0 && budget_is_spent(auction->budget)))
            return 0;
        make_bid(auction, next_in_line(auction));
    }
    return 1;
}

/* What may stay empty and has room costs nothing. */
static void lower_price(struct auction *auction, uint32_t part)
{
    const struct beds *beds = &auction->beds[part];
    int is_must = auction->face->must_fill[part];
    auction->price[part] -= LOWERED * auction->step;
    if (!is_must && (auction->price[part] < 0 || beds->held.n < beds->n))
        auction->price[part] = 0;
}

/* A bid says up to which price its person likes the part best, and adds a step; that price falls
 * with those of the other parts. Whoever likes the part best even so keeps the bid, with the next
 * step. Parts that had room may fall farther: few would go there, and paths find out who. */
static void keep_bids(struct auction *auction, uint32_t part, int64_t next_step)
{
    struct heap *held = &auction->beds[part].held;
    size_t n = held->n;
    held->n = 0;
    for (size_t k = 0; k < n; k++) {
        const struct heap_entry bid = held->entries[k];
        int64_t best_up_to = bid.distance - (1 + LOWERED) * auction->step;
        auction->is_held[bid.node] = best_up_to >= auction->price[part];
        if (auction->is_held[bid.node])
            heap_push(held, best_up_to + next_step, bid.node);
    }
    if (n && held->n == auction->beds[part].n)
        auction->price[part] = held->entries[0].distance;
}

static void begin_anew(struct auction *auction, int64_t next_step)
{
    for (uint32_t part = 0; part < auction->rows->outside; part++) {
        lower_price(auction, part);
        keep_bids(auction, part, next_step);
    }
    auction->step = next_step;
}

/* Rounded down: what is paid too much are steps. */
static int64_t as_gain(const struct auction *auction, int64_t scaled)
{
    int64_t whole = scaled / auction->times;
    return (whole - (whole * auction->times > scaled)) * auction->divisor;
}

void transport_auction(const struct transport_rows *rows, int is_scarce,
                       const struct budget *budget, int64_t *price, uint32_t *node)
{
    struct auction auction;
    auction_init(&auction, rows, budget, price);
    auction.step = FULL / (is_scarce ? SCARCE_PART : SPARE_PART);
    while (hold_round(&auction) && auction.step > FULL / LAST_PART) {
        int64_t next = auction.step / FALL;
        begin_anew(&auction, next > FULL / LAST_PART ? next : FULL / LAST_PART);
    }
    for (uint32_t i = 0; i < rows->n_people; i++)
        node[i] = rows->outside;
    for (uint32_t part = 0; part < rows->outside; part++) {
        const struct heap *held = &auction.beds[part].held;
        for (size_t k = 0; k < held->n; k++)
            node[held->entries[k].node] = part;
        price[part] = as_gain(&auction, price[part]);
    }
    auction_clear(&auction);
}
