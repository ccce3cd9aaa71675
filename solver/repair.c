/* repair.c - see repair.h.
 *
 * Owns the order: near pairs at the last prices, paths on them, the least prices, and the look at
 * all pairs that proves it all or finds what was not near enough; then the face and the ties. The
 * searches are those of repair_search.h and margin.h. */
#include "solver/repair.h"

#include "models/alloc.h"
#include "models/beside.h"
#include "models/slices.h"
#include "solver/margin.h"
#include "solver/repair_search.h"
#include "solver/repair_shift.h"
#include "solver/ties.h"

#include <stdlib.h>
#include <string.h>

/* Measured: near pairs of the placed to begin with, so many to a part and one to a person; more
 * than half of all pairs are not few, nor are misfits one to sixteen people; searches that look at
 * more than sixteen times all pairs, or at forty million, are not short: the stages are quicker;
 * looks at all pairs in vain; with fewer people to a part every search goes through them all. */
enum {
    NEAR_PLACED = 32,
    FEW_PAIRS = 2,
    ALWAYS_FEW = 10000,
    FEW_PEOPLE = 16,
    ALWAYS_FEW_PEOPLE = 16,
    MANY_LOOKS = 16,
    MOST_LOOKS = 40000000,
    MOST_ROUNDS = 6,
    FEW_TO_A_PART = 3
};

enum { SLICE_PEOPLE = 4000 }; /* fewer are not worth a thread */

struct missed { /* pairs by which somebody would gain */
    size_t all;
    size_t low, before; /* at the least prices; at those before they fell */
};

struct again {
    const struct problem *problem;
    struct packed packed;
    struct repair repair;
    int64_t *price, *before;       /* by part; before: when they were not the least yet */
    int64_t *high;                 /* by part: the greatest ones */
    int64_t *first;                /* by part: as they were at the beginning */
    int64_t *seen, *seen_high;     /* by part: as they were at the last look */
    int64_t *beyond, *beyond_high; /* by person: what other pairs left at most */
    const uint32_t *last;          /* by person: the last plan */
    int64_t limit;                 /* so much may be lost by a pair that is near to begin with */
    struct near_again view;        /* of another look */
    struct near_list found;        /* by a look */
    struct near_list missed;       /* of these, pairs by which somebody would gain */
    struct face face;
};

static void again_init(struct again *again, const int64_t *last_price)
{
    const struct problem *problem = again->problem;
    size_t parts = (size_t)problem->n_parts + 1;
    again->price = alloc_zero(parts, sizeof(int64_t));
    again->before = alloc_zero(parts, sizeof(int64_t));
    again->high = alloc_zero(parts, sizeof(int64_t));
    again->first = alloc_zero(parts, sizeof(int64_t));
    again->seen = alloc_zero(parts, sizeof(int64_t));
    again->seen_high = alloc_zero(parts, sizeof(int64_t));
    again->beyond = alloc_zero((size_t)problem->n_people + 1, sizeof(int64_t));
    again->beyond_high = alloc_zero((size_t)problem->n_people + 1, sizeof(int64_t));
    repair_init(&again->repair, &again->packed, again->price);
    again->view = (struct near_again){.packed = &again->packed,
                                      .graph = &again->repair.graph,
                                      .seats = again->repair.seats,
                                      .price = again->price,
                                      .high = again->high,
                                      .most = problem->n_pairs / FEW_PAIRS + ALWAYS_FEW,
                                      .seen = again->seen,
                                      .seen_high = again->seen_high,
                                      .beyond = again->beyond,
                                      .beyond_high = again->beyond_high};
    int64_t looks = (int64_t)problem->n_pairs * MANY_LOOKS;
    again->repair.looks_left = looks < MOST_LOOKS ? looks : MOST_LOOKS;
    for (uint32_t p = 0; p < problem->n_parts; p++) {
        int64_t price = packed_join(&again->packed, &last_price[p * problem->n_objectives]);
        again->price[p] = problem->parts[p].capacity > 0 && price > 0 ? price : 0;
    }
}

static void again_clear(struct again *again)
{
    repair_clear(&again->repair);
    near_list_clear(&again->found);
    near_list_clear(&again->missed);
    face_clear(&again->face);
    free(again->price);
    free(again->before);
    free(again->high);
    free(again->first);
    free(again->seen);
    free(again->seen_high);
    free(again->beyond);
    free(again->beyond_high);
}

/* Everybody where the last plan had them, at the last prices, or where they have more. */
static void sit_down(struct again *again)
{
    memcpy(again->price, again->first, (size_t)again->problem->n_parts * sizeof(int64_t));
    repair_seat_people(&again->repair, again->last);
    repair_settle(&again->repair);
    repair_rows_make(&again->repair.rows);
}

