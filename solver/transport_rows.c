/* transport_rows.c - see transport_rows.h. */
#include "solver/transport_rows.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

/* Looking up where a person is who could come takes so much longer than the next way of somebody at
 * hand: it is somewhere else in memory. */
enum { COMER_COST = 12 };

/* What the row of a node lost with somebody who left. */
struct loss {
    size_t n;       /* steps */
    uint64_t n_in;  /* ways into the parts that they led to */
    int is_outside; /* one of them led outside */
};

/* The ways by the part they lead to, so that a lost minimum is found again among those who could go
 * there. */
static void index_ways(struct transport_rows *rows)
{
    rows->first_in = alloc_zero((size_t)rows->outside + 2, sizeof(uint32_t));
    rows->in = alloc_zero((size_t)rows->n_ways + 1, sizeof(uint32_t));
    for (uint32_t way = 0; way < rows->n_ways; way++)
        rows->first_in[rows->to[way] + 1]++;
    for (uint32_t part = 0; part < rows->outside; part++)
        rows->first_in[part + 1] += rows->first_in[part];
    for (uint32_t way = 0; way < rows->n_ways; way++)
        rows->in[rows->first_in[rows->to[way]]++] = way;
    memmove(rows->first_in + 1, rows->first_in, (size_t)rows->outside * sizeof(uint32_t));
    rows->first_in[0] = 0;
}

void transport_rows_init(struct transport_rows *rows, const struct face *face, const int64_t *gain)
{
    const struct problem *problem = face->problem;
    size_t nodes = (size_t)problem->n_parts + 1, people = (size_t)problem->n_people + 1;
    *rows = (struct transport_rows){.face = face, .n_people = problem->n_people};
    rows->outside = problem->n_parts;
    rows->n_ways = face->first[problem->n_people];
    rows->to = alloc_zero((size_t)rows->n_ways + 1, sizeof(uint32_t));
    rows->person = alloc_zero((size_t)rows->n_ways + 1, sizeof(uint32_t));
    rows->value = alloc_zero((size_t)rows->n_ways + 1, sizeof(int64_t));
    for (uint32_t way = 0; way < rows->n_ways; way++) {
        const struct problem_pair *pair = &problem->pairs[face->pairs[way]];
        rows->to[way] = pair->part;
        rows->person[way] = pair->person;
        rows->value[way] = gain[face->pairs[way]];
    }
    index_ways(rows);
    rows->outside_value = alloc_zero(people, sizeof(int64_t));
    rows->now = alloc_zero(people, sizeof(uint32_t));
    rows->next = alloc_zero(people, sizeof(uint32_t));
    rows->before = alloc_zero(people, sizeof(uint32_t));
    rows->head = alloc_zero(nodes, sizeof(uint32_t));
    rows->count = alloc_zero(nodes, sizeof(uint32_t));
    rows->place = alloc_zero(nodes, sizeof(uint32_t));
    rows->rows = alloc_zero(nodes, sizeof(struct transport_row));
    transport_rows_empty(rows);
}

void transport_rows_clear(struct transport_rows *rows)
{
    for (uint32_t node = 0; rows->rows && node <= rows->outside; node++)
        free(rows->rows[node].steps);
    free(rows->to);
    free(rows->person);
    free(rows->value);
    free(rows->first_in);
    free(rows->in);
    free(rows->outside_value);
    free(rows->now);
    free(rows->next);
    free(rows->before);
    free(rows->head);
    free(rows->count);
    free(rows->place);
    free(rows->rows);
}

void transport_rows_empty(struct transport_rows *rows)
{
    memset(rows->now, 0xff, (size_t)rows->n_people * sizeof(uint32_t));
    memset(rows->head, 0xff, ((size_t)rows->outside + 1) * sizeof(uint32_t));
    memset(rows->count, 0, ((size_t)rows->outside + 1) * sizeof(uint32_t));
    for (uint32_t node = 0; node <= rows->outside; node++)
        rows->rows[node].is_stale = 1;
}

uint32_t transport_rows_to(const struct transport_rows *rows, uint32_t way)
{
    return way < rows->n_ways ? rows->to[way] : rows->outside;
}

