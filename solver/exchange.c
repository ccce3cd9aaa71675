/* exchange.c - see exchange.h.
 *
 * A row holds every node that somebody there can go to, and perhaps a few more: who leaves or
 * settles takes nothing away at once. So a search that does not reach its goal is right, and cuts
 * the set in two for good: settling only takes ways away, and people who go round leave the
 * components as they are. A path that is found is gone over step by step; a step that nobody can
 * take any more costs its bit, and the search begins anew. */
#include "solver/exchange.h"

#include "models/alloc.h"
#include "solver/components.h"

#include <stdlib.h>
#include <string.h>

/* Measured: a row of a FEW people is made anew whenever one of them left, that of at most MANY when
 * a step turned out to be none. */
enum { FEW = 8, MANY = 64 };

static uint32_t node_of(const struct exchange *exchange, uint32_t pair)
{
    return pair == PROBLEM_NONE ? exchange->outside : exchange->face->problem->pairs[pair].part;
}

static uint32_t pool_of(const struct exchange *exchange, uint32_t pair)
{
    const struct problem *problem = exchange->face->problem;
    return problem->parts[problem->pairs[pair].part].pool_index;
}

static void bit_set(uint64_t *bits, uint32_t at)
{
    bits[at / 64] |= UINT64_C(1) << (at % 64);
}

static void bit_clear(uint64_t *bits, uint32_t at)
{
    bits[at / 64] &= ~(UINT64_C(1) << (at % 64));
}

static int bit_is_set(const uint64_t *bits, uint32_t at)
{
    return (int)(bits[at / 64] >> (at % 64) & 1);
}

/* -- people and where they may go -- */

/* May this open person still use this pair: any of theirs, or after their turn only those of their
 * pool? */
static int is_allowed(const struct exchange *exchange, uint32_t person, uint32_t pair)
{
    return !exchange->is_settled[person] ||
           pool_of(exchange, pair) == pool_of(exchange, exchange->chosen[person]);
}

static int may_leave(const struct exchange *exchange, uint32_t person)
{
    return !exchange->face->must_place[person] && !exchange->is_settled[person];
}

static int is_same_component(const struct exchange *exchange, uint32_t a, uint32_t b)
{
    return exchange->row_at[a] != SIZE_MAX && exchange->row_at[b] != SIZE_MAX &&
           exchange->sets[exchange->set_of[a]].first == exchange->sets[exchange->set_of[b]].first;
}

static int has_room(const struct exchange *exchange, uint32_t part)
{
    return exchange->used[part] < exchange->face->problem->parts[part].capacity;
}

/* Where the parts are few most rows soon lead everywhere. */
static int shows_all(const struct exchange *exchange, uint32_t node)
{
    const struct exchange_set *set = &exchange->sets[exchange->set_of[node]];
    const uint64_t *row = &exchange->rows[exchange->row_at[node]];
    return set->words == 1 && (exchange->masks[set->mask] & ~row[0]) == 0;
}

static void show_ways(struct exchange *exchange, uint32_t person, uint32_t node)
{
    uint64_t *row = &exchange->rows[exchange->row_at[node]];
    uint32_t end = exchange->first_way[person + 1];
    if (shows_all(exchange, node))
        return;
    int may_go_anywhere = !exchange->is_settled[person];
    for (uint32_t w = exchange->first_way[person]; w < end; w++)
        if (may_go_anywhere || is_allowed(exchange, person, exchange->ways[w]))
            bit_set(row, exchange->local[exchange->way_to[w]]);
    if (node != exchange->outside && may_leave(exchange, person) &&
        is_same_component(exchange, node, exchange->outside))
        bit_set(row, exchange->local[exchange->outside]);
}

/* A bed may be left free in any part that need not be full. */
static void show_spare_beds(struct exchange *exchange)
{
    uint32_t outside = exchange->outside;
    for (uint32_t part = 0; part < outside; part++)
        if (!exchange->face->must_fill[part] && is_same_component(exchange, part, outside))
            bit_set(&exchange->rows[exchange->row_at[outside]], exchange->local[part]);
}

