/* ties.c - see ties.h.
 *
 * Owns the exchange graph of the face: its nodes are the parts and one more, `outside`, where the
 * unplaced people are and the spare beds go. An arc q -> p means that somebody may move from q to
 * p, or that a spare bed may change its side: q -> outside when q has room, outside -> p when p
 * need not stay full. A person may go to p when p's surplus can travel along arcs to where the
 * person came from. Per ordered pair of nodes it counts the people who could go; rows of bits say
 * where the count is positive. People who had their turn keep their pool, but still change between
 * its parts. */
#include "solver/ties.h"

#include "models/alloc.h"
#include "solver/arc_count.h"

#include <stdlib.h>
#include <string.h>

struct exchange {
    const struct face *face;
    uint32_t *chosen;
    uint32_t n, outside; /* nodes; outside = n - 1 */
    size_t words;        /* of one row of bits */
    struct arc_count arcs;
    uint64_t *row; /* n x words */
    int64_t *used;
    unsigned char *is_settled;
    uint64_t *unseen;
    uint32_t *from, *stack; /* of a search: the node from which this one was reached */
    uint32_t *options;      /* pairs of the person at hand, best first */
    uint32_t **people;      /* by part: who is in it; outside: the unplaced */
    uint32_t *n_people, *room_people, *place; /* place: index of a person in the list of the node */
};

static uint32_t part_of(const struct exchange *exchange, uint32_t pair)
{
    return pair == PROBLEM_NONE ? exchange->outside : exchange->face->problem->pairs[pair].part;
}

static void count_add(struct exchange *exchange, uint32_t from, uint32_t to, int change)
{
    uint64_t bit = UINT64_C(1) << (to % 64);
    if (arc_count_add(&exchange->arcs, from, to, change))
        exchange->row[from * exchange->words + to / 64] |= bit;
    else
        exchange->row[from * exchange->words + to / 64] &= ~bit;
}

/* May this person still use this pair: any of the face, or after their turn only those of their
 * pool? */
static int is_open(const struct exchange *exchange, uint32_t person, uint32_t pair)
{
    const struct problem *problem = exchange->face->problem;
    uint32_t now = exchange->chosen[person];
    return !exchange->is_settled[person] ||
           (now != PROBLEM_NONE && problem->parts[problem->pairs[pair].part].pool_index ==
                                       problem->parts[problem->pairs[now].part].pool_index);
}

/* Adds (or takes away) the arcs of one person from where they are. */
static void person_arcs(struct exchange *exchange, uint32_t person, int change)
{
    const struct face *face = exchange->face;
    uint32_t from = part_of(exchange, exchange->chosen[person]);
    for (uint32_t at = face->first[person]; at < face->first[person + 1]; at++) {
        uint32_t to = part_of(exchange, face->pairs[at]);
        if (to != from && is_open(exchange, person, face->pairs[at]))
            count_add(exchange, from, to, change);
    }
    if (from != exchange->outside && !face->must_place[person] && !exchange->is_settled[person])
        count_add(exchange, from, exchange->outside, change);
}

/* A spare bed of this part goes outside. */
static int has_room(const struct exchange *exchange, uint32_t part)
{
    return exchange->used[part] < exchange->face->problem->parts[part].capacity;
}

static void node_add(struct exchange *exchange, uint32_t node, uint32_t person)
{
    if (exchange->n_people[node] == exchange->room_people[node]) {
        exchange->room_people[node] = exchange->room_people[node] * 2 + 8;
        exchange->people[node] =
            alloc_resize(exchange->people[node], exchange->room_people[node], sizeof(uint32_t));
    }
    exchange->place[person] = exchange->n_people[node];
    exchange->people[node][exchange->n_people[node]++] = person;
}

static void node_remove(struct exchange *exchange, uint32_t node, uint32_t person)
{
    uint32_t last = exchange->people[node][--exchange->n_people[node]];
    exchange->people[node][exchange->place[person]] = last;
    exchange->place[last] = exchange->place[person];
}

