/* ties.c - see ties.h. Owns what is better for a person, and the order of turns; what can be had is
 * for exchange.h to say. */
#include "solver/ties.h"

#include "models/alloc.h"
#include "solver/exchange.h"

#include <stdlib.h>

enum { LOOK_AHEAD = 4 }; /* so many people */

static inline int compare(const struct problem *problem, uint32_t a, uint32_t b)
{
    const struct problem_pair *one = &problem->pairs[a], *two = &problem->pairs[b];
    if (one->rank != two->rank)
        return one->rank < two->rank ? -1 : 1;
    if (one->metres != two->metres)
        return one->metres < two->metres ? -1 : 1;
    uint32_t pool = problem->parts[one->part].pool_index;
    uint32_t other = problem->parts[two->part].pool_index;
    return pool < other ? -1 : pool > other;
}

int ties_compare(const struct problem *problem, uint32_t a, uint32_t b)
{
    return compare(problem, a, b);
}

/* The best of what this person may perhaps have, if it is better than what they have now. */
static uint32_t best_way(const struct exchange *exchange, uint32_t person)
{
    const struct problem *problem = exchange->face->problem;
    uint32_t n, now = exchange->chosen[person], best = PROBLEM_NONE;
    const uint32_t *ways = exchange_ways(exchange, person, &n);
    uint32_t own = exchange_set_of(exchange, person);
    for (uint32_t w = 0; w < n; w++) {
        uint32_t than = best == PROBLEM_NONE ? now : best;
        if (exchange_set_of_way(exchange, person, w) == own &&
            (than == PROBLEM_NONE || compare(problem, ways[w], than) < 0))
            best = ways[w];
    }
    return best;
}

static void take_turn(struct exchange *exchange, uint32_t person)
{
    uint32_t best;
    do {
        best = best_way(exchange, person);
    } while (best != PROBLEM_NONE && !exchange_take(exchange, person, best));
    exchange_settle(exchange, person);
}

/* Somebody who has a bed could be elsewhere, or who has none might find one free. */
static int can_anybody_move(const struct face *face, const uint32_t *chosen)
{
    const struct problem *problem = face->problem;
    uint32_t n_placed = 0;
    int64_t beds = 0;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        uint32_t n_ways = face->first[i + 1] - face->first[i];
        if (chosen[i] != PROBLEM_NONE && (n_ways > 1 || !face->must_place[i]))
            return 1;
        n_placed += chosen[i] != PROBLEM_NONE;
    }
    for (uint32_t part = 0; part < problem->n_parts; part++)
        beds += problem->parts[part].capacity;
    return n_placed < beds;
}

/* Who comes next lies anywhere in memory: of those who have no choice only a bit is read. Whoever
 * is alone is so to the end. */
static uint64_t *mark_open(const struct exchange *exchange)
{
    uint32_t n = exchange->face->problem->n_people;
    uint64_t *is_open = alloc_zero((size_t)n / 64 + 1, sizeof *is_open);
    for (uint32_t i = 0; i < n; i++)
        if (exchange_is_open(exchange, i) && !exchange_is_alone(exchange, i))
            is_open[i / 64] |= UINT64_C(1) << (i % 64);
    return is_open;
}

/* Those who have a choice, in the order of ties; returns how many there are. */
static uint32_t list_turns(const struct exchange *exchange, uint32_t *turns)
{
    const struct problem *problem = exchange->face->problem;
    uint64_t *is_open = mark_open(exchange);
    uint32_t n = 0;
    for (uint32_t k = 0; k < problem->n_people; k++) {
        uint32_t person = problem->tie_order[k];
        turns[n] = person; /* the next one takes the place of who is not open */
        n += is_open[person / 64] >> (person % 64) & 1;
    }
    free(is_open);
    return n;
}

void ties_settle(const struct face *face, uint32_t *chosen)
{
    struct exchange exchange;
    if (!can_anybody_move(face, chosen))
        return;
    exchange_init(&exchange, face, chosen);
    uint32_t *turns = alloc_resize(NULL, (size_t)face->problem->n_people + 1, sizeof *turns);
    uint32_t n = list_turns(&exchange, turns);
    for (uint32_t k = 0; k < n; k++) {
        if (k + LOOK_AHEAD < n)
            exchange_look_ahead(&exchange, turns[k + LOOK_AHEAD]);
        if (!exchange_is_alone(&exchange, turns[k]))
            take_turn(&exchange, turns[k]);
    }
    free(turns);
    exchange_clear(&exchange);
}