static void node_add(struct exchange *exchange, uint32_t node, uint32_t person)
{
    uint32_t first = exchange->head[node];
    exchange->next[person] = first;
    exchange->before[person] = PROBLEM_NONE;
    if (first != PROBLEM_NONE)
        exchange->before[first] = person;
    exchange->head[node] = person;
    exchange->n_open[node]++;
}

static void node_remove(struct exchange *exchange, uint32_t node, uint32_t person)
{
    uint32_t before = exchange->before[person], next = exchange->next[person];
    if (before == PROBLEM_NONE)
        exchange->head[node] = next;
    else
        exchange->next[before] = next;
    if (next != PROBLEM_NONE)
        exchange->before[next] = before;
    exchange->n_open[node]--;
}

static void move_person(struct exchange *exchange, uint32_t person, uint32_t pair)
{
    uint32_t from = exchange->where[person], to = node_of(exchange, pair);
    node_remove(exchange, from, person);
    exchange->left[from]++;
    exchange->used[from]--;
    exchange->chosen[person] = pair;
    exchange->where[person] = to;
    exchange->used[to]++;
    node_add(exchange, to, person);
    show_ways(exchange, person, to);
}

/* -- the beginning -- */

/* Nodes by component; a row of bits for every node that is not alone. */
static void init_sets(struct exchange *exchange)
{
    uint32_t n = exchange->n;
    uint32_t n_sets = components_find(exchange->face, exchange->where, exchange->set_of);
    uint32_t *first = alloc_zero((size_t)n_sets + 1, sizeof(uint32_t));
    size_t n_rows = 0;
    for (uint32_t node = 0; node < n; node++)
        first[exchange->set_of[node] + 1]++;
    exchange->sets = alloc_zero(n_sets, sizeof *exchange->sets);
    exchange->n_sets = exchange->room_sets = n_sets;
    for (uint32_t set = 0; set < n_sets; set++) {
        uint32_t size = first[set + 1];
        first[set + 1] += first[set];
        exchange->sets[set] =
            (struct exchange_set){first[set], (size + 63) / 64, exchange->n_masks};
        exchange->n_masks += size > 1 ? exchange->sets[set].words : 0;
    }
    exchange->masks = alloc_zero(exchange->n_masks + 1, sizeof(uint64_t));
    exchange->room_masks = exchange->n_masks + 1;
    for (uint32_t node = 0; node < n; node++) {
        const struct exchange_set *set = &exchange->sets[exchange->set_of[node]];
        uint32_t at = first[exchange->set_of[node]]++;
        exchange->order[at] = node;
        exchange->local[node] = at - set->first;
    }
    for (uint32_t node = 0; node < n; node++) {
        const struct exchange_set *set = &exchange->sets[exchange->set_of[node]];
        int is_alone = first[exchange->set_of[node]] - set->first == 1;
        exchange->row_at[node] = is_alone ? SIZE_MAX : n_rows;
        n_rows += is_alone ? 0 : set->words;
        if (!is_alone)
            bit_set(&exchange->masks[set->mask], exchange->local[node]);
    }
    exchange->rows = alloc_zero(n_rows + 1, sizeof(uint64_t));
    free(first);
}

/* Keeps the ways within the component of people who have another there than their own, or who may
 * be left without a bed there. */
static void keep_ways(struct exchange *exchange)
{
    const struct face *face = exchange->face;
    uint32_t n = 0, n_people = face->problem->n_people;
    size_t n_ways = (size_t)face->first[n_people] + 1;
    exchange->kept = alloc_resize(NULL, (size_t)n_people + 1 + 2 * n_ways, sizeof(uint32_t));
    uint32_t *first_way = exchange->kept, *ways = first_way + n_people + 1, *way_to = ways + n_ways;
    for (uint32_t i = 0; i < n_people; i++) {
        uint32_t node = exchange->where[i], begin = n;
        first_way[i] = n;
        if (exchange->row_at[node] == SIZE_MAX)
            continue;
        for (uint32_t at = face->first[i]; at < face->first[i + 1]; at++)
            if (is_same_component(exchange, node, face->parts[at])) {
                ways[n] = face->pairs[at];
                way_to[n++] = face->parts[at];
            }
        int is_out = node != exchange->outside && !face->must_place[i] &&
                     is_same_component(exchange, node, exchange->outside);
        if (n - begin + (uint32_t)is_out < 2 - (uint32_t)(node == exchange->outside))
            n = begin;
    }
    first_way[n_people] = n;
    exchange->first_way = first_way;
    exchange->ways = ways;
    exchange->way_to = way_to;
}

