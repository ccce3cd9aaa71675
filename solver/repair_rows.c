/* repair_rows.c - see repair_rows.h. */
#include "solver/repair_rows.h"

#include "models/alloc.h"

#include <stdlib.h>

void repair_rows_init(struct repair_rows *rows, const struct near_graph *graph,
                      const struct near_seat *seats)
{
    size_t parts = (size_t)graph->problem->n_parts + 1;
    *rows = (struct repair_rows){.graph = graph, .seats = seats};
    rows->out = alloc_zero(parts, sizeof *rows->out);
    rows->in = alloc_zero(parts, sizeof *rows->in);
    rows->where = alloc_zero((size_t)graph->problem->n_people + 1, sizeof(uint32_t));
    rows->place = alloc_zero(parts, sizeof(uint32_t));
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
    free(rows->place);
}

void repair_rows_change_all(struct repair_rows *rows)
{
    for (uint32_t p = 0; p < rows->graph->problem->n_parts; p++)
        rows->out[p].is_made = rows->in[p].is_made = 0;
    for (uint32_t i = 0; i < rows->graph->problem->n_people; i++)
        rows->where[i] = rows->seats[i].part;
}

static void begin_row(struct repair_row *row)
{
    row->n = 0;
    row->end = PROBLEM_NONE;
    row->is_made = 1;
}

static void add_step(struct repair_rows *rows, struct repair_row *row, uint32_t part, int64_t raw,
                     uint32_t person)
{
    uint32_t place = rows->place[part];
    if (place && row->steps[place - 1].raw <= raw)
        return;
    if (!place) {
        ALLOC_GROW(row->steps, row->n, row->room);
        place = rows->place[part] = ++row->n;
    }
    row->steps[place - 1] = (struct repair_step){raw, part, person};
}

/* The newcomer who has least comes first when somebody has to go. */
static void offer_out_end(const struct repair_rows *rows, struct repair_row *row, uint32_t person)
{
    int64_t gain = rows->seats[person].gain;
    if (rows->graph->problem->people[person].stay_pair != PROBLEM_NONE ||
        (row->end != PROBLEM_NONE && gain >= row->end_gain))
        return;
    row->end = person;
    row->end_gain = gain;
}

/* Of the unplaced, whoever would have most. */
static void offer_in_end(struct repair_row *row, uint32_t person, int64_t gain)
{
    if (row->end != PROBLEM_NONE && gain <= row->end_gain)
        return;
    row->end = person;
    row->end_gain = gain;
}

static struct repair_row *end_row(struct repair_rows *rows, struct repair_row *row)
{
    for (uint32_t s = 0; s < row->n; s++)
        rows->place[row->steps[s].part] = 0;
    return row;
}

struct repair_row *repair_rows_out(struct repair_rows *rows, uint32_t part)
{
    const struct near_graph *graph = rows->graph;
    struct repair_row *row = &rows->out[part];
    if (row->is_made)
        return row;
    begin_row(row);
    rows->looks += graph->of_part[part + 1] - graph->of_part[part];
    for (uint32_t s = graph->of_part[part]; s < graph->of_part[part + 1]; s++) {
        uint32_t person = graph->steps[s].person;
        if (rows->where[person] != part)
            continue;
        int64_t gain = rows->seats[person].gain;
        offer_out_end(rows, row, person);
        for (uint32_t at = graph->of_person[person]; at < graph->of_person[person + 1]; at++) {
            const struct near_pair *to = &graph->list.pairs[at];
            if (to->part != part)
                add_step(rows, row, to->part, gain - to->gain, person);
        }
    }
    return end_row(rows, row);
}

struct repair_row *repair_rows_in(struct repair_rows *rows, uint32_t part)
{
    const struct near_graph *graph = rows->graph;
    struct repair_row *row = &rows->in[part];
    if (row->is_made)
        return row;
    begin_row(row);
    rows->looks += graph->of_part[part + 1] - graph->of_part[part];
    for (uint32_t s = graph->of_part[part]; s < graph->of_part[part + 1]; s++) {
        const struct near_step *step = &graph->steps[s];
        uint32_t where = rows->where[step->person];
        if (where == PROBLEM_NONE)
            offer_in_end(row, step->person, step->gain);
        else if (where != part)
            add_step(rows, row, where, rows->seats[step->person].gain - step->gain, step->person);
    }
    return end_row(rows, row);
}

/* -- who came, who went --------------------------------------------------------------------------
 */

/* Somebody can take this step from now on. */
static void offer_step(struct repair_row *row, uint32_t part, int64_t raw, uint32_t person)
{
    uint32_t s = 0;
    if (!row->is_made)
        return;
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

static void come(struct repair_rows *rows, uint32_t person, uint32_t to)
{
    const struct near_graph *graph = rows->graph;
    struct repair_row *out = &rows->out[to];
    int64_t gain = rows->seats[person].gain;
    for (uint32_t at = graph->of_person[person]; at < graph->of_person[person + 1]; at++) {
        const struct near_pair *pair = &graph->list.pairs[at];
        if (pair->part == to)
            continue;
        offer_step(out, pair->part, gain - pair->gain, person);
        offer_step(&rows->in[pair->part], to, gain - pair->gain, person);
    }
    offer_out_end(rows, out, person);
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
    if (to == PROBLEM_NONE)
        leave_all(rows, person);
    else
        come(rows, person, to);
}

void repair_rows_add(struct repair_rows *rows, const struct near_list *more)
{
    for (size_t at = 0; at < more->n; at++) {
        const struct near_pair *pair = &more->pairs[at];
        uint32_t from = rows->where[pair->person];
        if (from == PROBLEM_NONE) {
            offer_in_end(&rows->in[pair->part], pair->person, pair->gain);
        } else if (from != pair->part) {
            int64_t raw = rows->seats[pair->person].gain - pair->gain;
            offer_step(&rows->out[from], pair->part, raw, pair->person);
            offer_step(&rows->in[pair->part], from, raw, pair->person);
        }
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

int repair_rows_mend_out_end(struct repair_rows *rows, uint32_t part)
{
    const struct near_graph *graph = rows->graph;
    struct repair_row *row = &rows->out[part];
    if (row->end == PROBLEM_NONE || rows->where[row->end] == part)
        return row->end != PROBLEM_NONE;
    row->end = PROBLEM_NONE;
    rows->looks += graph->of_part[part + 1] - graph->of_part[part];
    for (uint32_t s = graph->of_part[part]; s < graph->of_part[part + 1]; s++)
        if (rows->where[graph->steps[s].person] == part)
            offer_out_end(rows, row, graph->steps[s].person);
    return row->end != PROBLEM_NONE;
}

int repair_rows_mend_in_end(struct repair_rows *rows, uint32_t part)
{
    const struct near_graph *graph = rows->graph;
    struct repair_row *row = &rows->in[part];
    if (row->end == PROBLEM_NONE || rows->where[row->end] == PROBLEM_NONE)
        return row->end != PROBLEM_NONE;
    row->end = PROBLEM_NONE;
    rows->looks += graph->of_part[part + 1] - graph->of_part[part];
    for (uint32_t s = graph->of_part[part]; s < graph->of_part[part + 1]; s++)
        if (rows->where[graph->steps[s].person] == PROBLEM_NONE)
            offer_in_end(row, graph->steps[s].person, graph->steps[s].gain);
    return row->end != PROBLEM_NONE;
}
