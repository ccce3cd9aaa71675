/* glpk_lp.c - see glpk_lp.h.
 *
 * Rows are the people who have a choice and the parts, columns the pairs of the face. The start
 * basis is the assignment itself: its pairs and the slack of every other row are basic. Signs:
 * maximisation, so the reduced cost of a column is gain - dual of the person - dual of the part. */
#include "solver/glpk_lp.h"

#include "models/alloc.h"
#include "solver/glpk_guard.h"
#include "solver/prices.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct master {
    const struct face *face;
    const int64_t *gain;
    struct budget *budget;
    const uint32_t *start;
    glp_prob *lp;
    int *person_row, *part_row; /* 0 = no row */
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
        glp_set_row_stat(master->lp, row, GLP_BS);
    }
}

static void add_column(struct master *master, uint32_t pair)
{
    const struct problem_pair *at = &master->face->problem->pairs[pair];
    int rows[3] = {0, master->person_row[at->person], master->part_row[at->part]};
    double ones[3] = {0, 1, 1};
    int column = glp_add_cols(master->lp, 1);
    glp_set_col_bnds(master->lp, column, GLP_LO, 0, 0);
    glp_set_obj_coef(master->lp, column, (double)master->gain[pair]);
    glp_set_mat_col(master->lp, column, 2, rows, ones);
    glp_set_col_stat(master->lp, column, master->start[at->person] == pair ? GLP_BS : GLP_NL);
    ALLOC_GROW(master->column_pair, master->n_columns, master->room_columns);
    master->column_pair[master->n_columns++] = pair;
}

static void add_columns(struct master *master)
{
    const struct face *face = master->face;
    for (uint32_t i = 0; i < face->problem->n_people; i++)
        for (uint32_t at = face->first[i]; master->person_row[i] && at < face->first[i + 1]; at++)
            add_column(master, face->pairs[at]);
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

static void solve_master(struct master *master)
{
    glp_set_obj_dir(master->lp, GLP_MAX);
    add_person_rows(master);
    add_part_rows(master);
    add_columns(master);
    master->is_optimal = run_simplex(master);
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
                        struct budget *budget, const uint32_t *start)
{
    const struct problem *problem = face->problem;
    *master = (struct master){.face = face, .gain = gain, .budget = budget, .start = start};
    master->person_row = alloc_zero((size_t)problem->n_people + 1, sizeof(int));
    master->part_row = alloc_zero((size_t)problem->n_parts + 1, sizeof(int));
    master->chosen = alloc_zero((size_t)problem->n_people + 1, sizeof(uint32_t));
    master->used = alloc_zero((size_t)problem->n_parts + 1, sizeof(int64_t));
    ALLOC_GROW(master->column_pair, master->n_columns, master->room_columns);
    master->column_pair[master->n_columns++] = PROBLEM_NONE;
}

static void master_clear(struct master *master)
{
    free(master->person_row);
    free(master->part_row);
    free(master->column_pair);
    free(master->chosen);
    free(master->used);
}

/* Everything that calls GLPK; a fatal error in there leaves by longjmp, and GLPK's memory as a
 * whole goes. */
static int guarded_solve(struct master *master, int64_t *part_price)
{
    glpk_guard_begin(&master->trouble);
    if (setjmp(master->trouble)) {
        glp_free_env();
        return 0;
    }
    master->lp = glp_create_prob();
    solve_master(master);
    int is_usable = glp_get_prim_stat(master->lp) == GLP_FEAS && read_assignment(master);
    read_duals(master, part_price);
    glp_delete_prob(master->lp);
    glpk_guard_end();
    return is_usable;
}

int glpk_lp_stage(const struct face *face, const int64_t *gain, struct budget *budget,
                  uint32_t *chosen, int64_t *part_price)
{
    struct master master;
    memset(part_price, 0, (size_t)face->problem->n_parts * sizeof(int64_t));
    master_init(&master, face, gain, budget, chosen);
    int is_usable = guarded_solve(&master, part_price);
    if (is_usable && prices_value(face, gain, master.chosen) >= prices_value(face, gain, chosen))
        memcpy(chosen, master.chosen, (size_t)face->problem->n_people * sizeof(uint32_t));
    int is_optimal = is_usable && master.is_optimal;
    master_clear(&master);
    return is_optimal;
}
