/* glpk_confirm.c - see glpk_confirm.h.
 *
 * Owns the restricted master of a stage: only people who could be elsewhere at the prices, or whom
 * pricing brought in, have a row and columns; everybody else rests where they are and takes a bed
 * off the part. GLPK begins with the basis that belongs to plan and prices: if they are optimal it
 * needs no step. Then all pairs of the face are priced against its duals, those that beat them are
 * taken in, and it begins anew, until none does. Gains and prices are whole numbers, so what beats
 * a dual beats it by 1. */
#include "solver/glpk_confirm.h"

#include "models/alloc.h"
#include "solver/face.h"
#include "solver/glpk_guard.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Beyond, a second opinion takes longer than the answer, and the certificate has to do. */
enum { COLUMNS_MAX = 50000 };
static const double beats = 0.5;

struct confirm {
    const struct problem *problem;
    const uint32_t *chosen;
    struct budget *budget;
    struct face face;
    int64_t *gain;                      /* of this stage, by pair */
    int64_t *part_price, *person_price; /* of this stage */
    uint32_t *tree;                     /* by part: the pair that makes its price, or none */
    uint32_t *queue;
    uint32_t *first_member, *members; /* who is in a part */
    unsigned char *is_column;         /* by pair */
    size_t n_columns;
    glp_prob *lp;
    int *person_row; /* 0 = the person rests */
    int64_t *free_beds;
    double *dual; /* of the parts */
    jmp_buf trouble;
};

static void confirm_init(struct confirm *confirm, const struct problem *problem,
                         const uint32_t *chosen, struct budget *budget)
{
    size_t parts = (size_t)problem->n_parts + 1, people = (size_t)problem->n_people + 1;
    *confirm = (struct confirm){.problem = problem, .chosen = chosen, .budget = budget};
    face_init(&confirm->face, problem);
    confirm->gain = alloc_zero((size_t)problem->n_pairs + 1, sizeof(int64_t));
    confirm->part_price = alloc_zero(parts, sizeof(int64_t));
    confirm->person_price = alloc_zero(people, sizeof(int64_t));
    confirm->tree = alloc_zero(parts, sizeof(uint32_t));
    confirm->queue = alloc_zero(parts, sizeof(uint32_t));
    confirm->first_member = alloc_zero(parts + 1, sizeof(uint32_t));
    confirm->members = alloc_zero(people, sizeof(uint32_t));
    confirm->is_column = alloc_zero((size_t)problem->n_pairs + 1, 1);
    confirm->person_row = alloc_zero(people, sizeof(int));
    confirm->free_beds = alloc_zero(parts, sizeof(int64_t));
    confirm->dual = alloc_zero(parts, sizeof(double));
}

static void confirm_clear(struct confirm *confirm)
{
    face_clear(&confirm->face);
    free(confirm->gain);
    free(confirm->part_price);
    free(confirm->person_price);
    free(confirm->tree);
    free(confirm->queue);
    free(confirm->first_member);
    free(confirm->members);
    free(confirm->is_column);
    free(confirm->person_row);
    free(confirm->free_beds);
    free(confirm->dual);
}

static uint32_t part_of(const struct confirm *confirm, uint32_t pair)
{
    return confirm->problem->pairs[pair].part;
}

static void list_members(struct confirm *confirm)
{
    const struct problem *problem = confirm->problem;
    uint32_t *first = confirm->first_member;
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (confirm->chosen[i] != PROBLEM_NONE)
            first[part_of(confirm, confirm->chosen[i])]++;
    for (uint32_t p = 0, sum = 0; p <= problem->n_parts; p++) {
        sum += first[p];
        first[p] = sum;
    }
    for (uint32_t i = problem->n_people; i-- > 0;)
        if (confirm->chosen[i] != PROBLEM_NONE)
            confirm->members[--first[part_of(confirm, confirm->chosen[i])]] = i;
}