static int begin(struct again *again)
{
    const struct problem *problem = again->problem;
    struct near_view view = {.packed = &again->packed,
                             .price = again->price,
                             .chosen = again->last,
                             .most = again->view.most,
                             .beyond = again->beyond};
    memcpy(again->first, again->price, (size_t)problem->n_parts * sizeof(int64_t));
    view.limit = again->limit =
        near_limit(&view, (size_t)problem->n_parts * NEAR_PLACED + problem->n_people);
    if (!near_look(&view, &again->found))
        return 0;
    memcpy(again->seen, again->price, (size_t)problem->n_parts * sizeof(int64_t));
    memcpy(again->seen_high, again->price, (size_t)problem->n_parts * sizeof(int64_t));
    memcpy(again->beyond_high, again->beyond, (size_t)problem->n_people * sizeof(int64_t));
    repair_take(&again->repair, &again->found);
    sit_down(again);
    return repair_misfits(&again->repair) <= problem->n_people / FEW_PEOPLE + ALWAYS_FEW_PEOPLE;
}

/* A look at all: what is there must hold by the least prices and by the greatest. 0: there is too
 * much to see. */
static int look_again(struct again *again)
{
    near_list_clear(&again->found);
    return near_look_again(&again->view, &again->found);
}

/* Does somebody gain by this pair at these prices? */
static int is_missed(const struct again *again, const int64_t *price, const struct near_pair *pair)
{
    const struct near_seat *seat = &again->repair.seats[pair->person];
    int64_t left = seat->pair == PROBLEM_NONE ? 0 : seat->gain - price[seat->part];
    return left < pair->gain - price[pair->part];
}

/* Missed pairs become near. */
static struct missed take_missed(struct again *again, const int64_t *before)
{
    struct near_list list = {0};
    struct missed missed = {0};
    for (size_t at = 0; at < again->found.n; at++) {
        const struct near_pair *pair = &again->found.pairs[at];
        int is_low = is_missed(again, again->price, pair);
        int is_high = again->repair.seats[pair->person].pair != PROBLEM_NONE &&
                      is_missed(again, again->high, pair);
        if (!is_low && !is_high)
            continue;
        ALLOC_GROW(list.pairs, list.n, list.room);
        list.pairs[list.n++] = *pair;
        missed.low += (size_t)is_low;
        missed.before += (size_t)is_missed(again, before, pair);
    }
    missed.all = list.n;
    if (list.n)
        repair_add(&again->repair, &list);
    near_list_clear(&again->missed);
    again->missed = list;
    return missed;
}

/* Lowers the prices and looks at all pairs until nothing is missed, or something that matters to
 * more than the greatest prices. 0: it is too much. */
static int lower_and_look(struct again *again, struct missed *missed)
{
    memcpy(again->before, again->price, (size_t)again->problem->n_parts * sizeof(int64_t));
    for (int round = 0; round < MOST_ROUNDS; round++) {
        if (round)
            repair_raise(&again->repair, again->high);
        else
            repair_spread(&again->repair, again->high);
        if (!look_again(again))
            return 0;
        *missed = take_missed(again, again->before);
        if (missed->low || !missed->all)
            return 1;
    }
    return 0;
}

/* Prices of whole regions move where they must, and a look at all pairs tells whom that draws from
 * elsewhere: then they move once more, from where they were, with these pairs. 0: there is too much
 * to see. */
static int shift(struct again *again)
{
    const struct problem *problem = again->problem;
    struct repair *repair = &again->repair;
    size_t size = (size_t)problem->n_parts * sizeof(int64_t);
    uint32_t *chosen = alloc_zero((size_t)problem->n_people + 1, sizeof *chosen);
    int is_whole = 1;
    repair_choices(repair, chosen);
    memcpy(again->before, again->price, size);
    if (repair_shift(repair, again->limit)) {
        memcpy(again->high, again->price, size);
        is_whole = near_look_again(&again->view, &again->found);
        if (is_whole && take_missed(again, again->price).all) {
            memcpy(again->price, again->before, size);
            repair_seat_people(repair, chosen);
            repair_shift(repair, again->limit);
        }
    }
    free(chosen);
    return is_whole;
}

/* From the prices by which the fewest people are not content. */
static int begin_again(struct again *again, const struct missed *missed)
{
    if (missed->before < missed->low)
        memcpy(again->price, again->before, (size_t)again->problem->n_parts * sizeof(int64_t));
    return repair_content(&again->repair, &again->missed);
}

/* 1: the plan is optimal, the prices are the least and the greatest that prove it. */
static int put_right(struct again *again, struct budget *budget)
{
    int is_right = shift(again) && repair_paths(&again->repair);
    for (int round = 0; is_right && round < MOST_ROUNDS; round++) {
        struct missed missed;
        budget->work += again->repair.paths;
        again->repair.paths = 0;
        if (budget_is_spent(budget) || !lower_and_look(again, &missed))
            return 0;
        if (!missed.all)
            return 1;
        is_right = begin_again(again, &missed);
    }
    return 0;
}

