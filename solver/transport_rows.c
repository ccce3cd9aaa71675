/* transport_rows.c - see transport_rows.h. */
#include "solver/transport_rows.h"

#include "models/alloc.h"
#include "models/slices.h"

#include <stdlib.h>
#include <string.h>

/* Looking for a way among those of somebody at hand takes as long as looking up where MEMBER_COST
 * of those are who could come. A row is made anew when every NEW_PART-th of its people is new. */
enum { MEMBER_COST = 4, NEW_PART = 8 };

/* Of a line of the cache; as many steps as most rows have at the least. */
enum { PARTS_PER_LINE = 16, VALUES_PER_LINE = 8, FEW_STEPS = 64 };

/* The people by the part that they could go to, so that a lost mover is found again among them.
 * Only rounds with nodes of many people need it. */
static void index_comers(struct transport_rows *rows)
{
    const uint32_t *first = rows->face->first;
    rows->first_in = alloc_zero((size_t)rows->outside + 2, sizeof(uint32_t));
    rows->in = alloc_zero((size_t)rows->n_ways + 1, sizeof(uint32_t));
    for (uint32_t k = 0; k < rows->n_open; k++)
        for (uint32_t way = first[rows->people[k]]; way < first[rows->people[k] + 1]; way++)
            rows->first_in[rows->to[way] + 1]++;
    for (uint32_t part = 0; part < rows->outside; part++)
        rows->first_in[part + 1] += rows->first_in[part];
    for (uint32_t k = 0; k < rows->n_open; k++)
        for (uint32_t way = first[rows->people[k]]; way < first[rows->people[k] + 1]; way++)
            rows->in[rows->first_in[rows->to[way]]++] = rows->people[k];
    memmove(rows->first_in + 1, rows->first_in, (size_t)rows->outside * sizeof(uint32_t));
    rows->first_in[0] = 0;
}

/* Who has a choice, from the front; who has none but a bed, from the end. */
static void list_people(struct transport_rows *rows, int has_fixed)
{
    const struct face *face = rows->face;
    uint32_t end = rows->n_people;
    for (uint32_t part = 0; part < rows->outside; part++)
        rows->beds[part] = face->problem->parts[part].capacity;
    for (uint32_t i = 0; i < rows->n_people; i++) {
        uint32_t way = face->first[i], n = face->first[i + 1] - way;
        if (n == 1 && has_fixed && face->must_place[i]) {
            rows->people[--end] = i;
            rows->beds[face->parts[way]]--;
        } else if (n) {
            rows->people[rows->n_open++] = i;
            rows->n_ways += n;
        }
    }
    rows->n_fixed = rows->n_people - end;
}

struct values { /* of the ways of a stretch of people */
    const struct transport_rows *rows;
    const int64_t *gain; /* by pair */
    int64_t *value;      /* by way; NULL = it is the same */
    int64_t widest[SLICES_MAX];
};

static void fill_values(void *context, size_t slice, size_t first, size_t end)
{
    struct values *values = context;
    const struct transport_rows *rows = values->rows;
    const struct face *face = rows->face;
    int64_t widest = 0;
    for (size_t k = first; k < end; k++) {
        uint32_t i = rows->people[k], last = face->first[i + 1];
        for (uint32_t way = face->first[i]; way < last; way++) {
            int64_t value = values->gain[face->pairs[way]], size = llabs(value);
            if (values->value)
                values->value[way] = value;
            widest = size > widest ? size : widest;
        }
    }
    values->widest[slice] = widest;
}

/* Only ways of the open are looked at. On a face that has all pairs each way is its pair. */
static void set_values(struct transport_rows *rows, const int64_t *gain)
{
    struct values values = {.rows = rows, .gain = gain};
    size_t n_slices = slices_count(rows->n_ways, PROBLEM_SLICE_PAIRS);
    size_t n = (size_t)rows->face->first[rows->n_people];
    if (n < rows->face->problem->n_pairs)
        rows->own_value = values.value = alloc_resize(NULL, n + 1, sizeof(int64_t));
    rows->value = rows->own_value ? rows->own_value : gain;
    slices_run(rows->n_open, n_slices, fill_values, &values);
    for (size_t s = 0; s < n_slices; s++)
        rows->widest = values.widest[s] > rows->widest ? values.widest[s] : rows->widest;
}

void transport_rows_init(struct transport_rows *rows, const struct face *face, const int64_t *gain,
                         const int64_t *price, int has_fixed)
{
    const struct problem *problem = face->problem;
    size_t nodes = (size_t)problem->n_parts + 1, people = (size_t)problem->n_people + 1;
    *rows = (struct transport_rows){.face = face, .n_people = problem->n_people, .price = price};
    rows->outside = problem->n_parts;
    rows->to = face->parts;
    rows->beds = alloc_zero(nodes, sizeof(int64_t));
    rows->people = alloc_zero(people, sizeof(uint32_t));
    list_people(rows, has_fixed);
    set_values(rows, gain);
    rows->outside_value = alloc_zero(people, sizeof(int64_t));
    rows->now = alloc_zero(people, sizeof(uint32_t));
    rows->had = alloc_zero(people, sizeof(int64_t));
    rows->is_new = alloc_zero(people, 1);
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
    free(rows->own_value);
    free(rows->beds);
    free(rows->people);
    free(rows->first_in);
    free(rows->in);
    free(rows->outside_value);
    free(rows->now);
    free(rows->had);
    free(rows->is_new);
    free(rows->head);
    free(rows->next);
    free(rows->before);
    free(rows->count);
    free(rows->place);
    free(rows->rows);
}