uint32_t transport_rows_person(const struct transport_rows *rows, uint32_t way)
{
    return way < rows->n_ways ? rows->person[way] : way - rows->n_ways;
}

int64_t transport_rows_value(const struct transport_rows *rows, uint32_t way)
{
    return way < rows->n_ways ? rows->value[way] : rows->outside_value[way - rows->n_ways];
}

static void people_add(struct transport_rows *rows, uint32_t node, uint32_t person)
{
    uint32_t head = rows->head[node];
    rows->before[person] = PROBLEM_NONE;
    rows->next[person] = head;
    if (head != PROBLEM_NONE)
        rows->before[head] = person;
    rows->head[node] = person;
    rows->count[node]++;
}

static void people_remove(struct transport_rows *rows, uint32_t node, uint32_t person)
{
    uint32_t next = rows->next[person], before = rows->before[person];
    if (next != PROBLEM_NONE)
        rows->before[next] = before;
    if (before != PROBLEM_NONE)
        rows->next[before] = next;
    else
        rows->head[node] = next;
    rows->count[node]--;
}

/* -- rows ---------------------------------------------------------------------------------------
 */

static void mark_places(struct transport_rows *rows, const struct transport_row *row)
{
    for (size_t s = 0; s < row->n; s++)
        rows->place[row->steps[s].to] = (uint32_t)s + 1;
}

static void wipe_places(struct transport_rows *rows, const struct transport_row *row)
{
    for (size_t s = 0; s < row->n; s++)
        rows->place[row->steps[s].to] = 0;
}

/* Between equal losses the smaller number of the way decides, so that a row depends on its people
 * alone and not on how they came. */
static void offer_step(struct transport_rows *rows, struct transport_row *row, uint32_t to,
                       uint32_t way, int64_t loss)
{
    uint32_t known = rows->place[to];
    if (known) {
        struct transport_step *step = &row->steps[known - 1];
        if (loss < step->loss || (loss == step->loss && way < step->way))
            *step = (struct transport_step){to, way, loss};
        return;
    }
    ALLOC_GROW(row->steps, row->n, row->room);
    row->steps[row->n++] = (struct transport_step){to, way, loss};
    rows->place[to] = (uint32_t)row->n;
}

static void offer_person(struct transport_rows *rows, struct transport_row *row, uint32_t node,
                         uint32_t person)
{
    const struct face *face = rows->face;
    int64_t had = transport_rows_value(rows, rows->now[person]);
    for (uint32_t way = face->first[person]; way < face->first[person + 1]; way++)
        if (rows->to[way] != node)
            offer_step(rows, row, rows->to[way], way, had - rows->value[way]);
    if (node != rows->outside && rows->outside_value[person] != INT64_MIN)
        offer_step(rows, row, rows->outside, rows->n_ways + person,
                   had - rows->outside_value[person]);
}

const struct transport_row *transport_rows_of(struct transport_rows *rows, uint32_t node)
{
    struct transport_row *row = &rows->rows[node];
    if (!row->is_stale)
        return row;
    row->is_stale = 0;
    row->n = 0;
    for (uint32_t i = rows->head[node]; i != PROBLEM_NONE; i = rows->next[i])
        offer_person(rows, row, node, i);
    wipe_places(rows, row);
    return row;
}

/* A step whose mover has left waits for another one, who may lose anything. */
static void lose_steps(struct transport_rows *rows, struct transport_row *row, uint32_t leaver,
                       struct loss *lost)
{
    uint32_t from = rows->face->first[leaver], to = rows->face->first[leaver + 1];
    *lost = (struct loss){0};
    for (size_t s = 0; s < row->n; s++) {
        struct transport_step *step = &row->steps[s];
        int is_outside = step->way == rows->n_ways + leaver;
        if (!is_outside && (step->way < from || step->way >= to))
            continue;
        rows->place[step->to] = (uint32_t)s + 1;
        step->way = PROBLEM_NONE;
        step->loss = INT64_MAX;
        lost->n++;
        lost->is_outside |= is_outside;
        lost->n_in += is_outside ? 0 : rows->first_in[step->to + 1] - rows->first_in[step->to];
    }
}