/* Where everything is one component no way leads out of it. */
static void init_ways(struct exchange *exchange)
{
    const struct face *face = exchange->face;
    exchange->first_way = face->first;
    exchange->ways = face->pairs;
    exchange->way_to = face->parts;
    if (exchange->n_sets > 1)
        keep_ways(exchange);
}

static void init_people(struct exchange *exchange)
{
    for (uint32_t node = 0; node < exchange->n; node++)
        exchange->head[node] = PROBLEM_NONE;
    for (uint32_t i = 0; i < exchange->face->problem->n_people; i++) {
        uint32_t node = exchange->where[i];
        exchange->used[node]++;
        if (!exchange_is_open(exchange, i))
            continue;
        node_add(exchange, node, i);
        show_ways(exchange, i, node);
    }
    if (exchange->row_at[exchange->outside] != SIZE_MAX)
        show_spare_beds(exchange);
}

void exchange_init(struct exchange *exchange, const struct face *face, uint32_t *chosen)
{
    const struct problem *problem = face->problem;
    size_t n = (size_t)problem->n_parts + 1, people = (size_t)problem->n_people + 1;
    *exchange = (struct exchange){.face = face, .chosen = chosen, .n = (uint32_t)n};
    exchange->outside = (uint32_t)n - 1;
    exchange->set_of = alloc_zero(n, sizeof(uint32_t));
    exchange->order = alloc_zero(n, sizeof(uint32_t));
    exchange->local = alloc_zero(n, sizeof(uint32_t));
    exchange->row_at = alloc_zero(n, sizeof(size_t));
    exchange->left = alloc_zero(n, sizeof(uint32_t));
    exchange->used = alloc_zero(n, sizeof(int64_t));
    exchange->is_settled = alloc_zero(people, 1);
    exchange->head = alloc_zero(n, sizeof(uint32_t));
    exchange->n_open = alloc_zero(n, sizeof(uint32_t));
    exchange->next = alloc_zero(people, sizeof(uint32_t));
    exchange->before = alloc_zero(people, sizeof(uint32_t));
    exchange->unseen = alloc_zero((n + 63) / 64, sizeof(uint64_t));
    exchange->from = alloc_zero(n, sizeof(uint32_t));
    exchange->queue = alloc_zero(n, sizeof(uint32_t));
    exchange->mover = alloc_zero(n, sizeof(uint32_t));
    exchange->mover_pair = alloc_zero(n, sizeof(uint32_t));
    exchange->where = alloc_resize(NULL, people, sizeof(uint32_t));
    face_parts(face, chosen, exchange->where);
    for (uint32_t i = 0; i < problem->n_people; i++)
        exchange->where[i] =
            exchange->where[i] == PROBLEM_NONE ? exchange->outside : exchange->where[i];
    init_sets(exchange);
    init_ways(exchange);
    init_people(exchange);
}

void exchange_clear(struct exchange *exchange)
{
    free(exchange->where);
    free(exchange->set_of);
    free(exchange->order);
    free(exchange->local);
    free(exchange->sets);
    free(exchange->masks);
    free(exchange->row_at);
    free(exchange->rows);
    free(exchange->left);
    free(exchange->used);
    free(exchange->kept);
    free(exchange->is_settled);
    free(exchange->head);
    free(exchange->n_open);
    free(exchange->next);
    free(exchange->before);
    free(exchange->unseen);
    free(exchange->from);
    free(exchange->queue);
    free(exchange->mover);
    free(exchange->mover_pair);
}

int exchange_is_open(const struct exchange *exchange, uint32_t person)
{
    return exchange->first_way[person] < exchange->first_way[person + 1];
}

const uint32_t *exchange_ways(const struct exchange *exchange, uint32_t person, uint32_t *n)
{
    *n = exchange->first_way[person + 1] - exchange->first_way[person];
    return &exchange->ways[exchange->first_way[person]];
}

