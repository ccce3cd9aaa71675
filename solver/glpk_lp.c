/* glpk_lp.c - see glpk_lp.h.
 *
 * Owns the master: rows are the people who have a choice and the parts, columns are pairs of the
 * face. The start basis is the assignment itself: its pairs and the slack of every other row are
 * basic. Signs: maximisation, so the reduced cost of a column is gain - dual of the person - dual
 * of the part. */
#include "solver/glpk_lp.h"

#include "models/alloc.h"
#include "solver/glpk_guard.h"
#include "solver/prices.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* measured: more columns at a time cost more in each iteration than they save in iterations */
enum { FIRST_COLUMNS = 3, MORE_COLUMNS = 3, COLUMNS_MAX = 3 };

struct master {
    const struct face *face;
    const int64_t *gain;
    struct budget *budget;
    const uint32_t *start, *tree;
    glp_prob *lp;
    int *person_row, *part_row; /* 0 = no row */
    unsigned char *has_column;  /* by pair */
    uint32_t *column_pair;      /* by column number; GLPK counts from 1 */
    size_t n_columns, room_columns;
    uint32_t *chosen; /* what was read from the last basic solution */
    int64_t *used;
    int is_optimal;
    jmp_buf trouble;
};

/* -- rows and columns ---------------------------------------------------------------------------
 */

static int has_choice(const struct face *face, uint32_t person)
{
    uint32_t n = face->first[person + 1] - face->first[person];
    return n + !face->must_place[person] > 1;
}

static void add_person_rows(struct master *master)
{
    const struct face *face = master->face;
    for (uint32_t i = 0; i < face->problem->n_people; i++) {
        if (!has_choice(face, i))
            continue;
        int row = glp_add_rows(master->lp, 1);
        master->person_row[i] = row;
        glp_set_row_bnds(master->lp, row, face->must_place[i] ? GLP_FX : GLP_UP, 1, 1);
        glp_set_row_stat(master->lp, row, master->start[i] == PROBLEM_NONE ? GLP_BS : GLP_NU);
    }
}

/* People without a choice keep their bed: it is taken off the part's capacity. */
static void add_part_rows(struct master *master)
{
    const struct problem *problem = master->face->problem;
    memset(master->used, 0, (size_t)problem->n_parts * sizeof(int64_t));
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (master->start[i] != PROBLEM_NONE && !master->person_row[i])
            master->used[problem->pairs[master->start[i]].part]++;
    for (uint32_t p = 0; p < problem->n_parts; p++) {
        int64_t free_beds = problem->parts[p].capacity - master->used[p];
        if (free_beds > problem->n_people)
            free_beds = problem->n_people;
        int row = glp_add_rows(master->lp, 1);
        master->part_row[p] = row;
        glp_set_row_bnds(master->lp, row, master->face->must_fill[p] ? GLP_FX : GLP_UP,
                         (double)free_beds, (double)free_beds);
        int is_basic = !master->tree || master->tree[p] == PROBLEM_NONE;
        glp_set_row_stat(master->lp, row, is_basic ? GLP_BS : GLP_NU);
    }
}

static void add_column(struct master *master, uint32_t pair)
{
    const struct problem_pair *at = &master->face->problem->pairs[pair];
    if (master->has_column[pair])
        return;
    int rows[3] = {0, master->person_row[at->person], master->part_row[at->part]};
    double ones[3] = {0, 1, 1};
    int column = glp_add_cols(master->lp, 1);
    glp_set_col_bnds(master->lp, column, GLP_LO, 0, 0);
    glp_set_obj_coef(master->lp, column, (double)master->gain[pair]);
    glp_set_mat_col(master->lp, column, 2, rows, ones);
    int is_basic =
        master->start[at->person] == pair || (master->tree && master->tree[at->part] == pair);
    glp_set_col_stat(master->lp, column, is_basic ? GLP_BS : GLP_NL);
    master->has_column[pair] = 1;
    ALLOC_GROW(master->column_pair, master->n_columns, master->room_columns);
    master->column_pair[master->n_columns++] = pair;
}

/* -- pricing ------------------------------------------------------------------------------------
 */

struct best { /* the few best pairs of one person */
    uint32_t pairs[COLUMNS_MAX];
    double worth[COLUMNS_MAX];
    int n, most;
};