/* Moves one person, with arcs, lists and the room of both parts kept true. */
static void move_person(struct exchange *exchange, uint32_t person, uint32_t pair)
{
    uint32_t from = part_of(exchange, exchange->chosen[person]), to = part_of(exchange, pair);
    person_arcs(exchange, person, -1);
    node_remove(exchange, from, person);
    exchange->chosen[person] = pair;
    node_add(exchange, to, person);
    person_arcs(exchange, person, 1);
    exchange->used[from]--;
    exchange->used[to]++;
}

static void room_arc(struct exchange *exchange, uint32_t part, int change)
{
    if (part != exchange->outside && has_room(exchange, part))
        count_add(exchange, part, exchange->outside, change);
}

static void exchange_init(struct exchange *exchange, const struct face *face, uint32_t *chosen)
{
    const struct problem *problem = face->problem;
    size_t n = (size_t)problem->n_parts + 1, people = (size_t)problem->n_people + 1;
    *exchange = (struct exchange){.face = face, .chosen = chosen, .n = (uint32_t)n};
    exchange->outside = (uint32_t)n - 1;
    exchange->words = (n + 63) / 64;
    arc_count_init(&exchange->arcs);
    exchange->row = alloc_zero(n * exchange->words, sizeof(uint64_t));
    exchange->used = alloc_zero(n, sizeof(int64_t));
    exchange->is_settled = alloc_zero(people, 1);
    exchange->unseen = alloc_zero(exchange->words, sizeof(uint64_t));
    exchange->from = alloc_zero(n, sizeof(uint32_t));
    exchange->stack = alloc_zero(n, sizeof(uint32_t));
    exchange->options = alloc_zero(n, sizeof(uint32_t));
    exchange->people = alloc_zero(n, sizeof(uint32_t *));
    exchange->n_people = alloc_zero(n, sizeof(uint32_t));
    exchange->room_people = alloc_zero(n, sizeof(uint32_t));
    exchange->place = alloc_zero(people, sizeof(uint32_t));
    for (uint32_t i = 0; i < problem->n_people; i++) {
        exchange->used[part_of(exchange, chosen[i])]++;
        node_add(exchange, part_of(exchange, chosen[i]), i);
        person_arcs(exchange, i, 1);
    }
    for (uint32_t p = 0; p < problem->n_parts; p++) {
        room_arc(exchange, p, 1);
        if (!face->must_fill[p])
            count_add(exchange, exchange->outside, p, 1);
    }
}

static void exchange_clear(struct exchange *exchange)
{
    for (uint32_t node = 0; node < exchange->n; node++)
        free(exchange->people[node]);
    free(exchange->people);
    free(exchange->n_people);
    free(exchange->room_people);
    free(exchange->place);
    arc_count_clear(&exchange->arcs);
    free(exchange->row);
    free(exchange->used);
    free(exchange->is_settled);
    free(exchange->unseen);
    free(exchange->from);
    free(exchange->stack);
    free(exchange->options);
}

/* -- one person's turn --------------------------------------------------------------------------
 */

int ties_compare(const struct problem *problem, uint32_t a, uint32_t b)
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

static int by_option(const void *a, const void *b, void *problem)
{
    const uint32_t *one = a, *two = b;
    int better = ties_compare(problem, *one, *two);
    return better ? better : (*one > *two) - (*one < *two);
}

/* The pairs that this person would rather have than what they have now, best first. */
static uint32_t list_options(struct exchange *exchange, uint32_t person)
{
    const struct face *face = exchange->face;
    uint32_t now = exchange->chosen[person], n = 0;
    for (uint32_t at = face->first[person]; at < face->first[person + 1]; at++)
        if (now == PROBLEM_NONE || ties_compare(face->problem, face->pairs[at], now) < 0)
            exchange->options[n++] = face->pairs[at];
    qsort_r(exchange->options, n, sizeof(uint32_t), by_option, (void *)(uintptr_t)face->problem);
    return n;
}

static int is_unseen(const struct exchange *exchange, uint32_t node)
{
    return (int)(exchange->unseen[node / 64] >> (node % 64) & 1);
}

/* Goes on from `start` over nodes not seen yet; 1 when `goal` was reached. What was seen before and
 * did not reach the goal never will. */