void transport_rows_empty(struct transport_rows *rows)
{
    memset(rows->now, 0xff, (size_t)rows->n_people * sizeof(uint32_t));
    memset(rows->head, 0xff, ((size_t)rows->outside + 1) * sizeof(uint32_t));
    memset(rows->count, 0, ((size_t)rows->outside + 1) * sizeof(uint32_t));
    for (uint32_t node = 0; node <= rows->outside; node++) {
        rows->rows[node].is_stale = 1;
        rows->rows[node].n_new = 0;
    }
}

/* -- who is where -- */

/* The first way of a person that leads to the part, or to one after it; the last one if there is
 * none. They have at least one. */
static uint32_t find_way(const struct transport_rows *rows, uint32_t person, uint32_t part)
{
    uint32_t way = rows->face->first[person], n = rows->face->first[person + 1] - way;
    while (n > 1) {
        uint32_t half = n / 2;
        way += rows->to[way + half - 1] < part ? half : 0;
        n -= half;
    }
    return way;
}

uint32_t transport_rows_way(const struct transport_rows *rows, uint32_t person, uint32_t part)
{
    return find_way(rows, person, part);
}

void transport_rows_place(struct transport_rows *rows, uint32_t person, uint32_t node)
{
    uint32_t head = rows->head[node];
    rows->now[person] = node;
    rows->had[person] = node == rows->outside ? rows->outside_value[person]
                                              : rows->value[transport_rows_way(rows, person, node)];
    rows->before[person] = PROBLEM_NONE;
    rows->next[person] = head;
    if (head != PROBLEM_NONE)
        rows->before[head] = person;
    rows->head[node] = person;
    rows->count[node]++;
    rows->is_new[person] = 1;
    rows->rows[node].n_new++;
}

void transport_rows_move(struct transport_rows *rows, uint32_t person, uint32_t node)
{
    uint32_t next = rows->next[person], before = rows->before[person], from = rows->now[person];
    if (next != PROBLEM_NONE)
        rows->before[next] = before;
    if (before != PROBLEM_NONE)
        rows->next[before] = next;
    else
        rows->head[from] = next;
    rows->count[from]--;
    rows->rows[from].n_new -= rows->is_new[person];
    transport_rows_place(rows, person, node);
}

/* -- rows -- */

static void offer_step(struct transport_row *row, uint32_t *place, struct transport_step step)
{
    uint32_t known = place[step.to];
    if (known) {
        if (step.loss < row->steps[known - 1].loss)
            row->steps[known - 1] = step;
        return;
    }
    ALLOC_GROW(row->steps, row->n, row->room);
    row->steps[row->n++] = step;
    place[step.to] = row->n;
}

static void offer_person(const struct transport_rows *rows, uint32_t node, uint32_t person,
                         uint32_t *place)
{
    struct transport_row *row = &rows->rows[node];
    int64_t had = rows->had[person];
    uint32_t end = rows->face->first[person + 1];
    rows->is_new[person] = 0;
    for (uint32_t way = rows->face->first[person]; way < end; way++)
        if (rows->to[way] != node)
            offer_step(row, place,
                       (struct transport_step){had - rows->value[way], rows->to[way], person});
    if (node != rows->outside && rows->outside_value[person] != INT64_MIN)
        offer_step(
            row, place,
            (struct transport_step){had - rows->outside_value[person], rows->outside, person});
}

/* Those of the far steps that cost no more than the horizon become near ones. */
static void sort_steps(const struct transport_rows *rows, struct transport_row *row, uint32_t node,
                       int64_t horizon)
{
    struct transport_step *steps = row->steps;
    row->far = TRANSPORT_ROWS_FAR;
    for (uint32_t s = row->n_near; s < row->n; s++) {
        struct transport_step step = steps[s];
        int64_t price = step.loss + rows->price[step.to];
        if (price <= rows->price[node] + horizon) {
            steps[s] = steps[row->n_near];
            steps[row->n_near++] = step;
        } else if (price < row->far) {
            row->far = price;
        }
    }
}

static void wipe_places(const struct transport_row *row, uint32_t *place)
{
    for (uint32_t s = 0; s < row->n; s++)
        place[row->steps[s].to] = 0;
}

