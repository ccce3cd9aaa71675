/* repair_rows.c - see repair_rows.h. */
#include "solver/repair_rows.h"

#include "models/alloc.h"
#include "models/slices.h"

#include <stdlib.h>

/* A walk over fewer is not worth a thread; the pairs of a person lie anywhere in memory. */
enum { SLICE_PAIRS = 10000, LOOK_AHEAD = 4, MORE_STEPS = 4 };

void repair_rows_init(struct repair_rows *rows, const struct near_graph *graph,
                      const struct near_seat *seats)
{
    size_t parts = (size_t)graph->problem->n_parts + 1;
    *rows = (struct repair_rows){.graph = graph, .seats = seats};
    rows->out = alloc_zero(parts, sizeof *rows->out);
    rows->in = alloc_zero(parts, sizeof *rows->in);
    rows->where = alloc_zero((size_t)graph->problem->n_people + 1, sizeof(uint32_t));
}

void repair_rows_clear(struct repair_rows *rows)
{
    for (uint32_t p = 0; p < rows->graph->problem->n_parts; p++) {
        free(rows->out[p].steps);
        free(rows->in[p].steps);
    }
    free(rows->out);
    free(rows->in);
    free(rows->where);
}

void repair_rows_change_all(struct repair_rows *rows)
{
    rows->are_made = 0;
    for (uint32_t i = 0; i < rows->graph->problem->n_people; i++)
        rows->where[i] = rows->seats[i].part;
}

/* -- all rows -- */

struct making { /* rows, and the people by part: those in p are people[first[p] .. first[p + 1] -
                   1], and the unplaced come last; who has no near pair is not among them */
    struct repair_rows *rows;
    uint32_t *first, *people;
    uint32_t *n_in; /* by part: how many steps lead there */
};

/* Room for as many steps, and a few who come later. */
static void begin_row(struct repair_row *row, uint32_t n_steps)
{
    row->n = 0;
    if (row->room >= n_steps)
        return;
    free(row->steps);
    row->room = n_steps + MORE_STEPS;
    row->steps = alloc_resize(NULL, row->room, sizeof *row->steps);
}

static void offer_end(struct repair_row *row, uint32_t person, int64_t raw)
{
    if (row->end != PROBLEM_NONE && raw >= row->end_raw)
        return;
    row->end = person;
    row->end_raw = raw;
}

/* A resident is never left without a place. */
static void offer_out_end(const struct repair_rows *rows, struct repair_row *row, uint32_t person)
{
    if (rows->graph->problem->people[person].stay_pair == PROBLEM_NONE)
        offer_end(row, person, rows->seats[person].gain);
}

static void offer_in_end(struct repair_row *row, uint32_t person, int64_t gain)
{
    offer_end(row, person, -gain);
}

static void group_people(struct making *making)
{
    const struct near_graph *graph = making->rows->graph;
    const uint32_t *where = making->rows->where;
    uint32_t n_people = graph->problem->n_people, n_parts = graph->problem->n_parts;
    uint32_t *first = making->first = alloc_zero((size_t)n_parts + 4, sizeof *first);
    making->people = alloc_resize(NULL, (size_t)n_people + 1, sizeof *making->people);
    for (uint32_t i = 0; i < n_people; i++)
        if (graph->of_person[i] < graph->of_person[i + 1])
            first[(where[i] < n_parts ? where[i] : n_parts) + 2]++;
    for (uint32_t p = 0; p <= n_parts + 1; p++)
        first[p + 1] += first[p];
    for (uint32_t i = 0; i < n_people; i++)
        if (graph->of_person[i] < graph->of_person[i + 1])
            making->people[first[(where[i] < n_parts ? where[i] : n_parts) + 1]++] = i;
}

struct draft {                 /* of a row */
    struct repair_step *steps; /* room for one to each part */
    uint32_t n, *place;        /* by part: 1 + its step; 0 = there is none */
};

static void draft_steps_out(const struct repair_rows *rows, uint32_t part, uint32_t person,
                            struct draft *draft)
{
    const struct near_graph *graph = rows->graph;
    int64_t gain = rows->seats[person].gain;
    for (uint32_t at = graph->of_person[person]; at < graph->of_person[person + 1]; at++) {
        const struct near_pair *to = &graph->list.pairs[at];
        const struct repair_step step = {gain - to->gain, to->part, person};
        uint32_t *place = &draft->place[to->part];
        if (to->part == part)
            continue;
        if (!*place) {
            draft->steps[draft->n++] = step;
            *place = draft->n;
        } else if (step.raw < draft->steps[*place - 1].raw) {
            draft->steps[*place - 1] = step;
        }
    }
}