/* Objective k on the face there is: its gains and prices. */
static void load_stage(struct confirm *confirm, size_t k, const int64_t *part_price,
                       const int64_t *person_price)
{
    const struct problem *problem = confirm->problem;
    const struct face *face = &confirm->face;
    for (uint32_t at = 0; at < face->first[problem->n_people]; at++)
        confirm->gain[face->pairs[at]] = problem_gain(problem, face->pairs[at], k);
    for (uint32_t p = 0; p < problem->n_parts; p++)
        confirm->part_price[p] = part_price[p * problem->n_objectives + k];
    for (uint32_t i = 0; i < problem->n_people; i++)
        confirm->person_price[i] = person_price[i * problem->n_objectives + k];
}

/* -- columns ------------------------------------------------------------------------------------
 */

static int is_tight(const struct confirm *confirm, uint32_t person, uint32_t pair)
{
    return confirm->gain[pair] ==
           confirm->part_price[part_of(confirm, pair)] + confirm->person_price[person];
}

/* The parts that this person can reach at the prices and nobody has reached before: the price there
 * is theirs. Returns the new length of the queue. */
static uint32_t reach(struct confirm *confirm, uint32_t person, unsigned char *is_reached,
                      uint32_t n)
{
    const struct face *face = &confirm->face;
    for (uint32_t at = face->first[person]; at < face->first[person + 1]; at++) {
        uint32_t pair = face->pairs[at], part = part_of(confirm, pair);
        if (is_reached[part] || !is_tight(confirm, person, pair))
            continue;
        is_reached[part] = 1;
        confirm->tree[part] = pair;
        confirm->queue[n++] = part;
    }
    return n;
}

/* The basis that belongs to the prices: a tree from the spare beds and the unplaced people along
 * people who are as well off one part on. */
static void find_tree(struct confirm *confirm)
{
    const struct problem *problem = confirm->problem;
    unsigned char *is_reached = alloc_zero((size_t)problem->n_parts + 1, 1);
    uint32_t n = 0;
    for (uint32_t p = 0; p < problem->n_parts; p++) {
        confirm->tree[p] = PROBLEM_NONE;
        is_reached[p] = !confirm->face.must_fill[p] && confirm->part_price[p] == 0;
        if (is_reached[p])
            confirm->queue[n++] = p;
    }
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (confirm->chosen[i] == PROBLEM_NONE)
            n = reach(confirm, i, is_reached, n);
    for (uint32_t k = 0; k < n; k++) {
        uint32_t part = confirm->queue[k];
        for (uint32_t m = confirm->first_member[part]; m < confirm->first_member[part + 1]; m++)
            n = reach(confirm, confirm->members[m], is_reached, n);
    }
    free(is_reached);
}

static void mark(struct confirm *confirm, uint32_t pair)
{
    confirm->n_columns += !confirm->is_column[pair];
    confirm->is_column[pair] = 1;
}

/* Nobody has a column for another part without one for their own. */
static void mark_with_own(struct confirm *confirm, uint32_t person, uint32_t pair)
{
    mark(confirm, pair);
    if (confirm->chosen[person] != PROBLEM_NONE)
        mark(confirm, confirm->chosen[person]);
}

/* What makes the prices, and for everybody who could be elsewhere one such pair, as long as there
 * is room for them. */
static void mark_first_columns(struct confirm *confirm)
{
    const struct face *face = &confirm->face;
    memset(confirm->is_column, 0, confirm->problem->n_pairs);
    confirm->n_columns = 0;
    for (uint32_t p = 0; p < confirm->problem->n_parts; p++)
        if (confirm->tree[p] != PROBLEM_NONE)
            mark_with_own(confirm, confirm->problem->pairs[confirm->tree[p]].person,
                          confirm->tree[p]);
    for (uint32_t i = 0; i < confirm->problem->n_people; i++)
        for (uint32_t at = face->first[i];
             at < face->first[i + 1] && confirm->n_columns + 2 <= COLUMNS_MAX; at++) {
            uint32_t pair = face->pairs[at];
            if (pair == confirm->chosen[i] || !is_tight(confirm, i, pair))
                continue;
            mark_with_own(confirm, i, pair);
            break;
        }
}

