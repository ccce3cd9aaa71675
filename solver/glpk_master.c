/* glpk_master.c - see glpk_master.h. */
#include "solver/glpk_master.h"

#include "models/alloc.h"
#include "solver/glpk_guard.h"
#include "solver/glpk_steps.h"

#include <glpk.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_STEPS = 1, MORE_STEPS = 2 };

/* -- the start -- */

static void set_keys(struct glpk_master *master, const uint32_t *chosen)
{
    const struct choices *choices = master->choices;
    uint32_t *columns = alloc_zero(choices->longest, sizeof *columns);
    choices_sum_reset(&master->sum);
    for (uint32_t o = 0; o < choices->n_owners; o++) {
        uint32_t n = choices_of_plan(choices, o, chosen, NULL, columns);
        master->key[o] = glpk_steps_keep(master, columns, n);
        choices_sum_add(choices, columns, n, 1, &master->sum);
    }
    for (size_t r = 0; r < master->sum.n; r++)
        master->base[master->sum.rows[r]] = master->sum.value[master->sum.rows[r]];
    free(columns);
}

/* Staff rows that have a price at the start: what is too much there is a basic column that has to
 * go. */
static void add_excess(struct glpk_master *master)
{
    for (uint32_t i = 0; i < master->model->n_rows; i++) {
        if (master->model->rows[i].kind != MODEL_ROW_STAFF || !(master->price[i] > 0))
            continue;
        struct glpk_step step = {.owner = PROBLEM_NONE, .column = MODEL_NONE, .to = {i, 0}};
        int number = glpk_steps_add_column(master, step, 0);
        glp_set_obj_coef(master->prob, number, -master->price[i]);
        glp_set_col_stat(master->prob, number, GLP_BS);
        glp_set_row_stat(master->prob, master->row_inside[i], GLP_NU);
    }
}

static void set_key_value(struct glpk_master *master)
{
    master->key_value = 0;
    for (uint32_t o = 0; o < master->choices->n_owners; o++)
        master->key_value += (double)glpk_steps_gain(master, master->key[o]);
}

static void add_tree(struct glpk_master *master, const uint32_t *tree)
{
    const struct problem *problem = master->model->problem;
    for (uint32_t o = 0, i = 0; o < master->choices->n_owners; o++) {
        i = master->choices->person[o];
        const struct problem_person *person = &problem->people[i];
        if (master->choices->household[o] != PROBLEM_NONE)
            continue;
        for (uint32_t pair = person->first_pair; pair < person->first_pair + person->n_pairs;
             pair++) {
            uint32_t part = problem->pairs[pair].part, column = master->model->column_of_pair[pair];
            if (tree[part] != pair || glpk_steps_has(master, o, &column, 1))
                continue;
            int number = glpk_steps_add(master, o, &column, 1);
            glp_set_col_stat(master->prob, number, GLP_BS);
            glp_set_row_stat(master->prob, master->row_inside[problem->n_people + part], GLP_NU);
        }
    }
}

void glpk_master_free(struct glpk_master *master)
{
    if (!master)
        return;
    if (master->prob)
        glp_delete_prob(master->prob);
    free(master->row_inside);
    free(master->room_inside);
    free(master->base);
    free(master->price);
    free(master->key);
    free(master->is_fixed);
    free(master->saved);
    free(master->newest);
    free(master->owner_row);
    free(master->steps);
    free(master->arena);
    free(master->index);
    free(master->value);
    choices_sum_clear(&master->sum);
    free(master);
}

void glpk_master_objective(struct glpk_master *master, const int64_t *gain)
{
    master->gain = gain;
    set_key_value(master);
    for (size_t s = 1; s < master->n_steps; s++) {
        const struct glpk_step *step = &master->steps[s];
        if (step->owner != PROBLEM_NONE)
            glp_set_obj_coef(master->prob, (int)s,
                             (double)(glpk_steps_gain(master, step->to) -
                                      glpk_steps_gain(master, master->key[step->owner])));
        else
            glp_set_obj_coef(master->prob, (int)s, 0);
    }
}

/* -- pricing -- */

struct pricing {
    const struct glpk_master *master;
    uint32_t owner;
    double most_worth; /* seen */
    double paid;       /* what the best alternative that is in is worth */
    struct {
        uint32_t *columns, n;
        double worth;
    } best[MORE_STEPS];
    int n, most;
};

