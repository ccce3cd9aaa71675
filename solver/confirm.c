/* confirm.c - see confirm.h.
 *
 * Owns the restricted master of a stage: only people who could be elsewhere at the prices, or whom
 * pricing brought in, have a row and columns; everybody else rests where they are and takes a bed
 * off the part. GLPK begins with the basis that belongs to plan and prices: if they are optimal it
 * needs no step. Then all pairs of the face are priced against its duals, those that beat them are
 * taken in, and it begins anew, until none does. Gains and prices are whole numbers, so what beats
 * a dual beats it by 1. */
#include "solver/confirm.h"

#include "models/alloc.h"
#include "solver/face.h"
#include "solver/glpk_lp.h"
#include "solver/members.h"

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
    struct members members;
    unsigned char *is_column; /* by pair */
    size_t n_columns;
    struct glpk_lp lp;
    uint32_t *person_row; /* PROBLEM_NONE = the person rests */
    int64_t *free_beds;
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
    members_init(&confirm->members, problem);
    members_list(&confirm->members, problem, chosen);
    confirm->is_column = alloc_zero((size_t)problem->n_pairs + 1, 1);
    confirm->person_row = alloc_zero(people, sizeof(uint32_t));
    confirm->free_beds = alloc_zero(parts, sizeof(int64_t));
    glpk_lp_init(&confirm->lp, people + parts);
}

static void confirm_clear(struct confirm *confirm)
{
    face_clear(&confirm->face);
    free(confirm->gain);
    free(confirm->part_price);
    free(confirm->person_price);
    free(confirm->tree);
    free(confirm->queue);
    members_clear(&confirm->members);
    free(confirm->is_column);
    free(confirm->person_row);
    free(confirm->free_beds);
    glpk_lp_clear(&confirm->lp);
}

static uint32_t part_of(const struct confirm *confirm, uint32_t pair)
{
    return confirm->problem->pairs[pair].part;
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

/* -- columns -- */

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
        uint32_t pair = face->pairs[at], part = face->parts[at];
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
        for (uint32_t m = confirm->members.first[part]; m < confirm->members.first[part + 1]; m++)
            n = reach(confirm, confirm->members.people[m], is_reached, n);
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

/* -- the linear programme -- */

static int has_column(const struct confirm *confirm, uint32_t person)
{
    const struct face *face = &confirm->face;
    for (uint32_t at = face->first[person]; at < face->first[person + 1]; at++)
        if (confirm->is_column[face->pairs[at]])
            return 1;
    return 0;
}

static void add_part_rows(struct confirm *confirm)
{
    const struct problem *problem = confirm->problem;
    const struct face *face = &confirm->face;
    for (uint32_t p = 0; p < problem->n_parts; p++)
        confirm->free_beds[p] = problem->parts[p].capacity;
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (confirm->chosen[i] != PROBLEM_NONE && !has_column(confirm, i))
            confirm->free_beds[part_of(confirm, confirm->chosen[i])]--;
    for (uint32_t p = 0; p < problem->n_parts; p++) {
        int64_t beds = confirm->free_beds[p];
        double most = (double)(beds < problem->n_people ? beds : problem->n_people);
        glpk_lp_add_row(&confirm->lp, most, face->must_fill[p], confirm->tree[p] == PROBLEM_NONE);
    }
}

/* Whoever has columns, and what the plan gains in them. */
static double add_people(struct confirm *confirm)
{
    const struct face *face = &confirm->face;
    double value = 0;
    for (uint32_t i = 0; i < confirm->problem->n_people; i++) {
        uint32_t now = confirm->chosen[i], row = (uint32_t)confirm->lp.n_rows;
        confirm->person_row[i] = has_column(confirm, i) ? row : PROBLEM_NONE;
        if (confirm->person_row[i] == PROBLEM_NONE)
            continue;
        glpk_lp_add_row(&confirm->lp, 1, face->must_place[i], now == PROBLEM_NONE);
        for (uint32_t at = face->first[i]; at < face->first[i + 1]; at++) {
            uint32_t pair = face->pairs[at], part = face->parts[at];
            if (!confirm->is_column[pair])
                continue;
            glpk_lp_add_column(
                &confirm->lp, &(struct glpk_lp_column){{part, row},
                                                       (double)confirm->gain[pair],
                                                       now == pair || confirm->tree[part] == pair});
            value += now == pair ? (double)confirm->gain[pair] : 0;
        }
    }
    return value;
}

/* Is the plan, as far as the master knows it, what GLPK calls optimal? */
static int solve_master(struct confirm *confirm)
{
    glpk_lp_empty(&confirm->lp);
    add_part_rows(confirm);
    double value = add_people(confirm);
    glpk_lp_solve(&confirm->lp, confirm->budget);
    double gap = fabs(confirm->lp.value - value);
    return confirm->lp.is_optimal && (gap < beats || gap <= fabs(value) * 1e-14);
}

/* -- pricing -- */

/* What one person is worth at the duals. */
static double person_dual(const struct confirm *confirm, uint32_t person)
{
    uint32_t now = confirm->chosen[person];
    if (confirm->person_row[person] != PROBLEM_NONE)
        return confirm->lp.dual[confirm->person_row[person]];
    return now == PROBLEM_NONE
               ? 0
               : (double)confirm->gain[now] - confirm->lp.dual[part_of(confirm, now)];
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
        double worth = (double)confirm->gain[pair] - confirm->lp.dual[face->parts[at]] - own;
        if (worth > most && !confirm->is_column[pair]) {
            most = worth;
            best = pair;
        }
    }
    if (best == PROBLEM_NONE && own < -beats && !face->must_place[person] &&
        confirm->person_row[person] == PROBLEM_NONE)
        best = confirm->chosen[person];
    if (best == PROBLEM_NONE)
        return 0;
    mark_with_own(confirm, person, best);
    return 1;
}

static size_t price_all(struct confirm *confirm)
{
    size_t added = 0;
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

int confirm_plan(const struct problem *problem, const uint32_t *chosen, const int64_t *part_price,
                 const int64_t *person_price, struct budget *budget)
{
    struct confirm confirm;
    confirm_init(&confirm, problem, chosen, budget);
    int agrees = confirm_stages(&confirm, part_price, person_price);
    confirm_clear(&confirm);
    return agrees;
}