uint32_t exchange_set_of(const struct exchange *exchange, uint32_t person)
{
    return exchange->set_of[exchange->where[person]];
}

int exchange_is_alone(const struct exchange *exchange, uint32_t person)
{
    const struct exchange_set *set = &exchange->sets[exchange_set_of(exchange, person)];
    uint64_t nodes = exchange->masks[set->mask];
    return set->words == 1 && (nodes & (nodes - 1)) == 0;
}

void exchange_look_ahead(const struct exchange *exchange, uint32_t person)
{
    uint32_t first = exchange->first_way[person], end = exchange->first_way[person + 1];
    if (first == end)
        return;
    __builtin_prefetch(&exchange->way_to[first]);
    __builtin_prefetch(&exchange->way_to[end - 1]);
    __builtin_prefetch(&exchange->ways[first]);
    __builtin_prefetch(&exchange->ways[end - 1]);
    problem_ask_for_pairs(exchange->face->problem, person);
}

/* -- searching -- */

static void make_row(struct exchange *exchange, uint32_t node)
{
    uint32_t words = exchange->sets[exchange->set_of[node]].words;
    memset(&exchange->rows[exchange->row_at[node]], 0, words * sizeof(uint64_t));
    for (uint32_t i = exchange->head[node]; i != PROBLEM_NONE; i = exchange->next[i])
        show_ways(exchange, i, node);
    if (node == exchange->outside)
        show_spare_beds(exchange);
    exchange->left[node] = 0;
}

static const uint64_t *row_of(struct exchange *exchange, uint32_t node)
{
    uint32_t left = exchange->left[node], n_open = exchange->n_open[node];
    if (left > n_open || (left && n_open <= FEW))
        make_row(exchange, node);
    uint64_t *row = &exchange->rows[exchange->row_at[node]];
    if (node != exchange->outside && has_room(exchange, node) &&
        is_same_component(exchange, node, exchange->outside))
        bit_set(row, exchange->local[exchange->outside]);
    return row;
}

/* The first word from that one on in which both have a bit; `words` = there is none. */
static uint32_t next_common(const uint64_t *row, const uint64_t *unseen, uint32_t word,
                            uint32_t words)
{
    for (; word + 4 <= words; word += 4)
        if ((row[word] & unseen[word]) | (row[word + 1] & unseen[word + 1]) |
            (row[word + 2] & unseen[word + 2]) | (row[word + 3] & unseen[word + 3]))
            break;
    while (word < words && !(row[word] & unseen[word]))
        word++;
    return word;
}

/* From `start`, the nearest first, to `goal` in the same set: 1 when it was reached. */
static int search(struct exchange *exchange, uint32_t start, uint32_t goal)
{
    const struct exchange_set *set = &exchange->sets[exchange->set_of[start]];
    const uint32_t *nodes = &exchange->order[set->first];
    uint64_t *unseen = exchange->unseen;
    uint32_t head = 0, tail = 0;
    memcpy(unseen, &exchange->masks[set->mask], set->words * sizeof(uint64_t));
    bit_clear(unseen, exchange->local[start]);
    exchange->from[start] = PROBLEM_NONE;
    exchange->queue[tail++] = start;
    while (head < tail) {
        uint32_t node = exchange->queue[head++];
        const uint64_t *row = row_of(exchange, node);
        if (bit_is_set(row, exchange->local[goal])) {
            exchange->from[goal] = node;
            return 1;
        }
        for (uint32_t w = next_common(row, unseen, 0, set->words); w < set->words;
             w = next_common(row, unseen, w + 1, set->words)) {
            uint64_t bits = row[w] & unseen[w];
            unseen[w] &= ~bits;
            for (; bits; bits &= bits - 1) {
                uint32_t next = nodes[w * 64 + (uint32_t)__builtin_ctzll(bits)];
                exchange->from[next] = node;
                exchange->queue[tail++] = next;
            }
        }
    }
    return 0;
}