/* Equal worth: the nearer home first, so that not everybody brings the same few pools. */
static void best_take(struct best *best, const struct problem *problem, uint32_t pair, double worth)
{
    int at = best->n < best->most ? best->n++ : best->most;
    while (at > 0 && (worth > best->worth[at - 1] ||
                      (worth == best->worth[at - 1] &&
                       problem->pairs[pair].metres < problem->pairs[best->pairs[at - 1]].metres))) {
        if (at < best->most) {
            best->worth[at] = best->worth[at - 1];
            best->pairs[at] = best->pairs[at - 1];
        }
        at--;
    }
    if (at < best->most) {
        best->worth[at] = worth;
        best->pairs[at] = pair;
    }
}

/* Columns of one person that beat the duals by more than rounding can explain (true reduced costs
 * are integers); without duals (`first`) the most gainful. Returns how many were added. */
static int price_person(struct master *master, uint32_t person, int first, const double *duals)
{
    const struct face *face = master->face;
    struct best best = {.most = first ? FIRST_COLUMNS : MORE_COLUMNS};
    double own = first ? 0 : glp_get_row_dual(master->lp, master->person_row[person]);
    for (uint32_t at = face->first[person]; at < face->first[person + 1]; at++) {
        uint32_t pair = face->pairs[at];
        double worth = (double)master->gain[pair];
        if (!first)
            worth -= own + duals[face->problem->pairs[pair].part];
        if (!master->has_column[pair] && (first || worth > 0.5))
            best_take(&best, face->problem, pair, worth);
    }
    for (int b = 0; b < best.n; b++)
        add_column(master, best.pairs[b]);
    return best.n;
}

static int price_all(struct master *master, int first)
{
    const struct problem *problem = master->face->problem;
    double *duals = alloc_zero((size_t)problem->n_parts + 1, sizeof(double));
    int added = 0;
    for (uint32_t p = 0; !first && p < problem->n_parts; p++)
        duals[p] = glp_get_row_dual(master->lp, master->part_row[p]);
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (master->person_row[i])
            added += price_person(master, i, first, duals);
    free(duals);
    return added;
}

static void add_first_columns(struct master *master, int all_columns)
{
    const struct face *face = master->face;
    for (uint32_t i = 0; i < face->problem->n_people; i++) {
        if (!master->person_row[i])
            continue;
        if (master->start[i] != PROBLEM_NONE)
            add_column(master, master->start[i]);
        for (uint32_t at = face->first[i]; all_columns && at < face->first[i + 1]; at++)
            add_column(master, face->pairs[at]);
    }
    for (uint32_t p = 0; master->tree && p < face->problem->n_parts; p++)
        if (master->tree[p] != PROBLEM_NONE)
            add_column(master, master->tree[p]);
    if (!all_columns)
        price_all(master, 1);
}

/* -- solving ------------------------------------------------------------------------------------
 */

/* One run of the simplex from the basis there is; 1 when GLPK ended at an optimum. */
static int run_simplex(struct master *master)
{
    glp_smcp control;
    glp_init_smcp(&control);
    control.msg_lev = GLP_MSG_OFF;
    control.meth = GLP_PRIMAL;
    control.presolve = GLP_OFF;
    control.it_lim = budget_work_left(master->budget, INT32_MAX);
    control.tm_lim = budget_ms_left(master->budget, INT32_MAX);
    int before = glp_get_it_cnt(master->lp);
    int rc = glp_simplex(master->lp, &control);
    master->budget->work += glp_get_it_cnt(master->lp) - before;
    return rc == 0 && glp_get_status(master->lp) == GLP_OPT;
}

/* The basic solution as an assignment: 0 when it is none (a fraction, a part too full, somebody
 * lost). */
