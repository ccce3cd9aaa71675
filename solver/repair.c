/* repair.c - see repair.h.
 *
 * Owns the order: near pairs at the last prices, paths on them, the least prices, and the look at
 * all pairs that proves it all or finds what was not near enough; then the face and the ties. The
 * searches are those of repair_search.h and margin.h. */
#include "solver/repair.h"

#include "models/alloc.h"
#include "solver/margin.h"
#include "solver/repair_search.h"
#include "solver/ties.h"

#include <stdlib.h>
#include <string.h>

/* Measured: near pairs to a part to begin with. More of all pairs than a third are not few; a
 * search that looks at more than all pairs twice is not short; looks at all pairs in vain. */
enum { NEAR_TO_A_PART = 24, FEW_PAIRS = 3, MANY_LOOKS = 2, MOST_ROUNDS = 6 };

struct again {
    const struct problem *problem;
    struct packed packed;
    struct repair repair;
    int64_t *price, *proved; /* by part; proved: before they were lowered */
    int64_t *limit;          /* by part, then outside */
    struct near_view view;
    struct near_list last_look;
    struct face face;
    int64_t values[OBJECTIVE_COUNT];
};

static void again_init(struct again *again, const int64_t *last_price, uint32_t *chosen)
{
    const struct problem *problem = again->problem;
    size_t parts = (size_t)problem->n_parts + 1;
    again->price = alloc_zero(parts, sizeof(int64_t));
    again->proved = alloc_zero(parts, sizeof(int64_t));
    again->limit = alloc_zero(parts, sizeof(int64_t));
    repair_init(&again->repair, &again->packed, chosen, again->price);
    again->view = (struct near_view){&again->packed, again->price, chosen, again->limit,
                                     problem->n_pairs / FEW_PAIRS + problem->n_people};
    again->repair.looks_left = (int64_t)problem->n_pairs * MANY_LOOKS;
    for (uint32_t p = 0; p < problem->n_parts; p++) {
        int64_t price = packed_join(&again->packed, &last_price[p * problem->n_objectives]);
        again->price[p] = problem->parts[p].capacity > 0 && price > 0 ? price : 0;
    }
}

static void again_clear(struct again *again)
{
    repair_clear(&again->repair);
    near_list_clear(&again->last_look);
    face_clear(&again->face);
    free(again->price);
    free(again->proved);
    free(again->limit);
}

static int begin(struct again *again)
{
    const struct problem *problem = again->problem;
    struct repair *repair = &again->repair;
    int64_t limit = near_limit(&again->view, (size_t)problem->n_parts * NEAR_TO_A_PART);
    for (uint32_t node = 0; node <= problem->n_parts; node++)
        again->limit[node] = limit;
    if (!near_look(&again->view, &repair->graph.list, NULL))
        return 0;
    near_graph_link(&repair->graph);
    repair_settle(repair);
    return repair_misfits(repair) <= problem->n_people / 16 + 16;
}

/* Everybody by the prices, on the near pairs; then a look at all. What must be known of those who
 * are placed reaches as far as one bed fewer can matter. */
static int look_again(struct again *again)
{
    const struct problem *problem = again->problem;
    struct repair *repair = &again->repair;
    memcpy(again->proved, again->price, (size_t)problem->n_parts * sizeof(int64_t));
    repair_lower(repair);
    repair_losses(repair);
    memcpy(again->limit, repair->distance, (size_t)problem->n_parts * sizeof(int64_t));
    again->limit[problem->n_parts] = 0;
    for (uint32_t p = 0; p < problem->n_parts; p++)
        repair->distance[p] = PACKED_MOST;
    memset(again->values, 0, sizeof again->values);
    near_list_clear(&again->last_look);
    return near_look(&again->view, &again->last_look, again->values);
}

static int64_t loss_by(const struct repair *repair, const struct near_pair *pair)
{
    return repair_left(repair, pair->person) - (pair->gain - repair->price[pair->part]);
}

/* Pairs by which somebody would gain become near; how many. */
static size_t take_missed(struct again *again)
{
    struct repair *repair = &again->repair;
    struct near_list *list = &repair->graph.list;
    size_t before = list->n;
    for (size_t at = 0; at < again->last_look.n; at++) {
        const struct near_pair *pair = &again->last_look.pairs[at];
        if (loss_by(repair, pair) >= 0)
            continue;
        ALLOC_GROW(list->pairs, list->n, list->room);
        list->pairs[list->n++] = *pair;
    }
    near_graph_link(&repair->graph);
    return list->n - before;
}