/* What the last search saw has no way back to the rest: a set of its own. */
static void split(struct exchange *exchange, uint32_t start)
{
    struct exchange_set old = exchange->sets[exchange->set_of[start]];
    uint32_t number = (uint32_t)exchange->n_sets;
    ALLOC_GROW(exchange->sets, exchange->n_sets, exchange->room_sets);
    while (exchange->n_masks + old.words > exchange->room_masks) {
        exchange->room_masks *= 2;
        exchange->masks = alloc_resize(exchange->masks, exchange->room_masks, sizeof(uint64_t));
    }
    exchange->sets[exchange->n_sets++] =
        (struct exchange_set){old.first, old.words, exchange->n_masks};
    for (uint32_t w = 0; w < old.words; w++) {
        uint64_t seen = exchange->masks[old.mask + w] & ~exchange->unseen[w];
        exchange->masks[old.mask + w] &= exchange->unseen[w];
        exchange->masks[exchange->n_masks++] = seen;
        for (; seen; seen &= seen - 1)
            exchange
                ->set_of[exchange->order[old.first + w * 64 + (uint32_t)__builtin_ctzll(seen)]] =
                number;
    }
}

/* The pair by which this person goes to that node (PROBLEM_NONE to the outside); 0 = they cannot.
 */
static int can_go(const struct exchange *exchange, uint32_t person, uint32_t to, uint32_t *pair)
{
    uint32_t low = exchange->first_way[person], high = exchange->first_way[person + 1];
    *pair = PROBLEM_NONE;
    if (to == exchange->outside)
        return may_leave(exchange, person);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (exchange->way_to[middle] < to)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == exchange->first_way[person + 1] || exchange->way_to[low] != to)
        return 0;
    *pair = exchange->ways[low];
    return is_allowed(exchange, person, *pair);
}

/* Who takes the step to `to`: a spare bed (PROBLEM_NONE) where one may, else the first person who
 * can; 0 = nobody. */
static int find_mover(struct exchange *exchange, uint32_t from, uint32_t to)
{
    exchange->mover[to] = PROBLEM_NONE;
    if ((to == exchange->outside && has_room(exchange, from)) ||
        (from == exchange->outside && !exchange->face->must_fill[to]))
        return 1;
    for (uint32_t i = exchange->head[from]; i != PROBLEM_NONE; i = exchange->next[i]) {
        if (!can_go(exchange, i, to, &exchange->mover_pair[to]))
            continue;
        exchange->mover[to] = i;
        return 1;
    }
    return 0;
}

static void strike_out(struct exchange *exchange, uint32_t from, uint32_t to)
{
    if (exchange->left[from] && exchange->n_open[from] <= MANY)
        make_row(exchange, from);
    else
        bit_clear(&exchange->rows[exchange->row_at[from]], exchange->local[to]);
}

/* 0 = a step of the path is one that nobody can take any more; it is struck out. */
static int find_movers(struct exchange *exchange, uint32_t goal)
{
    for (uint32_t to = goal, from; (from = exchange->from[to]) != PROBLEM_NONE; to = from)
        if (!find_mover(exchange, from, to)) {
            strike_out(exchange, from, to);
            return 0;
        }
    return 1;
}

int exchange_take(struct exchange *exchange, uint32_t person, uint32_t pair)
{
    uint32_t start = node_of(exchange, pair), goal = exchange->where[person];
    do {
        if (!search(exchange, start, goal)) {
            split(exchange, start);
            return 0;
        }
    } while (!find_movers(exchange, goal));
    for (uint32_t to = goal; exchange->from[to] != PROBLEM_NONE; to = exchange->from[to])
        if (exchange->mover[to] != PROBLEM_NONE)
            move_person(exchange, exchange->mover[to], exchange->mover_pair[to]);
    move_person(exchange, person, pair);
    return 1;
}

void exchange_settle(struct exchange *exchange, uint32_t person)
{
    uint32_t n, now = exchange->chosen[person], node = exchange->where[person];
    const uint32_t *ways = exchange_ways(exchange, person, &n);
    exchange->is_settled[person] = 1;
    exchange->left[node]++;
    int has_two = exchange->face->problem->n_parts > exchange->face->problem->n_pools;
    for (uint32_t w = 0; has_two && now != PROBLEM_NONE && w < n; w++)
        if (ways[w] != now && is_allowed(exchange, person, ways[w]))
            return;
    node_remove(exchange, node, person);
}