static int read_assignment(struct master *master)
{
    const struct face *face = master->face;
    const struct problem *problem = face->problem;
    for (uint32_t i = 0; i < problem->n_people; i++)
        master->chosen[i] = master->person_row[i] ? PROBLEM_NONE : master->start[i];
    for (int column = 1; column <= glp_get_num_cols(master->lp); column++) {
        double value = glp_get_col_prim(master->lp, column);
        uint32_t pair = master->column_pair[column], person = problem->pairs[pair].person;
        if (fabs(value - nearbyint(value)) > 1e-6 || value > 1.5 || value < -0.5)
            return 0;
        if (value < 0.5)
            continue;
        if (master->chosen[person] != PROBLEM_NONE)
            return 0;
        master->chosen[person] = pair;
    }
    memset(master->used, 0, (size_t)problem->n_parts * sizeof(int64_t));
    for (uint32_t i = 0; i < problem->n_people; i++) {
        if (master->chosen[i] == PROBLEM_NONE && face->must_place[i])
            return 0;
        if (master->chosen[i] != PROBLEM_NONE)
            master->used[problem->pairs[master->chosen[i]].part]++;
    }
    for (uint32_t p = 0; p < problem->n_parts; p++)
        if (master->used[p] > problem->parts[p].capacity ||
            (face->must_fill[p] && master->used[p] < problem->parts[p].capacity))
            return 0;
    return 1;
}

static void solve_master(struct master *master, int all_columns)
{
    glp_set_obj_dir(master->lp, GLP_MAX);
    add_person_rows(master);
    add_part_rows(master);
    add_first_columns(master, all_columns);
    do {
        master->is_optimal = run_simplex(master);
    } while (master->is_optimal && !all_columns && price_all(master, 0) > 0 &&
             !budget_is_spent(master->budget));
}

static void read_duals(const struct master *master, int64_t *part_price)
{
    double most = 2.0 * (double)face_widest(master->face, master->gain) *
                  (double)(master->face->problem->n_parts + 2);
    for (uint32_t p = 0; p < master->face->problem->n_parts; p++) {
        double dual = nearbyint(glp_get_row_dual(master->lp, master->part_row[p]));
        part_price[p] = fabs(dual) <= most ? (int64_t)dual : 0;
    }
}

static void master_init(struct master *master, const struct face *face, const int64_t *gain,
                        struct budget *budget, const uint32_t *start, const uint32_t *tree)
{
    const struct problem *problem = face->problem;
    *master =
        (struct master){.face = face, .gain = gain, .budget = budget, .start = start, .tree = tree};
    master->person_row = alloc_zero((size_t)problem->n_people + 1, sizeof(int));
    master->part_row = alloc_zero((size_t)problem->n_parts + 1, sizeof(int));
    master->has_column = alloc_zero((size_t)problem->n_pairs + 1, 1);
    master->chosen = alloc_zero((size_t)problem->n_people + 1, sizeof(uint32_t));
    master->used = alloc_zero((size_t)problem->n_parts + 1, sizeof(int64_t));
    ALLOC_GROW(master->column_pair, master->n_columns, master->room_columns);
    master->column_pair[master->n_columns++] = PROBLEM_NONE;
}

static void master_clear(struct master *master)
{
    free(master->person_row);
    free(master->part_row);
    free(master->has_column);
    free(master->column_pair);
    free(master->chosen);
    free(master->used);
}

/* Everything that calls GLPK; a fatal error in there leaves by longjmp, and GLPK's memory as a
 * whole goes. */
static int guarded_solve(struct master *master, int all_columns, int64_t *part_price)
{
    glpk_guard_begin(&master->trouble);
    if (setjmp(master->trouble)) {
        glp_free_env();
        return 0;
    }
    master->lp = glp_create_prob();
    solve_master(master, all_columns);
    int is_usable = glp_get_prim_stat(master->lp) == GLP_FEAS && read_assignment(master);
    read_duals(master, part_price);
    glp_delete_prob(master->lp);
    glpk_guard_end();
    return is_usable;
}

int glpk_lp_stage(const struct face *face, const int64_t *gain, const uint32_t *tree,
                  int all_columns, struct budget *budget, uint32_t *chosen, int64_t *part_price)
{
    struct master master;
    memset(part_price, 0, (size_t)face->problem->n_parts * sizeof(int64_t));
    master_init(&master, face, gain, budget, chosen, tree);
    int is_usable = guarded_solve(&master, all_columns, part_price);
    if (is_usable && prices_value(face, gain, master.chosen) >= prices_value(face, gain, chosen))
        memcpy(chosen, master.chosen, (size_t)face->problem->n_people * sizeof(uint32_t));
    int is_optimal = is_usable && master.is_optimal;
    master_clear(&master);
    return is_optimal;
}