/* What is read of them: their seat and their near pairs. */
static void ask_for(const struct repair_rows *rows, uint32_t person)
{
    const struct near_pair *pairs = rows->graph->list.pairs;
    const uint32_t *first = &rows->graph->of_person[person];
    const char *end = (const char *)&pairs[first[1]];
    for (const char *at = (const char *)&pairs[first[0]]; at < end; at += PROBLEM_CACHE_LINE)
        __builtin_prefetch(at);
    __builtin_prefetch(&rows->seats[person]);
}

static void make_out(const struct making *making, uint32_t part, struct draft *draft)
{
    struct repair_rows *rows = making->rows;
    struct repair_row *row = &rows->out[part];
    uint32_t placed = making->first[rows->graph->problem->n_parts];
    draft->n = 0;
    row->end = PROBLEM_NONE;
    for (uint32_t at = making->first[part]; at < making->first[part + 1]; at++) {
        if (at + LOOK_AHEAD < placed)
            ask_for(rows, making->people[at + LOOK_AHEAD]);
        offer_out_end(rows, row, making->people[at]);
        draft_steps_out(rows, part, making->people[at], draft);
    }
    begin_row(row, draft->n);
    row->n = draft->n;
    for (uint32_t s = 0; s < draft->n; s++) {
        row->steps[s] = draft->steps[s];
        draft->place[draft->steps[s].part] = 0;
    }
}

static void make_slice_out(void *context, size_t slice, size_t first, size_t end)
{
    const struct making *making = context;
    size_t parts = (size_t)making->rows->graph->problem->n_parts + 1;
    struct draft draft = {.place = alloc_zero(parts, sizeof(uint32_t))};
    draft.steps = alloc_resize(NULL, parts, sizeof *draft.steps);
    (void)slice;
    for (size_t p = first; p < end; p++)
        make_out(making, (uint32_t)p, &draft);
    free(draft.place);
    free(draft.steps);
}

/* Who would come to one of these parts without leaving another. */
static void make_ends_in(const struct making *making, uint32_t first, uint32_t end)
{
    struct repair_rows *rows = making->rows;
    const struct near_graph *graph = rows->graph;
    uint32_t n_parts = graph->problem->n_parts;
    for (uint32_t k = making->first[n_parts]; k < making->first[n_parts + 1]; k++) {
        uint32_t person = making->people[k];
        for (uint32_t at = graph->of_person[person]; at < graph->of_person[person + 1]; at++) {
            const struct near_pair *pair = &graph->list.pairs[at];
            if (pair->part >= first && pair->part < end)
                offer_in_end(&rows->in[pair->part], person, pair->gain);
        }
    }
}

/* The steps in are the steps out, seen from the other end. */
static void make_slice_in(void *context, size_t slice, size_t first, size_t end)
{
    const struct making *making = context;
    struct repair_rows *rows = making->rows;
    (void)slice;
    for (size_t p = first; p < end; p++) {
        begin_row(&rows->in[p], making->n_in[p]);
        rows->in[p].end = PROBLEM_NONE;
    }
    for (uint32_t p = 0; p < rows->graph->problem->n_parts; p++) {
        const struct repair_row *out = &rows->out[p];
        for (const struct repair_step *step = out->steps; step < out->steps + out->n; step++) {
            struct repair_row *in = &rows->in[step->part];
            if (step->part >= first && step->part < end)
                in->steps[in->n++] = (struct repair_step){step->raw, p, step->person};
        }
    }
    make_ends_in(making, (uint32_t)first, (uint32_t)end);
}

static void count_steps_in(struct making *making)
{
    const struct repair_rows *rows = making->rows;
    uint32_t n_parts = rows->graph->problem->n_parts;
    making->n_in = alloc_zero((size_t)n_parts + 1, sizeof(uint32_t));
    for (uint32_t p = 0; p < n_parts; p++)
        for (uint32_t s = 0; s < rows->out[p].n; s++)
            making->n_in[rows->out[p].steps[s].part]++;
}

void repair_rows_make(struct repair_rows *rows)
{
    struct making making = {.rows = rows};
    uint32_t n_parts = rows->graph->problem->n_parts;
    size_t n_slices = slices_count(rows->graph->list.n, SLICE_PAIRS);
    rows->looks += (int64_t)rows->graph->list.n;
    rows->are_made = 1;
    group_people(&making);
    slices_run(n_parts, n_slices, make_slice_out, &making);
    count_steps_in(&making);
    slices_run(n_parts, n_slices, make_slice_in, &making);
    free(making.first);
    free(making.people);
    free(making.n_in);
}