/* The ways of a person lie anywhere in memory: asked for while those of another are looked at. */
static void look_ahead(const struct transport_rows *rows, uint32_t person)
{
    if (person == PROBLEM_NONE)
        return;
    __builtin_prefetch(&rows->to[rows->face->first[person]]);
    __builtin_prefetch(&rows->to[rows->face->first[person + 1]]);
}

/* Those who are at the node, all their ways. */
static void ask_members(struct transport_rows *rows, struct transport_row *row, uint32_t node)
{
    const struct face *face = rows->face;
    for (uint32_t i = rows->head[node]; i != PROBLEM_NONE; i = rows->next[i]) {
        look_ahead(rows, rows->next[i]);
        for (uint32_t way = face->first[i]; way < face->first[i + 1]; way++)
            if (rows->place[rows->to[way]])
                offer_step(rows, row, rows->to[way], way,
                           transport_rows_value(rows, rows->now[i]) - rows->value[way]);
    }
}

/* Those who could go there, if they are at the node. */
static void ask_comers(struct transport_rows *rows, struct transport_row *row, uint32_t node,
                       uint32_t to)
{
    for (uint32_t k = rows->first_in[to]; k < rows->first_in[to + 1]; k++) {
        uint32_t way = rows->in[k], now = rows->now[rows->person[way]];
        if (now != PROBLEM_NONE && transport_rows_to(rows, now) == node)
            offer_step(rows, row, to, way, transport_rows_value(rows, now) - rows->value[way]);
    }
}

static void ask_outside(struct transport_rows *rows, struct transport_row *row, uint32_t node)
{
    for (uint32_t i = rows->head[node]; i != PROBLEM_NONE; i = rows->next[i])
        if (rows->outside_value[i] != INT64_MIN)
            offer_step(rows, row, rows->outside, rows->n_ways + i,
                       transport_rows_value(rows, rows->now[i]) - rows->outside_value[i]);
}

/* Somebody has left: the minima that were theirs are looked for again, where that is fewer ways to
 * look at: those of the node's people, or those into the parts that were lost. */
static void mend(struct transport_rows *rows, uint32_t node, uint32_t leaver)
{
    struct transport_row *row = &rows->rows[node];
    struct loss lost;
    lose_steps(rows, row, leaver, &lost);
    if (!lost.n)
        return;
    uint64_t ways_each = rows->n_ways / rows->n_people + 1;
    int is_by_members = rows->count[node] * ways_each <= lost.n_in * COMER_COST;
    if (is_by_members)
        ask_members(rows, row, node);
    for (size_t s = 0; s < row->n && !is_by_members; s++)
        if (row->steps[s].to != rows->outside && rows->place[row->steps[s].to])
            ask_comers(rows, row, node, row->steps[s].to);
    if (lost.is_outside)
        ask_outside(rows, row, node);
    for (size_t s = 0; s < row->n;) {
        rows->place[row->steps[s].to] = 0;
        if (row->steps[s].way == PROBLEM_NONE)
            row->steps[s] = row->steps[--row->n];
        else
            s++;
    }
}

void transport_rows_place(struct transport_rows *rows, uint32_t way)
{
    uint32_t person = transport_rows_person(rows, way), node = transport_rows_to(rows, way);
    rows->now[person] = way;
    people_add(rows, node, person);
    rows->rows[node].is_stale = 1;
}

void transport_rows_move(struct transport_rows *rows, uint32_t way)
{
    uint32_t person = transport_rows_person(rows, way);
    uint32_t from = transport_rows_to(rows, rows->now[person]), to = transport_rows_to(rows, way);
    people_remove(rows, from, person);
    rows->now[person] = way;
    people_add(rows, to, person);
    if (!rows->rows[from].is_stale)
        mend(rows, from, person);
    if (rows->rows[to].is_stale)
        return;
    mark_places(rows, &rows->rows[to]);
    offer_person(rows, &rows->rows[to], to, person);
    wipe_places(rows, &rows->rows[to]);
}