static int search(struct exchange *exchange, uint32_t start, uint32_t goal)
{
    uint32_t top = 0;
    exchange->from[start] = PROBLEM_NONE;
    exchange->unseen[start / 64] &= ~(UINT64_C(1) << (start % 64));
    exchange->stack[top++] = start;
    while (top && is_unseen(exchange, goal)) {
        uint32_t node = exchange->stack[--top];
        for (size_t w = 0; w < exchange->words; w++) {
            uint64_t bits = exchange->row[node * exchange->words + w] & exchange->unseen[w];
            exchange->unseen[w] &= ~bits;
            for (; bits; bits &= bits - 1) {
                uint32_t next = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(bits);
                exchange->from[next] = node;
                exchange->stack[top++] = next;
            }
        }
    }
    return !is_unseen(exchange, goal);
}

/* The pair by which `person` may go to node `to`; PROBLEM_NONE when there is none. */
static uint32_t pair_to(const struct exchange *exchange, uint32_t person, uint32_t to)
{
    const struct face *face = exchange->face;
    for (uint32_t at = face->first[person]; at < face->first[person + 1]; at++)
        if (part_of(exchange, face->pairs[at]) == to && is_open(exchange, person, face->pairs[at]))
            return face->pairs[at];
    return PROBLEM_NONE;
}

/* One step of a path: a spare bed where one may go, else the first person who may. */
static void take_step(struct exchange *exchange, uint32_t from, uint32_t to)
{
    const struct face *face = exchange->face;
    if (to == exchange->outside && has_room(exchange, from))
        return;
    if (from == exchange->outside && !face->must_fill[to])
        return;
    for (uint32_t m = 0; m < exchange->n_people[from]; m++) {
        uint32_t person = exchange->people[from][m];
        uint32_t pair = pair_to(exchange, person, to);
        int goes_out =
            to == exchange->outside && !face->must_place[person] && !exchange->is_settled[person];
        if (pair == PROBLEM_NONE && !goes_out)
            continue;
        move_person(exchange, person, pair);
        return;
    }
}

/* The person takes the pair, and along the path everyone makes room. Backwards from the goal: each
 * step then sees its own node as it was, and nobody moves twice. */
static void take_path(struct exchange *exchange, uint32_t person, uint32_t pair, uint32_t goal)
{
    uint32_t n = 0, *path = exchange->stack;
    for (uint32_t node = goal; node != PROBLEM_NONE; node = exchange->from[node])
        path[n++] = node;
    for (uint32_t k = 0; k < n; k++)
        room_arc(exchange, path[k], -1);
    for (uint32_t k = 0; k + 1 < n; k++)
        take_step(exchange, path[k + 1], path[k]);
    move_person(exchange, person, pair);
    for (uint32_t k = 0; k < n; k++)
        room_arc(exchange, path[k], 1);
}

static void settle(struct exchange *exchange, uint32_t person)
{
    uint32_t n = list_options(exchange, person);
    uint32_t goal = part_of(exchange, exchange->chosen[person]);
    person_arcs(exchange, person, -1);
    exchange->is_settled[person] = 1;
    memset(exchange->unseen, 0xff, exchange->words * sizeof(uint64_t));
    uint32_t found = PROBLEM_NONE;
    for (uint32_t k = 0; k < n && found == PROBLEM_NONE; k++) {
        uint32_t part = part_of(exchange, exchange->options[k]);
        if (is_unseen(exchange, part) && search(exchange, part, goal))
            found = exchange->options[k];
    }
    if (found == PROBLEM_NONE) {
        person_arcs(exchange, person, 1);
        return;
    }
    exchange->is_settled[person] =
        0; /* arcs are back as they were, for move_person to take them along */
    person_arcs(exchange, person, 1);
    take_path(exchange, person, found, goal);
    person_arcs(exchange, person, -1);
    exchange->is_settled[person] = 1;
    person_arcs(exchange, person, 1);
}

void ties_settle(const struct face *face, uint32_t *chosen)
{
    struct exchange exchange;
    exchange_init(&exchange, face, chosen);
    for (uint32_t k = 0; k < face->problem->n_people; k++)
        settle(&exchange, face->problem->tie_order[k]);
    exchange_clear(&exchange);
}