static void see_alternative(void *context, const uint32_t *columns, uint32_t n, double worth)
{
    struct pricing *pricing = context;
    if (worth > pricing->most_worth)
        pricing->most_worth = worth;
    if (!(worth > pricing->paid + 1e-5 + 1e-9 * fabs(worth)) ||
        glpk_steps_has(pricing->master, pricing->owner, columns, n))
        return;
    int at = pricing->n < pricing->most ? pricing->n++ : pricing->most;
    uint32_t *mine = pricing->best[at < pricing->most ? at : at - 1].columns;
    if (at == pricing->most && worth <= pricing->best[at - 1].worth)
        return;
    if (at == pricing->most)
        at--;
    while (at > 0 && worth > pricing->best[at - 1].worth) {
        pricing->best[at] = pricing->best[at - 1];
        at--;
    }
    pricing->best[at].columns = mine;
    pricing->best[at].n = n;
    pricing->best[at].worth = worth;
    if (n)
        memcpy(mine, columns, n * sizeof *columns);
}

static void add_rest(struct glpk_master *master, uint32_t owner)
{
    uint32_t *columns = alloc_zero(master->choices->longest, sizeof *columns);
    uint32_t n = choices_of_plan(master->choices, owner, NULL, NULL, columns);
    if (!glpk_steps_has(master, owner, columns, n))
        glpk_steps_add(master, owner, columns, n);
    free(columns);
}

/* The first time at the prices of the start: the best few of everybody who is placed, and nothing.
 */
static uint32_t price_in(struct glpk_master *master, int most, int is_first, double *beyond)
{
    struct choices_prices prices = {master->price, master->gain, master->alive};
    struct pricing pricing = {.master = master, .most = most};
    uint32_t added = 0;
    *beyond = 0;
    for (int b = 0; b < MORE_STEPS; b++)
        pricing.best[b].columns = alloc_zero(master->choices->longest, sizeof(uint32_t));
    for (uint32_t o = 0; o < master->choices->n_owners; o++) {
        pricing.owner = o;
        pricing.n = 0;
        if (is_first && master->key[o].n)
            add_rest(master, o);
        pricing.paid = glpk_steps_worth(master, master->key[o]);
        for (int s = master->newest[o]; s; s = master->steps[s].next) {
            double worth = glpk_steps_worth(master, master->steps[s].to);
            pricing.paid = worth > pricing.paid ? worth : pricing.paid;
        }
        pricing.most_worth = pricing.paid;
        if (is_first)
            pricing.paid = master->key[o].n ? -INFINITY : pricing.paid;
        if (!master->is_fixed[o])
            choices_each(master->choices, o, &prices, see_alternative, &pricing);
        *beyond += pricing.most_worth - pricing.paid;
        for (int b = 0; b < pricing.n; b++) {
            int number = glpk_steps_add(master, o, pricing.best[b].columns, pricing.best[b].n);
            added++;
            if (is_first || !master->needs_dual || b)
                continue;
            if (!master->owner_row[o])
                glpk_steps_add_owner_row(master, o);
            if (glp_get_row_stat(master->prob, master->owner_row[o]) != GLP_BS) {
                glp_set_col_stat(master->prob, number, GLP_NU);
                break;
            }
            glp_set_row_stat(master->prob, master->owner_row[o], GLP_NU);
            glp_set_col_stat(master->prob, number, GLP_BS);
        }
    }
    for (int b = 0; b < MORE_STEPS; b++)
        free(pricing.best[b].columns);
    return added;
}

/* Rounded rows that the solution breaks. */
static uint32_t add_broken(struct glpk_master *master)
{
    const struct model *model = master->model;
    double *activity = alloc_zero(model->most_rows, sizeof *activity);
    int before = glp_get_num_rows(master->prob);
    for (size_t s = 1; s < master->n_steps; s++) {
        double x = glp_get_col_prim(master->prob, (int)s);
        if (x == 0 || master->steps[s].owner == PROBLEM_NONE)
            continue;
        glpk_steps_sum(master, &master->steps[s]);
        for (size_t r = 0; r < master->sum.n; r++)
            activity[master->sum.rows[r]] += x * (double)master->sum.value[master->sum.rows[r]];
    }
    for (uint32_t i = 0; i < model->n_rows; i++)
        if (choices_is_shared(model->rows[i].kind) && !master->row_inside[i] &&
            activity[i] > (double)(model->rows[i].upper - master->base[i]) + 1e-6)
            glpk_steps_add_row(master, i);
    free(activity);
    int added = glp_get_num_rows(master->prob) - before;
    if (added)
        glpk_steps_fill_rows(master, before);
    for (uint32_t o = 0; o < master->choices->n_owners; o++) {
        double total = 0;
        for (int s = master->newest[o]; s; s = master->steps[s].next)
            total += glp_get_col_prim(master->prob, s);
        if (total > 1 + 1e-6 && !master->owner_row[o]) {
            glpk_steps_add_owner_row(master, o);
            added++;
        }
    }
    return (uint32_t)added;
}