/* -- the linear programme -----------------------------------------------------------------------
 */

static int has_column(const struct confirm *confirm, uint32_t person)
{
    const struct face *face = &confirm->face;
    for (uint32_t at = face->first[person]; at < face->first[person + 1]; at++)
        if (confirm->is_column[face->pairs[at]])
            return 1;
    return 0;
}

static void add_rows(struct confirm *confirm)
{
    const struct problem *problem = confirm->problem;
    const struct face *face = &confirm->face;
    int n = 0;
    for (uint32_t p = 0; p < problem->n_parts; p++)
        confirm->free_beds[p] = problem->parts[p].capacity;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        confirm->person_row[i] = has_column(confirm, i) ? (int)problem->n_parts + ++n : 0;
        if (!confirm->person_row[i] && confirm->chosen[i] != PROBLEM_NONE)
            confirm->free_beds[part_of(confirm, confirm->chosen[i])]--;
    }
    if (n + problem->n_parts)
        glp_add_rows(confirm->lp, n + (int)problem->n_parts);
    for (uint32_t p = 0; p < problem->n_parts; p++) {
        int64_t beds = confirm->free_beds[p];
        double most = (double)(beds < problem->n_people ? beds : problem->n_people);
        glp_set_row_bnds(confirm->lp, (int)p + 1, face->must_fill[p] ? GLP_FX : GLP_UP, most, most);
        glp_set_row_stat(confirm->lp, (int)p + 1,
                         confirm->tree[p] == PROBLEM_NONE ? GLP_BS : GLP_NU);
    }
    for (uint32_t i = 0; i < problem->n_people; i++) {
        if (!confirm->person_row[i])
            continue;
        glp_set_row_bnds(confirm->lp, confirm->person_row[i], face->must_place[i] ? GLP_FX : GLP_UP,
                         1, 1);
        glp_set_row_stat(confirm->lp, confirm->person_row[i],
                         confirm->chosen[i] == PROBLEM_NONE ? GLP_BS : GLP_NU);
    }
}

/* Returns what the plan gains in these columns. */
static double add_columns(struct confirm *confirm)
{
    const struct problem *problem = confirm->problem;
    const struct face *face = &confirm->face;
    const double ones[3] = {0, 1, 1};
    double value = 0;
    int column = 0;
    if (confirm->n_columns)
        glp_add_cols(confirm->lp, (int)confirm->n_columns);
    for (uint32_t at = 0; at < face->first[problem->n_people]; at++) {
        uint32_t pair = face->pairs[at], person = problem->pairs[pair].person;
        uint32_t part = part_of(confirm, pair);
        if (!confirm->is_column[pair])
            continue;
        int rows[3] = {0, (int)part + 1, confirm->person_row[person]};
        int is_plan = confirm->chosen[person] == pair;
        glp_set_col_bnds(confirm->lp, ++column, GLP_LO, 0, 0);
        glp_set_obj_coef(confirm->lp, column, (double)confirm->gain[pair]);
        glp_set_mat_col(confirm->lp, column, 2, rows, ones);
        glp_set_col_stat(confirm->lp, column,
                         is_plan || confirm->tree[part] == pair ? GLP_BS : GLP_NL);
        value += is_plan ? (double)confirm->gain[pair] : 0;
    }
    return value;
}

/* Is the plan, as far as the master knows it, what GLPK calls optimal? */
static int solve_master(struct confirm *confirm)
{
    glp_smcp control;
    glp_init_smcp(&control);
    control.msg_lev = GLP_MSG_OFF;
    control.meth = GLP_PRIMAL;
    control.presolve = GLP_OFF;
    control.it_lim = budget_work_left(confirm->budget, INT32_MAX);
    control.tm_lim = budget_ms_left(confirm->budget, INT32_MAX);
    glp_erase_prob(confirm->lp);
    glp_set_obj_dir(confirm->lp, GLP_MAX);
    add_rows(confirm);
    double value = add_columns(confirm);
    int rc = confirm->n_columns ? glp_simplex(confirm->lp, &control) : 0;
    confirm->budget->work += glp_get_it_cnt(confirm->lp);
    if (rc != 0 || (confirm->n_columns && glp_get_status(confirm->lp) != GLP_OPT))
        return 0;
    double gap = fabs(glp_get_obj_val(confirm->lp) - value);
    return gap < beats || gap <= fabs(value) * 1e-14;
}

