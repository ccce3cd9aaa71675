/* repair_rows.c - see repair_rows.h. */
#include "solver/repair_rows.h"

#include "models/alloc.h"

#include <stdlib.h>

void repair_rows_init(struct repair_rows *rows, const struct near_graph *graph,
                      const struct repair_seat *seats)
{
    size_t parts = (size_t)graph->problem->n_parts + 1;
    *rows = (struct repair_rows){.graph = graph, .seats = seats};
    rows->out = alloc_zero(parts, sizeof *rows->out);
    rows->in = alloc_zero(parts, sizeof *rows->in);
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
    free(rows->place);
}

void repair_rows_change(struct repair_rows *rows, uint32_t person, uint32_t from, uint32_t to)
{
    const struct near_graph *graph = rows->graph;
    if (from != PROBLEM_NONE)
        rows->out[from].is_made = 0;
    if (to != PROBLEM_NONE)
        rows->out[to].is_made = 0;
    for (uint32_t at = graph->of_person[person]; at < graph->of_person[person + 1]; at++)
        rows->in[graph->list.pairs[at].part].is_made = 0;
}

void repair_rows_change_all(struct repair_rows *rows)
{
    for (uint32_t p = 0; p < rows->graph->problem->n_parts; p++)
        rows->out[p].is_made = rows->in[p].is_made = 0;
}

static void begin_row(struct repair_row *row)
{
    row->n = 0;
    row->end = PROBLEM_NONE;
    row->is_made = 1;
}

static void add_step(struct repair_rows *rows, struct repair_row *row, uint32_t part, int64_t raw,
                     uint32_t at)
{
    uint32_t place = rows->place[part];
    if (place && row->steps[place - 1].raw <= raw)
        return;
    if (!place) {
        ALLOC_GROW(row->steps, row->n, row->room);
        place = rows->place[part] = ++row->n;
    }
    row->steps[place - 1] = (struct repair_step){raw, part, at};
}

static const struct repair_row *end_row(struct repair_rows *rows, const struct repair_row *row)
{
    for (uint32_t s = 0; s < row->n; s++)
        rows->place[row->steps[s].part] = 0;
    return row;
}

const struct repair_row *repair_rows_out(struct repair_rows *rows, uint32_t part)
{
    const struct near_graph *graph = rows->graph;
    struct repair_row *row = &rows->out[part];
    if (row->is_made)
        return row;
    begin_row(row);
    rows->looks += graph->of_part[part + 1] - graph->of_part[part];
    for (uint32_t s = graph->of_part[part]; s < graph->of_part[part + 1]; s++) {
        uint32_t person = graph->steps[s].person;
        const struct repair_seat *seat = &rows->seats[person];
        if (seat->part != part)
            continue;
        if (graph->problem->people[person].stay_pair == PROBLEM_NONE &&
            (row->end == PROBLEM_NONE || seat->gain < row->end_gain)) {
            row->end = person;
            row->end_gain = seat->gain;
        }
        for (uint32_t at = graph->of_person[person]; at < graph->of_person[person + 1]; at++) {
            const struct near_pair *to = &graph->list.pairs[at];
            if (to->part != part)
                add_step(rows, row, to->part, seat->gain - to->gain, at);
        }
    }
    return end_row(rows, row);
}

const struct repair_row *repair_rows_in(struct repair_rows *rows, uint32_t part)
{
    const struct near_graph *graph = rows->graph;
    struct repair_row *row = &rows->in[part];
    if (row->is_made)
        return row;
    begin_row(row);
    rows->looks += graph->of_part[part + 1] - graph->of_part[part];
    for (uint32_t s = graph->of_part[part]; s < graph->of_part[part + 1]; s++) {
        const struct near_step *step = &graph->steps[s];
        const struct repair_seat *seat = &rows->seats[step->person];
        if (seat->part == part)
            continue;
        if (seat->part != PROBLEM_NONE) {
            add_step(rows, row, seat->part, seat->gain - step->gain, step->at);
        } else if (row->end == PROBLEM_NONE || step->gain > row->end_gain) {
            row->end = step->at;
            row->end_gain = step->gain;
        }
    }
    return end_row(rows, row);
}