struct glpk_master *glpk_master_new(const struct choices *choices, const uint32_t *chosen,
                                    const uint32_t *tree, const double *price, const int64_t *gain,
                                    const unsigned char *alive)
{
    struct glpk_master *master = alloc_zero(1, sizeof *master);
    double unused;
    size_t n_rows = choices->model->most_rows;
    master->choices = choices;
    master->model = choices->model;
    master->gain = gain;
    master->alive = alive;
    master->row_inside = alloc_zero(n_rows, sizeof *master->row_inside);
    master->room_inside = alloc_zero(choices->model->n_columns, sizeof *master->room_inside);
    master->base = alloc_zero(n_rows, sizeof *master->base);
    master->price = alloc_zero(n_rows, sizeof *master->price);
    master->is_fixed = alloc_zero((size_t)choices->n_owners + 1, 1);
    master->key = alloc_zero((size_t)choices->n_owners + 1, sizeof *master->key);
    master->newest = alloc_zero((size_t)choices->n_owners + 1, sizeof *master->newest);
    master->owner_row = alloc_zero((size_t)choices->n_owners + 1, sizeof *master->owner_row);
    choices_sum_init(&master->sum, choices->model);
    ALLOC_GROW(master->steps, master->n_steps, master->steps_room);
    master->steps[master->n_steps++] = (struct glpk_step){0};
    master->prob = glpk_guard_new();
    glp_set_obj_dir(master->prob, GLP_MAX);
    set_keys(master, chosen);
    set_key_value(master);
    for (uint32_t i = 0; i < choices->model->n_rows; i++)
        if (choices_is_shared(choices->model->rows[i].kind) &&
            choices->model->rows[i].kind != MODEL_ROW_ROUNDED)
            glpk_steps_add_row(master, i);
    glpk_steps_add_rooms(master);
    memcpy(master->price, price, choices->model->n_rows * sizeof *price);
    choices_price_loads(choices, master->price);
    add_excess(master);
    add_tree(master, tree);
    price_in(master, FIRST_STEPS, 1, &unused);
    master->needs_dual = 1;
    return master;
}

/* -- solving -- */

static enum glpk_outcome run_simplex(struct glpk_master *master, struct budget *budget)
{
    glp_smcp parm;
    glp_init_smcp(&parm);
    parm.msg_lev = GLP_MSG_OFF;
    parm.meth = master->needs_dual ? GLP_DUALP : GLP_PRIMAL;
    parm.r_test = master->needs_dual ? GLP_RT_FLIP : GLP_RT_HAR;
    parm.tm_lim = budget_ms_left(budget, INT_MAX);
    parm.it_lim = budget_work_left(budget, glpk_guard_iterations(master->prob));
    int before = glp_get_it_cnt(master->prob);
    int code = glp_simplex(master->prob, &parm);
    if (code && code != GLP_ETMLIM && code != GLP_EITLIM) {
        glp_adv_basis(master->prob, 0);
        code = glp_simplex(master->prob, &parm);
    }
    budget->work += glp_get_it_cnt(master->prob) - before;
    if (code == GLP_ETMLIM || code == GLP_EITLIM)
        return GLPK_LIMIT;
    master->needs_dual = 0;
    return code == 0 && glp_get_status(master->prob) == GLP_OPT ? GLPK_DONE : GLPK_FAILED;
}

static int is_used(const struct glpk_master *master, uint32_t row)
{
    return master->uses_cuts || master->model->rows[row].kind != MODEL_ROW_CUT;
}

static void read_prices(struct glpk_master *master, double *price)
{
    for (uint32_t i = 0; i < master->model->n_rows; i++)
        price[i] = master->row_inside[i] && is_used(master, i)
                       ? glp_get_row_dual(master->prob, master->row_inside[i])
                       : 0;
    choices_price_loads(master->choices, price);
}

/* -- the basis -- */

static void save(struct glpk_master *master)
{
    if (master->n_fixed)
        return;
    master->saved_rows = glp_get_num_rows(master->prob);
    master->saved_columns = glp_get_num_cols(master->prob);
    master->saved = alloc_resize(master->saved,
                                 (size_t)(master->saved_rows + master->saved_columns), sizeof(int));
    for (int i = 0; i < master->saved_rows; i++)
        master->saved[i] = glp_get_row_stat(master->prob, i + 1);
    for (int j = 0; j < master->saved_columns; j++)
        master->saved[master->saved_rows + j] = glp_get_col_stat(master->prob, j + 1);
}