/* The ways of a person lie anywhere in memory: asked for while those of another are looked at. */
static void look_ahead(const struct transport_rows *rows, uint32_t person)
{
    if (person == PROBLEM_NONE)
        return;
    uint32_t first = rows->face->first[person], end = rows->face->first[person + 1];
    for (uint32_t way = first; way < end; way += PARTS_PER_LINE)
        __builtin_prefetch(&rows->to[way]);
    for (uint32_t way = first; way < end; way += VALUES_PER_LINE)
        __builtin_prefetch(&rows->value[way]);
}

static void make_row(const struct transport_rows *rows, uint32_t node, uint32_t *place)
{
    struct transport_row *row = &rows->rows[node];
    row->n = row->n_near = row->n_new = 0;
    row->is_stale = 0;
    if (!row->steps && rows->head[node] != PROBLEM_NONE) {
        row->steps = alloc_resize(NULL, FEW_STEPS, sizeof *row->steps);
        row->room = FEW_STEPS;
    }
    for (uint32_t i = rows->head[node]; i != PROBLEM_NONE; i = rows->next[i]) {
        look_ahead(rows, rows->next[i]);
        offer_person(rows, node, i, place);
    }
    wipe_places(row, place);
    sort_steps(rows, row, node, rows->horizon);
}

static void make_stretch(void *context, size_t slice, size_t first, size_t end)
{
    const struct transport_rows *rows = context;
    uint32_t *place = alloc_zero((size_t)rows->outside + 1, sizeof(uint32_t));
    (void)slice;
    for (size_t node = first; node < end; node++)
        make_row(rows, (uint32_t)node, place);
    free(place);
}

/* On one core too: which optimum the paths end at hangs on when a row was made. */
void transport_rows_make_ahead(struct transport_rows *rows)
{
    slices_run((size_t)rows->outside + 1, slices_count(rows->n_ways, PROBLEM_SLICE_PAIRS),
               make_stretch, rows);
}

static void take_in(struct transport_rows *rows, uint32_t node)
{
    struct transport_row *row = &rows->rows[node];
    for (uint32_t s = 0; s < row->n; s++)
        rows->place[row->steps[s].to] = s + 1;
    for (uint32_t i = rows->head[node]; row->n_new; i = rows->next[i], row->n_new--)
        offer_person(rows, node, i, rows->place);
    wipe_places(row, rows->place);
    sort_steps(rows, row, node, rows->horizon);
}

struct transport_row *transport_rows_of(struct transport_rows *rows, uint32_t node)
{
    struct transport_row *row = &rows->rows[node];
    if (row->is_stale || row->n_new > rows->count[node] / NEW_PART)
        make_row(rows, node, rows->place);
    else if (row->n_new)
        take_in(rows, node);
    return row;
}

void transport_rows_widen(struct transport_rows *rows, uint32_t node, int64_t horizon)
{
    sort_steps(rows, &rows->rows[node], node, horizon);
}

static void mend_outside(const struct transport_rows *rows, uint32_t node,
                         struct transport_step *step)
{
    for (uint32_t i = rows->head[node]; i != PROBLEM_NONE; i = rows->next[i])
        if (rows->outside_value[i] != INT64_MIN &&
            rows->had[i] - rows->outside_value[i] < step->loss)
            *step =
                (struct transport_step){rows->had[i] - rows->outside_value[i], rows->outside, i};
}

static void mend_part(struct transport_rows *rows, uint32_t node, struct transport_step *step)
{
    if (!rows->in)
        index_comers(rows);
    for (uint32_t k = rows->first_in[step->to]; k < rows->first_in[step->to + 1]; k++) {
        uint32_t i = rows->in[k];
        if (rows->now[i] != node)
            continue;
        int64_t loss = rows->had[i] - rows->value[transport_rows_way(rows, i, step->to)];
        if (loss < step->loss)
            *step = (struct transport_step){loss, step->to, i};
    }
}

static void mend_among(const struct transport_rows *rows, uint32_t node,
                       struct transport_step *step)
{
    uint32_t part = step->to;
    for (uint32_t i = rows->head[node]; i != PROBLEM_NONE; i = rows->next[i]) {
        uint32_t way = find_way(rows, i, part);
        look_ahead(rows, rows->next[i]);
        if (rows->to[way] != part)
            continue;
        int64_t loss = rows->had[i] - rows->value[way];
        if (loss < step->loss)
            *step = (struct transport_step){loss, part, i};
    }
}

void transport_rows_mend(struct transport_rows *rows, uint32_t node, uint32_t at)
{
    struct transport_row *row = &rows->rows[node];
    struct transport_step *step = &row->steps[at];
    uint32_t part = step->to;
    uint64_t comers = rows->n_ways / rows->outside + 1;
    *step = (struct transport_step){INT64_MAX, part, PROBLEM_NONE};
    if (part == rows->outside)
        mend_outside(rows, node, step);
    else if (rows->count[node] * (uint64_t)MEMBER_COST <= comers)
        mend_among(rows, node, step);
    else
        mend_part(rows, node, step);
    if (step->person != PROBLEM_NONE)
        return;
    if (at < row->n_near) {
        *step = row->steps[--row->n_near];
        step = &row->steps[row->n_near];
    }
    *step = row->steps[--row->n];
}
