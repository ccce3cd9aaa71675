/* network.c - see network.h. Owns the order of the stages; everything else is delegated: the linear
 * programme to simplex.h, the objectives that only ask who is placed to matroid.h, plans of the
 * others to transport.h, the proof to least.h and prices.h, what is left open to face.h, the ties
 * to ties.h. */
#include "solver/network.h"

#include "models/alloc.h"
#include "solver/budget.h"
#include "solver/face.h"
#include "solver/greedy.h"
#include "solver/least.h"
#include "solver/matroid.h"
#include "solver/prices.h"
#include "solver/repair.h"
#include "solver/simplex.h"
#include "solver/ties.h"
#include "solver/transport.h"
#include "solver/warm.h"

#include <stdlib.h>
#include <string.h>

struct stages {
    const struct problem *problem;
    struct face face;
    struct budget budget;
    int is_glpk;      /* GLPK alone */
    int is_confirmed; /* by GLPK, in every stage so far */
    int64_t *gain;    /* of this stage, by pair */
    int64_t widest;   /* the most that one of them counts, whichever way */
    int64_t *part_price, *person_price, *dual;
    const struct warm *warm;
    int64_t *start; /* the last round's prices of this stage; NULL = not known */
    uint32_t *chosen;
};

static void stages_init(struct stages *stages, const struct problem *problem,
                        const struct warm *warm, uint32_t *chosen)
{
    *stages = (struct stages){.problem = problem, .warm = warm, .chosen = chosen};
    face_init(&stages->face, problem);
    stages->gain = alloc_resize(NULL, (size_t)problem->n_pairs + 1, sizeof(int64_t));
    stages->part_price = alloc_zero((size_t)problem->n_parts + 1, sizeof(int64_t));
    stages->dual = alloc_zero((size_t)problem->n_parts + 1, sizeof(int64_t));
    stages->person_price = alloc_zero((size_t)problem->n_people + 1, sizeof(int64_t));
    if (warm->part_price)
        stages->start = alloc_zero((size_t)problem->n_parts + 1, sizeof(int64_t));
}

static void stages_clear(struct stages *stages)
{
    face_clear(&stages->face);
    free(stages->gain);
    free(stages->part_price);
    free(stages->dual);
    free(stages->person_price);
    free(stages->start);
}

static void load_gains(struct stages *stages, size_t k)
{
    stages->widest = face_gains(&stages->face, k, stages->gain);
}

/* The last round's prices, no larger than a path of gains can be: they may be anybody's. They may
 * prove the plan that is there. */
static void load_start(struct stages *stages, size_t k)
{
    const struct problem *problem = stages->problem;
    memset(stages->dual, 0, (size_t)problem->n_parts * sizeof(int64_t));
    if (!stages->start)
        return;
    int64_t most = stages->widest * ((int64_t)problem->n_parts + 2);
    for (uint32_t p = 0; p < problem->n_parts; p++) {
        int64_t price = stages->warm->part_price[p * problem->n_objectives + k];
        stages->start[p] = price < -most ? -most : price > most ? most : price;
    }
    memcpy(stages->dual, stages->start, (size_t)problem->n_parts * sizeof(int64_t));
}

/* Do the duals at hand prove the plan at hand? Then the prices are the least ones. */
static int is_proved(struct stages *stages)
{
    return least_prices(&stages->face, stages->gain, stages->chosen, stages->dual,
                        stages->part_price, stages->person_price);
}

/* Proves the plan from nothing, or improves it until it can be proved. */
static int prove_anyhow(struct stages *stages, struct alm_error *err)
{
    return prices_prove(&stages->face, stages->gain, stages->chosen, INT64_MAX, &stages->budget,
                        stages->part_price, stages->person_price, err);
}

static int solve_by_glpk(struct stages *stages, struct alm_error *err)
{
    stages->is_confirmed &=
        simplex_stage(&stages->face, stages->gain, &stages->budget, stages->chosen, stages->dual);
    return prove_anyhow(stages, err);
}

/* 1 proved, 0 the budget ended, -1 error. Its gains are loaded. A stage that is not optimal as it
 * stands is left to shortest paths, or to GLPK when that is the engine; the last word is with the
 * integers. */
static int solve_stage(struct stages *stages, size_t k, struct alm_error *err)
{
    load_start(stages, k);
    if (budget_is_spent(&stages->budget))
        return 0;
    if (stages->is_glpk)
        return solve_by_glpk(stages, err);
    if (is_proved(stages))
        return 1;
    if (transport_solve(&stages->face, stages->gain, stages->start, TRANSPORT_FITTING,
                        &stages->budget, stages->chosen, stages->dual) &&
        is_proved(stages))
        return 1;
    return prove_anyhow(stages, err);
}

