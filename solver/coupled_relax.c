/* coupled_relax.c - see coupled_relax.h. */
#include "solver/coupled_relax.h"

#include "solver/coupled_basis.h"
#include "solver/coupled_plan.h"

enum { FIRST_COLUMNS = 4 };

/* -- columns -- */

/* Few pairs of each person where no network says which are good; of a household's homes and what
 * goes with them only those of the incumbent. */
void coupled_relax_load(struct coupled_run *run)
{
    const struct model *model = run->model;
    uint32_t person = PROBLEM_NONE, taken = 0;
    for (uint32_t j = 0; j < model->n_columns; j++) {
        int is_wanted = model->columns[j].kind != MODEL_COLUMN_HOME || run->best_x[j];
        if (j < model->n_pair_columns) {
            uint32_t pair = model->columns[j].a, owner = run->problem->pairs[pair].person;
            taken = owner == person ? taken + 1 : 0;
            person = owner;
            is_wanted =
                run->best_x[j] || problem_is_stay(run->problem, pair) ||
                (!coupled_run_has_network(run) && !coupled_run_has_prices(run) &&
                 taken < FIRST_COLUMNS && run->problem->people[owner].household == PROBLEM_NONE);
        }
        if (is_wanted)
            glpk_mip_add(run->mip, j);
    }
}

/* -- pricing -- */

/* What a pair is worth beyond the duals of all its rows but the person's and the member's (*member,
 * MODEL_NONE = none). */
static double worth_of(const struct coupled_run *run, uint32_t column, uint32_t *member)
{
    const struct model *model = run->model;
    double worth = (double)run->gain[column];
    *member = MODEL_NONE;
    for (size_t e = model->first[column] + 1; e < model->first[column + 1]; e++) {
        const struct model_entry *entry = &model->entries[e];
        if (model->rows[entry->row].kind == MODEL_ROW_MEMBER)
            *member = entry->row;
        else
            worth -= run->duals[entry->row] * (double)entry->value;
    }
    for (uint32_t k = 0; k < model->n_stages; k++)
        worth -= run->duals[model->stage_row[k]] * (double)model->stage_gain[k][column];
    return worth;
}

static int in_household(const struct coupled_run *run, uint32_t column)
{
    uint32_t person = run->problem->pairs[run->model->columns[column].a].person;
    return run->problem->people[person].household != PROBLEM_NONE;
}

/* Rows of members that GLPK does not have yet: the least duals at which none of their pairs beats
 * its person's. */
static void fill_member_duals(struct coupled_run *run)
{
    for (uint32_t j = 0; j < run->model->n_pair_columns; j++) {
        uint32_t person = run->problem->pairs[run->model->columns[j].a].person, row;
        if (!run->alive[j] || !in_household(run, j))
            continue;
        double beyond = worth_of(run, j, &row) - run->duals[person];
        if (row != MODEL_NONE && !glpk_mip_has_row(run->mip, row) && beyond > run->duals[row])
            run->duals[row] = beyond;
    }
}

static double tolerance(double dual)
{
    return 1e-6 * (1 + (dual < 0 ? -dual : dual));
}

/* Homes that are worth more to the whole household than the relaxation pays for it. */
static uint32_t price_homes(struct coupled_run *run)
{
    const struct model *model = run->model;
    uint32_t added = 0;
    for (uint32_t j = model->n_pair_columns; j < model->n_columns; j++) {
        const struct model_entry *entries = &model->entries[model->first[j]];
        size_t n = model->first[j + 1] - model->first[j];
        if (model->columns[j].kind != MODEL_COLUMN_HOME || !run->alive[j] ||
            glpk_mip_has(run->mip, j))
            continue;
        double worth = -run->duals[entries[0].row];
        for (size_t e = 1; e < n; e++)
            worth += run->duals[entries[e].row];
        if (worth <= tolerance(run->duals[entries[0].row]))
            continue;
        glpk_mip_add(run->mip, j);
        added++;
    }
    return added;
}

/* Adds alive pairs that beat what the relaxation pays their person: those in the better half of the
 * distance to the person's best. Pairs whose member row has just come in with its home: the best of
 * each. Returns how many. */
static uint32_t price_pairs(struct coupled_run *run)
{
    const struct model *model = run->model;
    const double one = (double)(1 << BOUND_SHIFT);
    uint32_t added = 0;
    for (uint32_t j = 0; j < model->n_pair_columns; j++) {
        uint32_t person = run->problem->pairs[model->columns[j].a].person, row = MODEL_NONE;
        double dual = run->duals[person];
        double beaten_by = (double)run->bound.price[person] / one - dual;
        if (!run->alive[j] || glpk_mip_has(run->mip, j))
            continue;
        int is_wanted =
            beaten_by > tolerance(dual) && (double)run->bound.reduced[j] / one >= -beaten_by / 2;
        if (in_household(run, j)) {
            double beyond = worth_of(run, j, &row) - dual;
            if (row != MODEL_NONE && !glpk_mip_has_row(run->mip, row))
                continue;
            if (row != MODEL_NONE)
                is_wanted |= run->duals[row] > 0 && beyond >= run->duals[row] - tolerance(dual);
        }
        if (!is_wanted)
            continue;
        glpk_mip_add(run->mip, j);
        added++;
    }
    return added;
}

static uint32_t price_in(struct coupled_run *run)
{
    uint32_t added = price_homes(run);
    return added + price_pairs(run);
}

/* -- the relaxation -- */

/* The plan at hand may have columns that a search took in beside the relaxation. Without them the
 * rows that keep earlier objectives may leave the relaxation nothing. Returns how many came in. */
static uint32_t add_best(struct coupled_run *run)
{
    uint32_t added = 0;
    for (uint32_t j = 0; j < run->model->n_columns; j++)
        if (run->best_x[j] && !glpk_mip_has(run->mip, j)) {
            glpk_mip_add(run->mip, j);
            added++;
        }
    return added;
}

enum glpk_outcome coupled_relax_again(struct coupled_run *run, struct coupled_stage *stage,
                                      int most)
{
    if (coupled_run_has_prices(run) && !run->is_begun)
        coupled_basis_begin_priced(run, &run->plan->choices);
    run->is_begun = 1;
    for (;;) {
        int whole;
        enum glpk_outcome outcome =
            glpk_mip_relax(run->mip, most, &run->budget, run->duals, run->x, &whole);
        fill_member_duals(run);
        coupled_run_see_plain(run, stage, run->duals);
        if (whole)
            coupled_run_take(run, run->x);
        coupled_run_weigh(run, stage);
        if (outcome == GLPK_EMPTY && !stage->is_proved && add_best(run))
            continue;
        if (outcome != GLPK_DONE || stage->is_proved || price_in(run) == 0)
            return outcome;
    }
}