static void mark_musts(void *context, size_t slice, size_t first, size_t end)
{
    const struct again *again = context;
    const struct repair *repair = &again->repair;
    (void)slice;
    for (size_t i = first; i < end; i++)
        again->face.must_place[i] = repair->problem->people[i].stay_pair != PROBLEM_NONE ||
                                    repair_left(repair, &repair->seats[i]) > 0;
}

/* The face of all objectives: the pairs by which nobody loses anything. */
static void make_face(struct again *again)
{
    const struct problem *problem = again->problem;
    const struct near_list *list = &again->found;
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
        if (repair_loss(&again->repair, &again->repair.seats[list->pairs[at].person],
                        list->pairs[at].gain, list->pairs[at].part) != 0)
            continue;
        face->pairs[kept] = list->pairs[at].pair;
        face->parts[kept++] = list->pairs[at].part;
    }
    for (; person < problem->n_people; person++)
        face->first[person + 1] = kept;
    slices_run(problem->n_people, slices_count(problem->n_people, SLICE_PEOPLE), mark_musts, again);
    for (uint32_t p = 0; p < problem->n_parts; p++)
        face->must_fill[p] = again->price[p] > 0;
}

struct split { /* prices and values, objective by objective */
    const struct again *again;
    struct network_result *result;
    int64_t values[SLICES_MAX][OBJECTIVE_COUNT];
};

/* What somebody has more than the price is within the ranges, and the pair gains both. */
static void split_people(void *context, size_t slice, size_t first, size_t end)
{
    struct split *split = context;
    const struct repair *repair = &split->again->repair;
    size_t n = repair->problem->n_objectives;
    int64_t values[OBJECTIVE_COUNT] = {0};
    for (size_t i = first; i < end; i++) {
        const struct near_seat *seat = &repair->seats[i];
        if (seat->pair == PROBLEM_NONE)
            continue;
        int64_t *price = &split->result->person_price[i * n];
        packed_split(repair->packed, repair_left(repair, seat), price);
        for (size_t k = 0; k < n; k++)
            values[k] += price[k] + split->result->part_price[seat->part * n + k];
    }
    memcpy(split->values[slice], values, sizeof values);
}

static int split_prices(const struct again *again, struct network_result *result)
{
    const struct problem *problem = again->problem;
    struct split split = {.again = again, .result = result};
    size_t n = problem->n_objectives, n_slices = slices_count(problem->n_people, SLICE_PEOPLE);
    for (uint32_t p = 0; p < problem->n_parts; p++)
        if (!packed_split(&again->packed, again->price[p], &result->part_price[p * n]))
            return 0;
    slices_run(problem->n_people, n_slices, split_people, &split);
    for (size_t k = 0; k < n; k++) {
        int64_t value = 0;
        for (size_t s = 0; s < n_slices; s++)
            value += split.values[s][k];
        result->values[k] = result->bounds[k] =
            words_objective_is_max(problem->objectives[k]) ? value : -value;
    }
    return 1;
}

/* What is needed after the ties, and does not depend on them. */
struct apart {
    struct again *again;
    struct network_result *result;
    int fits;
};

static void do_apart(void *context)
{
    struct apart *apart = context;
    apart->fits = split_prices(apart->again, apart->result);
    repair_take(&apart->again->repair, &apart->again->found);
}

static int solve(struct again *again, struct budget *budget, uint32_t *chosen,
                 struct network_result *result)
{
    struct apart apart = {again, result, 0};
    if (!begin(again) || !put_right(again, budget))
        return 0;
    repair_choices(&again->repair, chosen);
    make_face(again);
    struct beside *beside = beside_begin(do_apart, &apart);
    ties_settle(&again->face, chosen);
    beside_end(beside);
    if (!apart.fits) {
        memset(result->part_price, 0,
               again->problem->n_parts * again->problem->n_objectives * sizeof(int64_t));
        return 0;
    }
    result->status = PLAN_OPTIMAL;
    repair_seat_people(&again->repair, chosen);
    result->has_greatest = margin_find(&again->repair, again->high, &result->greatest);
    return 1;
}

int repair_solve(const struct problem *problem, const struct warm *warm, struct budget *budget,
                 uint32_t *chosen, struct network_result *result)
{
    struct again again = {.problem = problem, .last = warm->chosen};
    if (!warm->chosen || !warm->part_price || problem_is_coupled(problem) ||
        problem->n_people < FEW_TO_A_PART * problem->n_parts ||
        !packed_init(&again.packed, problem, warm->part_price))
        return 0;
    again_init(&again, warm->part_price);
    int is_solved = solve(&again, budget, chosen, result);
    again_clear(&again);
    return is_solved;
}