static void keep_prices(const struct stages *stages, size_t k, struct network_result *result)
{
    const struct problem *problem = stages->problem;
    for (uint32_t p = 0; p < problem->n_parts; p++)
        result->part_price[p * problem->n_objectives + k] = stages->part_price[p];
    for (uint32_t i = 0; i < problem->n_people; i++)
        result->person_price[i * problem->n_objectives + k] = stages->person_price[i];
}

static int64_t as_stated(const struct problem *problem, size_t k, int64_t gain)
{
    return words_objective_is_max(problem->objectives[k]) ? gain : -gain;
}

/* Parts that somebody on the face can come to. */
static void mark_open(const struct stages *stages, unsigned char *is_open)
{
    const struct face *face = &stages->face;
    const struct problem *problem = stages->problem;
    for (uint32_t at = 0; at < face->first[problem->n_people]; at++) {
        const struct problem_pair *pair = &problem->pairs[face->pairs[at]];
        is_open[pair->part] |= face->pairs[at] != problem->people[pair->person].stay_pair;
    }
}

/* What is left of prices that anybody can check without knowing the face: none of beds that nobody
 * comes to, none that prices_bound counts as 0. */
static void tame(const struct stages *stages, const unsigned char *is_open, int64_t *price)
{
    for (uint32_t p = 0; p < stages->problem->n_parts; p++)
        if (!is_open[p] || stages->problem->parts[p].capacity > stages->problem->n_people ||
            (price[p] < 0 && !stages->face.must_fill[p]))
            price[p] = 0;
}

static int compare_falling(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;
    return (one < two) - (one > two);
}

/* One price for every bed, at which about as many people would come as there are beds. */
static void set_flat(struct stages *stages, int64_t *price)
{
    const struct face *face = &stages->face;
    const struct problem *problem = stages->problem;
    int64_t *most = stages->person_price, beds = 0;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        most[i] = 0;
        for (uint32_t at = face->first[i]; at < face->first[i + 1]; at++)
            most[i] =
                stages->gain[face->pairs[at]] > most[i] ? stages->gain[face->pairs[at]] : most[i];
    }
    qsort(most, problem->n_people, sizeof *most, compare_falling);
    for (uint32_t p = 0; p < problem->n_parts; p++)
        beds += problem->parts[p].capacity;
    for (uint32_t p = 0; p < problem->n_parts; p++)
        price[p] = beds && beds <= problem->n_people ? most[beds - 1] : 0;
}

/* Any prices give a bound of an objective; the nearest is kept. */
static int64_t nearest_bound(const struct stages *stages, size_t k, int64_t *const *known,
                             size_t n_known, int64_t *bound_price)
{
    const struct problem *problem = stages->problem;
    int64_t nearest = INT64_MAX;
    for (size_t c = 0; c < n_known; c++) {
        int64_t bound = prices_bound(&stages->face, stages->gain, known[c]);
        if (bound >= nearest)
            continue;
        nearest = bound;
        for (uint32_t p = 0; p < problem->n_parts; p++)
            bound_price[p * problem->n_objectives + k] = known[c] ? known[c][p] : 0;
    }
    return nearest;
}

/* The stages from the first unproved one on: what their bounds are worth on the face there is. The
 * first of these stages may have been left with good prices. */
static void bound_rest(struct stages *stages, size_t first, int64_t bounds[OBJECTIVE_COUNT],
                       int64_t *bound_price)
{
    size_t parts = (size_t)stages->problem->n_parts + 1;
    unsigned char *is_open = alloc_zero(parts, 1);
    int64_t *flat = alloc_zero(parts, sizeof *flat);
    int64_t *known[] = {NULL, flat, stages->dual, stages->part_price};
    mark_open(stages, is_open);
    tame(stages, is_open, stages->dual);
    tame(stages, is_open, stages->part_price);
    for (size_t k = first; k < stages->problem->n_objectives; k++) {
        size_t n_known = k == first ? sizeof known / sizeof *known : 2;
        load_gains(stages, k);
        set_flat(stages, flat);
        tame(stages, is_open, flat);
        bounds[k] =
            as_stated(stages->problem, k, nearest_bound(stages, k, known, n_known, bound_price));
    }
    free(is_open);
    free(flat);
}

/* Where the first stage begins. Any plan will do: the last one is nearer than what a queue gives.
 * The objectives at the head need none, newcomers are nowhere then. */
static void begin(struct stages *stages, int has_head)
{
    const struct problem *problem = stages->problem;
    if (stages->warm->chosen)
        memcpy(stages->chosen, stages->warm->chosen, (size_t)problem->n_people * sizeof(uint32_t));
    else if (!has_head)
        greedy_start(problem, stages->chosen);
    else
        for (uint32_t i = 0; i < problem->n_people; i++)
            stages->chosen[i] = problem->people[i].stay_pair;
}

