/* export.c - see export.h.
 *
 * Owns the order of the steps, the map and the DIMACS text. Delegates: the round to problem.h, rows
 * and columns and their names to model.h, MPS and LP files to glpk_mip.h. */
#include "solver/export.h"

#include "models/alloc.h"
#include "solver/glpk_mip.h"
#include "solver/model.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* -- MPS and LP -- */

static void add_map(const struct model *model, struct buffer *map)
{
    char name[MODEL_NAME], meaning[MODEL_MEANING];
    for (uint32_t row = 0; row < model->n_rows; row++) {
        model_row_name(model, row, name);
        model_row_meaning(model, row, meaning);
        buffer_format(map, "row %s %s\n", name, meaning);
    }
    for (uint32_t column = 0; column < model->n_columns; column++) {
        model_column_name(model, column, name);
        model_column_meaning(model, column, meaning);
        buffer_format(map, "column %s %s\n", name, meaning);
    }
}

static int export_glpk(const struct problem *problem, enum export_format format,
                       struct buffer *text, struct buffer *map, struct alm_error *err)
{
    struct model *model = model_new(problem);
    int64_t *gain = model_gains(model, 0);
    int result = glpk_mip_write(model, gain, format == EXPORT_MPS ? 'm' : 'l', text, err);
    add_map(model, map);
    free(gain);
    model_free(model);
    return result;
}

/* -- DIMACS -- */

/* Nodes: people from 1, then the parts of the pools, then one where everybody ends. A unit of flow
 * is a person; the arc from a newcomer straight to the end is to stay unplaced. Costs are gains
 * negated, since the format minimises. */
struct dimacs {
    const struct problem *problem;
    struct buffer arcs, *map;
    size_t n_arcs;
};

static void add_arc(struct dimacs *dimacs, uint32_t from, uint32_t to, int64_t capacity,
                    int64_t cost)
{
    dimacs->n_arcs++;
    buffer_format(&dimacs->arcs, "a %" PRIu32 " %" PRIu32 " 0 %" PRId64 " %" PRId64 "\n", from, to,
                  capacity, cost);
}

static uint32_t part_node(const struct dimacs *dimacs, uint32_t part)
{
    return dimacs->problem->n_people + 1 + part;
}

static uint32_t end_node(const struct dimacs *dimacs)
{
    return part_node(dimacs, dimacs->problem->n_parts);
}

static void add_person(struct dimacs *dimacs, uint32_t i)
{
    const struct problem *problem = dimacs->problem;
    const struct problem_person *person = &problem->people[i];
    buffer_format(dimacs->map, "node %" PRIu32 " applicant %s\n", i + 1,
                  person->applicant->record.id);
    for (uint32_t pair = person->first_pair; pair < person->first_pair + person->n_pairs; pair++)
        add_arc(dimacs, i + 1, part_node(dimacs, problem->pairs[pair].part), 1,
                -problem_gain(problem, pair, 0));
    if (person->stay_pair == PROBLEM_NONE)
        add_arc(dimacs, i + 1, end_node(dimacs), 1, 0);
}

static void add_part(struct dimacs *dimacs, uint32_t part)
{
    const struct problem_part *at = &dimacs->problem->parts[part];
    buffer_format(dimacs->map, "node %" PRIu32 " pool %s, %s%s\n", part_node(dimacs, part),
                  at->pool->record.id, at->reserve[0] ? "beds reserved for " : "open beds",
                  at->reserve);
    add_arc(dimacs, part_node(dimacs, part), end_node(dimacs), at->capacity, 0);
}

static void add_dimacs(const struct dimacs *dimacs, struct buffer *text)
{
    const struct problem *problem = dimacs->problem;
    buffer_format(text,
                  "c one round, objective %s: cost = value with its sign turned where it is "
                  "maximised\np min %" PRIu32 " %zu\n",
                  words_name(&words_objective, (int)problem->objectives[0]), end_node(dimacs),
                  dimacs->n_arcs);
    for (uint32_t i = 0; i < problem->n_people; i++)
        buffer_format(text, "n %" PRIu32 " 1\n", i + 1);
    buffer_format(text, "n %" PRIu32 " -%" PRIu32 "\n", end_node(dimacs), problem->n_people);
    buffer_add(text, dimacs->arcs.bytes, dimacs->arcs.len);
}

static int export_dimacs(const struct problem *problem, struct buffer *text, struct buffer *map,
                         struct alm_error *err)
{
    struct dimacs dimacs = {.problem = problem, .map = map};
    if (problem_is_coupled(problem))
        return err_set(
            err, ERR_UNSUPPORTED,
            "households, staff minutes or rooms couple people in this round: it is not a "
            "network, so it has no DIMACS form; use mps or lp");
    for (uint32_t i = 0; i < problem->n_people; i++)
        add_person(&dimacs, i);
    for (uint32_t part = 0; part < problem->n_parts; part++)
        add_part(&dimacs, part);
    buffer_format(map, "node %" PRIu32 " the end: every person comes here\n", end_node(&dimacs));
    add_dimacs(&dimacs, text);
    buffer_clear(&dimacs.arcs);
    return 0;
}

int export_model(const struct region *region, const struct policy *policy, int64_t now,
                 enum objective objective, enum export_format format, struct buffer *text,
                 struct buffer *map, struct alm_error *err)
{
    /* the same rules with this objective alone: it need not be one of the policy's */
    struct policy alone = *policy;
    alone.n_objectives = 1;
    alone.objectives[0] = objective;
    struct problem *problem = problem_new(region, &alone, now, err);
    if (!problem)
        return -1;
    int result = format == EXPORT_DIMACS ? export_dimacs(problem, text, map, err)
                                         : export_glpk(problem, format, text, map, err);
    problem_free(problem);
    return result;
}