/* -- who came, who went -- */

/* Somebody can take this step from now on. */
static void offer_step(struct repair_row *row, uint32_t part, int64_t raw, uint32_t person)
{
    uint32_t s = 0;
    while (s < row->n && row->steps[s].part != part)
        s++;
    if (s == row->n) {
        ALLOC_GROW(row->steps, row->n, row->room);
        row->n++;
    } else if (row->steps[s].raw <= raw) {
        return;
    }
    row->steps[s] = (struct repair_step){raw, part, person};
}

/* ... which is one out of the one part and into the other. */
static void offer_both(struct repair_rows *rows, uint32_t from, const struct near_pair *to)
{
    int64_t raw = rows->seats[to->person].gain - to->gain;
    offer_step(&rows->out[from], to->part, raw, to->person);
    offer_step(&rows->in[to->part], from, raw, to->person);
}

static void come(struct repair_rows *rows, uint32_t person, uint32_t to)
{
    const struct near_graph *graph = rows->graph;
    for (uint32_t at = graph->of_person[person]; at < graph->of_person[person + 1]; at++)
        if (graph->list.pairs[at].part != to)
            offer_both(rows, to, &graph->list.pairs[at]);
    offer_out_end(rows, &rows->out[to], person);
}

static void leave_all(struct repair_rows *rows, uint32_t person)
{
    const struct near_graph *graph = rows->graph;
    for (uint32_t at = graph->of_person[person]; at < graph->of_person[person + 1]; at++) {
        const struct near_pair *pair = &graph->list.pairs[at];
        offer_in_end(&rows->in[pair->part], person, pair->gain);
    }
}

void repair_rows_change(struct repair_rows *rows, uint32_t person)
{
    uint32_t to = rows->where[person] = rows->seats[person].part;
    if (!rows->are_made)
        return;
    if (to == PROBLEM_NONE)
        leave_all(rows, person);
    else
        come(rows, person, to);
}

void repair_rows_add(struct repair_rows *rows, const struct near_list *more)
{
    for (size_t at = 0; rows->are_made && at < more->n; at++) {
        const struct near_pair *pair = &more->pairs[at];
        uint32_t from = rows->where[pair->person];
        if (from == PROBLEM_NONE)
            offer_in_end(&rows->in[pair->part], pair->person, pair->gain);
        else if (from != pair->part)
            offer_both(rows, from, pair);
    }
}

void repair_rows_find(struct repair_rows *rows, uint32_t from, uint32_t to,
                      struct repair_step *step)
{
    const struct near_graph *graph = rows->graph;
    step->raw = REPAIR_NOBODY;
    rows->looks += graph->of_part[to + 1] - graph->of_part[to];
    for (uint32_t s = graph->of_part[to]; s < graph->of_part[to + 1]; s++) {
        const struct near_step *near = &graph->steps[s];
        if (rows->where[near->person] != from)
            continue;
        int64_t raw = rows->seats[near->person].gain - near->gain;
        if (raw < step->raw)
            *step = (struct repair_step){raw, step->part, near->person};
    }
}

/* The end of a row out of the part (`where` = the part), or into it (`where` = nowhere). */
static int mend_end(struct repair_rows *rows, struct repair_row *row, uint32_t part, uint32_t where)
{
    const struct near_graph *graph = rows->graph;
    if (row->end == PROBLEM_NONE || rows->where[row->end] == where)
        return row->end != PROBLEM_NONE;
    row->end = PROBLEM_NONE;
    rows->looks += graph->of_part[part + 1] - graph->of_part[part];
    for (uint32_t s = graph->of_part[part]; s < graph->of_part[part + 1]; s++) {
        const struct near_step *step = &graph->steps[s];
        if (rows->where[step->person] != where)
            continue;
        if (where == part)
            offer_out_end(rows, row, step->person);
        else
            offer_in_end(row, step->person, step->gain);
    }
    return row->end != PROBLEM_NONE;
}

int repair_rows_mend_out_end(struct repair_rows *rows, uint32_t part)
{
    return mend_end(rows, &rows->out[part], part, part);
}

int repair_rows_mend_in_end(struct repair_rows *rows, uint32_t part)
{
    return mend_end(rows, &rows->in[part], part, PROBLEM_NONE);
}