/* The n objectives at the head that only ask who is placed, all at once: how many were proved. */
static size_t solve_head(struct stages *stages, size_t n, struct network_result *result)
{
    const struct problem *problem = stages->problem;
    struct matroid head;
    int proved = matroid_solve(&head, &stages->face, n, &stages->budget, stages->chosen);
    matroid_prices(&head, problem->n_objectives, result->part_price, result->person_price);
    if (proved)
        face_restrict_ranks(&stages->face, head.part_rank, head.person_rank);
    for (uint32_t p = 0; !proved && p < problem->n_parts; p++)
        stages->part_price[p] = result->part_price[p * problem->n_objectives];
    matroid_values(&head, stages->chosen, result->bounds);
    matroid_clear(&head);
    return proved ? n : 0;
}

/* Solves stage after stage, those at the head at once; returns how many were proved, or -1. */
static int run_stages(struct stages *stages, size_t n_head, struct network_result *result,
                      struct alm_error *err)
{
    size_t k = n_head ? solve_head(stages, n_head, result) : 0;
    if (k < n_head)
        return 0;
    for (; k < stages->problem->n_objectives; k++) {
        stages->widest = 0;
        if (stages->problem->widest[k] > 0)
            load_gains(stages, k);
        if (stages->widest == 0)
            continue; /* 0 in every plan; prices of 0 prove it, and the face stays as it is */
        int proved = solve_stage(stages, k, err);
        if (proved < 0)
            return -1;
        if (!proved)
            break;
        int64_t value = prices_value(&stages->face, stages->gain, stages->chosen);
        result->bounds[k] = as_stated(stages->problem, k, value);
        keep_prices(stages, k, result);
        face_restrict(&stages->face, stages->gain, stages->part_price, stages->person_price);
    }
    return (int)k;
}

static void finish_proved(struct stages *stages, struct network_result *result)
{
    ties_settle(&stages->face, stages->chosen);
    result->status = PLAN_OPTIMAL;
    memcpy(result->values, result->bounds, sizeof result->values);
}

/* What proves the first stages alone gives bounds. */
static void finish_unproved(struct stages *stages, size_t n_proved, struct network_result *result)
{
    bound_rest(stages, n_proved, result->bounds, result->part_price);
    free(result->person_price);
    result->bound_price = result->part_price;
    result->part_price = result->person_price = NULL;
    greedy_label(stages->problem, stages->chosen);
    result->status = PLAN_FEASIBLE;
    problem_values(stages->problem, stages->chosen, result->values);
}

/* Stage after stage, from wherever the last round lets them begin. */
static int solve_stages(const struct problem *problem, const struct warm *warm, int is_glpk,
                        struct budget *budget, uint32_t *chosen, struct network_result *result,
                        struct alm_error *err)
{
    struct stages stages;
    size_t n_head = is_glpk ? 0 : matroid_objectives(problem);
    stages_init(&stages, problem, warm, chosen);
    stages.is_glpk = stages.is_confirmed = is_glpk;
    stages.budget = *budget;
    begin(&stages, n_head > 0);
    int proved = run_stages(&stages, n_head, result, err);
    if (proved == (int)problem->n_objectives)
        finish_proved(&stages, result);
    else if (proved >= 0)
        finish_unproved(&stages, (size_t)proved, result);
    result->is_confirmed = stages.is_confirmed;
    *budget = stages.budget;
    stages_clear(&stages);
    return proved < 0 ? -1 : 0;
}

int network_solve(const struct problem *problem, const struct solver_options *options,
                  uint32_t *chosen, struct network_result *result, struct alm_error *err)
{
    struct budget budget;
    struct warm warm;
    int is_glpk = options->engine == SOLVER_GLPK, done = 0;
    memset(result, 0, sizeof *result);
    size_t n = problem->n_objectives;
    result->part_price = alloc_zero(((size_t)problem->n_parts + 1) * (n + 1), sizeof(int64_t));
    result->person_price = alloc_zero(((size_t)problem->n_people + 1) * (n + 1), sizeof(int64_t));
    budget_init(&budget, options);
    warm_init(&warm, problem, options);
    int is_head_alone = matroid_objectives(problem) == n; /* quicker than any repair */
    if (is_glpk || is_head_alone || !repair_solve(problem, &warm, &budget, chosen, result))
        done = solve_stages(problem, &warm, is_glpk, &budget, chosen, result, err);
    result->work = budget.work;
    warm_clear(&warm);
    return done;
}

void network_result_clear(struct network_result *result)
{
    free(result->part_price);
    free(result->person_price);
    free(result->bound_price);
    result->part_price = result->person_price = result->bound_price = NULL;
    greatest_clear(&result->greatest);
    result->greatest = (struct greatest){0};
}

void network_plain_bounds(const struct problem *problem, struct network_result *result)
{
    struct stages stages;
    const struct warm none = {0};
    memset(result, 0, sizeof *result);
    result->bound_price =
        alloc_zero(((size_t)problem->n_parts + 1) * (problem->n_objectives + 1), sizeof(int64_t));
    stages_init(&stages, problem, &none, NULL);
    bound_rest(&stages, 0, result->bounds, result->bound_price);
    stages_clear(&stages);
}