/* -- pricing ------------------------------------------------------------------------------------
 */

/* What one person is worth at the duals. */
static double person_dual(const struct confirm *confirm, uint32_t person)
{
    uint32_t now = confirm->chosen[person];
    if (confirm->person_row[person])
        return glp_get_row_dual(confirm->lp, confirm->person_row[person]);
    return now == PROBLEM_NONE ? 0
                               : (double)confirm->gain[now] - confirm->dual[part_of(confirm, now)];
}

/* Takes in the pair of this person that beats the duals most; so does the own pair of somebody who
 * would rather have no bed. */
static int price_person(struct confirm *confirm, uint32_t person)
{
    const struct face *face = &confirm->face;
    double own = person_dual(confirm, person), most = beats;
    uint32_t best = PROBLEM_NONE;
    for (uint32_t at = face->first[person]; at < face->first[person + 1]; at++) {
        uint32_t pair = face->pairs[at];
        double worth = (double)confirm->gain[pair] - confirm->dual[part_of(confirm, pair)] - own;
        if (worth > most && !confirm->is_column[pair]) {
            most = worth;
            best = pair;
        }
    }
    if (best == PROBLEM_NONE && own < -beats && !face->must_place[person] &&
        !confirm->person_row[person])
        best = confirm->chosen[person];
    if (best == PROBLEM_NONE)
        return 0;
    mark_with_own(confirm, person, best);
    return 1;
}

static size_t price_all(struct confirm *confirm)
{
    size_t added = 0;
    for (uint32_t p = 0; p < confirm->problem->n_parts; p++)
        confirm->dual[p] = confirm->n_columns ? glp_get_row_dual(confirm->lp, (int)p + 1) : 0;
    for (uint32_t i = 0; i < confirm->problem->n_people; i++)
        added += (size_t)price_person(confirm, i);
    return added;
}

static int confirm_stage(struct confirm *confirm)
{
    find_tree(confirm);
    mark_first_columns(confirm);
    do {
        if (confirm->n_columns > COLUMNS_MAX || budget_is_spent(confirm->budget) ||
            !solve_master(confirm))
            return 0;
    } while (price_all(confirm) > 0);
    return 1;
}

static int confirm_stages(struct confirm *confirm, const int64_t *part_price,
                          const int64_t *person_price)
{
    for (size_t k = 0; k < confirm->problem->n_objectives; k++) {
        load_stage(confirm, k, part_price, person_price);
        if (face_widest(&confirm->face, confirm->gain) != 0 && !confirm_stage(confirm))
            return 0;
        face_restrict(&confirm->face, confirm->gain, confirm->part_price, confirm->person_price);
    }
    return 1;
}

/* Everything that calls GLPK; a fatal error in there leaves by longjmp, and GLPK's memory as a
 * whole goes. */
static int guarded(struct confirm *confirm, const int64_t *part_price, const int64_t *person_price)
{
    glpk_guard_begin(&confirm->trouble);
    if (setjmp(confirm->trouble)) {
        glp_free_env();
        return 0;
    }
    confirm->lp = glp_create_prob();
    int agrees = confirm_stages(confirm, part_price, person_price);
    glp_delete_prob(confirm->lp);
    glpk_guard_end();
    return agrees;
}

int glpk_confirm_plan(const struct problem *problem, const uint32_t *chosen,
                      const int64_t *part_price, const int64_t *person_price, struct budget *budget)
{
    struct confirm confirm;
    confirm_init(&confirm, problem, chosen, budget);
    list_members(&confirm);
    int agrees = guarded(&confirm, part_price, person_price);
    confirm_clear(&confirm);
    return agrees;
}