/* What came in since is not basic, its rows are. */
static void set_saved(struct glpk_master *master)
{
    for (int i = 0; i < glp_get_num_rows(master->prob); i++)
        glp_set_row_stat(master->prob, i + 1, i < master->saved_rows ? master->saved[i] : GLP_BS);
    for (int j = 0; j < glp_get_num_cols(master->prob); j++)
        glp_set_col_stat(master->prob, j + 1,
                         j < master->saved_columns ? master->saved[master->saved_rows + j]
                                                   : GLP_NL);
    master->needs_dual = 0;
}

/* The last whole solution: GLPK has to compute it again. */
static void come_back(struct glpk_master *master)
{
    glp_smcp parm;
    glp_init_smcp(&parm);
    parm.msg_lev = GLP_MSG_OFF;
    parm.it_lim = 1;
    set_saved(master);
    glp_simplex(master->prob, &parm);
}

static enum glpk_outcome solve(struct glpk_master *master, struct budget *budget, double close,
                               double *price)
{
    for (;;) {
        enum glpk_outcome outcome = GLPK_LIMIT;
        if (!budget_is_spent(budget))
            outcome = run_simplex(master, budget);
        if (outcome != GLPK_DONE)
            return outcome;
        read_prices(master, master->price);
        memcpy(price, master->price, master->model->n_rows * sizeof *price);
        if (add_broken(master)) {
            master->needs_dual = 1;
            continue;
        }
        save(master);
        double beyond, value = fabs(glp_get_obj_val(master->prob) + master->key_value);
        if (price_in(master, MORE_STEPS, 0, &beyond) == 0 || beyond <= close * value)
            return GLPK_DONE;
        master->needs_dual = 1;
    }
}

enum glpk_outcome glpk_master_solve(struct glpk_master *master, struct budget *budget, double close,
                                    double *price)
{
    if (!master->prob)
        return GLPK_FAILED;
    if (setjmp(master->trouble)) {
        glp_free_env();
        master->prob = NULL;
        return GLPK_FAILED;
    }
    glpk_guard_begin(&master->trouble);
    enum glpk_outcome outcome = solve(master, budget, close, price);
    if (outcome == GLPK_LIMIT && master->saved && !master->n_fixed)
        come_back(master);
    glpk_guard_end();
    return outcome;
}

int glpk_master_has_solution(const struct glpk_master *master)
{
    return master->prob && master->saved;
}

void glpk_master_each(const struct glpk_master *master, glpk_master_see *see, void *context)
{
    if (!master->prob)
        return;
    for (uint32_t o = 0; o < master->choices->n_owners; o++) {
        double left = 1;
        for (int s = master->newest[o]; s; s = master->steps[s].next) {
            double x = glp_get_col_prim(master->prob, s);
            left -= x;
            if (x > 1e-9)
                see(context, o, glpk_steps_columns(master, master->steps[s].to),
                    master->steps[s].to.n, x);
        }
        if (left > 1e-9)
            see(context, o, glpk_steps_columns(master, master->key[o]), master->key[o].n, left);
    }
}

static void add_point(void *context, uint32_t owner, const uint32_t *columns, uint32_t n,
                      double share)
{
    double *x = context;
    (void)owner;
    for (uint32_t c = 0; c < n; c++)
        x[columns[c]] += share;
}

void glpk_master_point(const struct glpk_master *master, double *x)
{
    memset(x, 0, master->model->n_columns * sizeof *x);
    glpk_master_each(master, add_point, x);
    for (uint32_t j = master->model->n_pair_columns; j < master->model->n_columns; j++)
        if (master->room_inside[j])
            x[j] = glpk_master_column(master, j);
}

/* -- coming back -- */

void glpk_master_restore(struct glpk_master *master)
{
    if (!master->prob || !master->saved)
        return;
    memset(master->is_fixed, 0, master->choices->n_owners);
    master->n_fixed = 0;
    for (uint32_t o = 0; o < master->choices->n_owners; o++)
        if (master->owner_row[o])
            glp_set_row_bnds(master->prob, master->owner_row[o], GLP_UP, 0, 1);
    for (size_t s = 1; s < master->n_steps; s++) {
        const struct glpk_step *step = &master->steps[s];
        if (step->owner != PROBLEM_NONE)
            glp_set_col_bnds(master->prob, (int)s, GLP_DB, 0, 1);
        else if (step->column != MODEL_NONE)
            glp_set_col_bnds(master->prob, (int)s, GLP_DB, 0,
                             (double)master->model->columns[step->column].upper);
    }
    set_saved(master);
}
