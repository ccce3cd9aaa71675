/* simplex.c - see simplex.h.
 *
 * Rows are the parts and the people who have a choice, columns the pairs of these people. The start
 * basis is the assignment itself: its pairs and the slack of every other row are basic. Signs:
 * maximisation, so the reduced cost of a column is gain - dual of the person - dual of the part. */
#include "solver/simplex.h"

#include "models/alloc.h"
#include "solver/glpk_lp.h"
#include "solver/prices.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct simplex {
    const struct face *face;
    const int64_t *gain;
    const uint32_t *start;
    struct glpk_lp lp;
    uint32_t *column_pair;
    uint32_t *chosen; /* what was read from the last basic solution */
    int64_t *used;
};

static int has_choice(const struct face *face, uint32_t person)
{
    uint32_t n = face->first[person + 1] - face->first[person];
    return n + !face->must_place[person] > 1;
}

/* People without a choice keep their bed: it is taken off the part's capacity. */
static void add_part_rows(struct simplex *simplex)
{
    const struct face *face = simplex->face;
    const struct problem *problem = face->problem;
    memset(simplex->used, 0, (size_t)problem->n_parts * sizeof(int64_t));
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (simplex->start[i] != PROBLEM_NONE && !has_choice(face, i))
            simplex->used[problem->pairs[simplex->start[i]].part]++;
    for (uint32_t p = 0; p < problem->n_parts; p++) {
        int64_t beds = problem->parts[p].capacity - simplex->used[p];
        double most = (double)(beds < problem->n_people ? beds : problem->n_people);
        glpk_lp_add_row(&simplex->lp, most, face->must_fill[p], 1);
    }
}

static void add_people(struct simplex *simplex)
{
    const struct face *face = simplex->face;
    for (uint32_t i = 0; i < face->problem->n_people; i++) {
        if (!has_choice(face, i))
            continue;
        uint32_t row = (uint32_t)simplex->lp.n_rows;
        glpk_lp_add_row(&simplex->lp, 1, face->must_place[i], simplex->start[i] == PROBLEM_NONE);
        for (uint32_t at = face->first[i]; at < face->first[i + 1]; at++) {
            uint32_t pair = face->pairs[at];
            simplex->column_pair[simplex->lp.n_columns] = pair;
            glpk_lp_add_column(&simplex->lp, &(struct glpk_lp_column){{face->parts[at], row},
                                                                      (double)simplex->gain[pair],
                                                                      simplex->start[i] == pair});
        }
    }
}

/* Within the capacities, and every must is kept? */
static int is_assignment(struct simplex *simplex)
{
    const struct face *face = simplex->face;
    const struct problem *problem = face->problem;
    memset(simplex->used, 0, (size_t)problem->n_parts * sizeof(int64_t));
    for (uint32_t i = 0; i < problem->n_people; i++) {
        if (simplex->chosen[i] == PROBLEM_NONE && face->must_place[i])
            return 0;
        if (simplex->chosen[i] != PROBLEM_NONE)
            simplex->used[problem->pairs[simplex->chosen[i]].part]++;
    }
    for (uint32_t p = 0; p < problem->n_parts; p++)
        if (simplex->used[p] > problem->parts[p].capacity ||
            (face->must_fill[p] && simplex->used[p] < problem->parts[p].capacity))
            return 0;
    return 1;
}

/* The basic solution as an assignment: 0 when it is none (a fraction, a part too full, somebody
 * lost). */
static int read_assignment(struct simplex *simplex)
{
    const struct problem *problem = simplex->face->problem;
    for (uint32_t i = 0; i < problem->n_people; i++)
        simplex->chosen[i] = has_choice(simplex->face, i) ? PROBLEM_NONE : simplex->start[i];
    for (size_t column = 0; column < simplex->lp.n_columns; column++) {
        double amount = simplex->lp.amount[column];
        uint32_t pair = simplex->column_pair[column], person = problem->pairs[pair].person;
        if (fabs(amount - nearbyint(amount)) > 1e-6 || amount > 1.5 || amount < -0.5)
            return 0;
        if (amount < 0.5)
            continue;
        if (simplex->chosen[person] != PROBLEM_NONE)
            return 0;
        simplex->chosen[person] = pair;
    }
    return is_assignment(simplex);
}

static void read_duals(const struct simplex *simplex, int64_t *part_price)
{
    double most = 2.0 * (double)face_widest(simplex->face, simplex->gain) *
                  (double)(simplex->face->problem->n_parts + 2);
    for (uint32_t p = 0; p < simplex->face->problem->n_parts; p++) {
        double dual = nearbyint(simplex->lp.dual[p]);
        part_price[p] = fabs(dual) <= most ? (int64_t)dual : 0;
    }
}

int simplex_stage(const struct face *face, const int64_t *gain, struct budget *budget,
                  uint32_t *chosen, int64_t *part_price)
{
    const struct problem *problem = face->problem;
    struct simplex simplex = {.face = face, .gain = gain, .start = chosen};
    glpk_lp_init(&simplex.lp, (size_t)problem->n_people + problem->n_parts);
    simplex.column_pair = alloc_zero((size_t)face->first[problem->n_people] + 1, sizeof(uint32_t));
    simplex.chosen = alloc_zero((size_t)problem->n_people + 1, sizeof(uint32_t));
    simplex.used = alloc_zero((size_t)problem->n_parts + 1, sizeof(int64_t));
    add_part_rows(&simplex);
    add_people(&simplex);
    glpk_lp_solve(&simplex.lp, budget);
    int is_usable = simplex.lp.is_feasible && read_assignment(&simplex);
    read_duals(&simplex, part_price);
    if (is_usable && prices_value(face, gain, simplex.chosen) >= prices_value(face, gain, chosen))
        memcpy(chosen, simplex.chosen, (size_t)problem->n_people * sizeof(uint32_t));
    int is_optimal = is_usable && simplex.lp.is_optimal;
    glpk_lp_clear(&simplex.lp);
    free(simplex.column_pair);
    free(simplex.chosen);
    free(simplex.used);
    return is_optimal;
}