/* 1: the plan is optimal, the prices are the least that prove it. */
static int put_right(struct again *again, struct budget *budget)
{
    for (int round = 0; round < MOST_ROUNDS; round++) {
        int64_t before = again->repair.paths;
        int is_right = repair_paths(&again->repair);
        budget->work += again->repair.paths - before;
        if (!is_right || budget_is_spent(budget) || !look_again(again))
            return 0;
        if (!take_missed(again))
            return 1;
        memcpy(again->price, again->proved, (size_t)again->problem->n_parts * sizeof(int64_t));
        repair_settle(&again->repair);
    }
    return 0;
}

/* The face of all objectives: the pairs by which nobody loses anything. */
static void make_face(struct again *again)
{
    const struct problem *problem = again->problem;
    const struct near_list *list = &again->last_look;
    struct face *face = &again->face;
    uint32_t kept = 0, person = 0;
    face->problem = problem;
    face->first = alloc_zero((size_t)problem->n_people + 1, sizeof(uint32_t));
    face->pairs = alloc_zero(list->n + 1, sizeof(uint32_t));
    face->parts = alloc_zero(list->n + 1, sizeof(uint32_t));
    face->must_place = alloc_zero((size_t)problem->n_people + 1, 1);
    face->must_fill = alloc_zero((size_t)problem->n_parts + 1, 1);
    for (size_t at = 0; at < list->n; at++) {
        for (; person < list->pairs[at].person; person++)
            face->first[person + 1] = kept;
        if (loss_by(&again->repair, &list->pairs[at]) != 0)
            continue;
        face->pairs[kept] = list->pairs[at].pair;
        face->parts[kept++] = list->pairs[at].part;
    }
    for (; person < problem->n_people; person++)
        face->first[person + 1] = kept;
    for (uint32_t i = 0; i < problem->n_people; i++)
        face->must_place[i] =
            problem->people[i].stay_pair != PROBLEM_NONE || repair_left(&again->repair, i) > 0;
    for (uint32_t p = 0; p < problem->n_parts; p++)
        face->must_fill[p] = again->price[p] > 0;
}

/* From now on the pairs of the last look count. */
static void change_graph(struct again *again)
{
    struct near_graph *graph = &again->repair.graph;
    near_graph_clear(graph);
    near_graph_init(graph, again->problem);
    graph->list = again->last_look;
    again->last_look = (struct near_list){0};
    near_graph_link(graph);
    repair_recount(&again->repair);
}

static int split_prices(const struct again *again, const uint32_t *chosen,
                        struct network_result *result)
{
    const struct problem *problem = again->problem;
    size_t n = problem->n_objectives;
    for (uint32_t p = 0; p < problem->n_parts; p++)
        if (!packed_split(&again->packed, again->price[p], &result->part_price[p * n]))
            return 0;
    for (uint32_t i = 0; i < problem->n_people; i++)
        for (size_t k = 0; chosen[i] != PROBLEM_NONE && k < n; k++)
            result->person_price[i * n + k] =
                problem_gain(problem, chosen[i], k) -
                result->part_price[problem->pairs[chosen[i]].part * n + k];
    return 1;
}

static void take_values(const struct again *again, struct network_result *result)
{
    for (size_t k = 0; k < again->problem->n_objectives; k++)
        result->values[k] = result->bounds[k] =
            words_objective_is_max(again->problem->objectives[k]) ? again->values[k]
                                                                  : -again->values[k];
}

static int solve(struct again *again, struct budget *budget, uint32_t *chosen,
                 struct network_result *result)
{
    if (!begin(again) || !put_right(again, budget))
        return 0;
    if (!split_prices(again, chosen, result)) {
        memset(result->part_price, 0,
               again->problem->n_parts * again->problem->n_objectives * sizeof(int64_t));
        return 0;
    }
    result->status = PLAN_OPTIMAL;
    take_values(again, result);
    make_face(again);
    ties_settle(&again->face, chosen);
    change_graph(again);
    result->has_greatest = margin_find(&again->repair, &result->greatest);
    return 1;
}

int repair_solve(const struct problem *problem, const struct warm *warm, struct budget *budget,
                 uint32_t *chosen, struct network_result *result)
{
    struct again again = {.problem = problem};
    if (!warm->chosen || !warm->part_price || problem_is_coupled(problem) ||
        !packed_init(&again.packed, problem, warm->part_price))
        return 0;
    memcpy(chosen, warm->chosen, (size_t)problem->n_people * sizeof(uint32_t));
    again_init(&again, warm->part_price, chosen);
    int is_solved = solve(&again, budget, chosen, result);
    again_clear(&again);
    return is_solved;
}
