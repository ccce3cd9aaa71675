/* matroid.c - see matroid.h.
 *
 * Owns the order in which newcomers come and what their failing says about prices; the search for a
 * bed is matroid_search.h. Always holds: a part that has a price is cut off from the free beds, and
 * so is every part that somebody there could go to; nobody in it moves any more. */
#include "solver/matroid.h"

#include "models/alloc.h"
#include "solver/matroid_search.h"

#include <stdlib.h>
#include <string.h>

enum { LOOK_AHEAD = 8 }; /* so many newcomers */

static int asks_who(enum objective objective)
{
    return objective == OBJECTIVE_GUARANTEE || objective == OBJECTIVE_NEED ||
           objective == OBJECTIVE_PLACEMENTS || objective == OBJECTIVE_SENIORITY;
}

size_t matroid_objectives(const struct problem *problem)
{
    size_t k = 0;
    if (problem_is_coupled(problem))
        return 0;
    while (k < problem->n_objectives && asks_who(problem->objectives[k]))
        k++;
    return k;
}

/* -- the order of the newcomers -----------------------------------------------------------------
 */

struct candidate {
    uint32_t person;
    int is_elsewhere; /* has no bed in the plan to begin with */
    size_t n;         /* of worth */
    int64_t worth[OBJECTIVE_COUNT];
};

static int compare_worth(const struct candidate *one, const struct candidate *two)
{
    for (size_t k = 0; k < one->n; k++)
        if (one->worth[k] != two->worth[k])
            return one->worth[k] > two->worth[k] ? -1 : 1;
    return 0;
}

static int by_worth(const void *a, const void *b)
{
    const struct candidate *one = a, *two = b;
    int order = compare_worth(one, two);
    order = order ? order : one->is_elsewhere - two->is_elsewhere;
    return order ? order : (one->person > two->person) - (one->person < two->person);
}

/* Newcomers who could be placed, by falling vector; of equals those first who have a bed in the
 * plan to begin with, so that a plan that is optimal stays as it is. */
static uint32_t list_candidates(const struct matroid *matroid, const uint32_t *chosen,
                                struct candidate *candidates)
{
    const struct problem *problem = matroid->face->problem;
    uint32_t n = 0;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        const struct problem_person *person = &problem->people[i];
        if (person->stay_pair != PROBLEM_NONE || person->n_pairs == 0)
            continue;
        struct candidate *candidate = &candidates[n++];
        *candidate = (struct candidate){
            .person = i, .is_elsewhere = chosen[i] == PROBLEM_NONE, .n = matroid->n_objectives};
        for (size_t k = 0; k < candidate->n; k++)
            candidate->worth[k] = problem_gain(problem, person->first_pair, k);
    }
    qsort(candidates, n, sizeof *candidates, by_worth);
    return n;
}

/* 1 + how many different vectors are less, among those that are more than nothing. */
static void rank_candidates(struct matroid *matroid, const struct candidate *candidates, uint32_t n)
{
    const struct candidate nothing = {.n = matroid->n_objectives};
    const struct candidate *before = &nothing;
    int32_t rank = 0;
    for (uint32_t c = n; c-- > 0; before = &candidates[c]) {
        int order = compare_worth(&candidates[c], &nothing);
        if (order < 0)
            rank += compare_worth(&candidates[c], before) != 0;
        matroid->person_rank[candidates[c].person] = order > 0 ? -1 : rank;
    }
}

/* -- prices -------------------------------------------------------------------------------------
 */

/* The parts that can be reached from this one and have no price yet get that of the newcomer.
 * Returns how many. */
static uint32_t price_from(struct matroid *matroid, const struct matroid_search *search,
                           uint32_t newcomer, uint32_t *queue)
{
    const struct face *face = matroid->face;
    uint32_t head = 0, tail = 0, person = newcomer;
    for (size_t m = 0;;) {
        for (uint32_t at = face->first[person]; at < face->first[person + 1]; at++) {
            uint32_t part = face->parts[at];
            if (matroid->maker[part] != PROBLEM_NONE)
                continue;
            matroid->maker[part] = newcomer;
            matroid->part_rank[part] = matroid->person_rank[newcomer];
            queue[tail++] = part;
        }
        while (head < tail && m == search->crowds[queue[head]].n) {
            head++;
            m = 0;
        }
        if (head == tail)
            return tail;
        person = search->crowds[queue[head]].people[m++];
    }
}

/* The search stops at this newcomer: for a bound, what they bring is a fair price wherever no bed
 * is free. */
static void price_full(struct matroid *matroid, const struct matroid_search *search,
                       uint32_t newcomer)
{
    for (uint32_t part = 0; part < matroid->face->problem->n_parts; part++)
        if (matroid->maker[part] == PROBLEM_NONE && search->room[part] == 0) {
            matroid->maker[part] = newcomer;
            matroid->part_rank[part] = matroid->person_rank[newcomer];
        }
}

/* The pairs of a person lie anywhere in memory: asked for while those of others are looked at. */
static void look_ahead(const struct face *face, const struct candidate *candidate)
{
    __builtin_prefetch(&face->parts[face->first[candidate->person]]);
    __builtin_prefetch(&face->parts[face->first[candidate->person + 1] - 1]);
}

/* Returns 0 when the budget ended; whoever comes then gets a bed only where one is free. Once every
 * part has a price nobody who still comes finds a bed, and nobody who comes holds one. */
static int place_all(struct matroid *matroid, const struct candidate *candidates, uint32_t n,
                     struct budget *budget, uint32_t *chosen)
{
    struct matroid_search search;
    uint32_t *queue = alloc_zero((size_t)matroid->face->problem->n_parts + 1, sizeof(uint32_t));
    uint32_t n_priced = 0;
    int is_stopped = 0;
    for (uint32_t c = n; c > 0 && matroid->person_rank[candidates[c - 1].person] < 0; c--)
        chosen[candidates[c - 1].person] = PROBLEM_NONE; /* less than nothing: nobody is placed */
    matroid_search_init(&search, matroid->face, chosen);
    for (uint32_t c = 0; c < n && n_priced < matroid->face->problem->n_parts; c++) {
        uint32_t newcomer = candidates[c].person;
        look_ahead(matroid->face, &candidates[c + LOOK_AHEAD < n ? c + LOOK_AHEAD : c]);
        int32_t rank = matroid->person_rank[newcomer];
        if (chosen[newcomer] != PROBLEM_NONE) {
            matroid_search_settle(&search, newcomer);
            continue;
        }
        if (rank < 0)
            continue;
        int found = matroid_search_place(&search, newcomer, rank > 0 ? budget : NULL);
        if (found < 0 && rank > 0 && !is_stopped) {
            is_stopped = 1;
            price_full(matroid, &search, newcomer);
        }
        if (!is_stopped && found == 0 && rank > 0 && n_priced < search.n_cut_off)
            n_priced += price_from(matroid, &search, newcomer, queue);
    }
    matroid_search_clear(&search);
    free(queue);
    return !is_stopped;
}

int matroid_solve(struct matroid *matroid, const struct face *face, size_t n_objectives,
                  struct budget *budget, uint32_t *chosen)
{
    const struct problem *problem = face->problem;
    size_t n_people = (size_t)problem->n_people + 1, n_parts = (size_t)problem->n_parts + 1;
    *matroid = (struct matroid){.face = face, .n_objectives = n_objectives};
    matroid->person_rank = alloc_zero(n_people, sizeof(int32_t));
    matroid->part_rank = alloc_zero(n_parts, sizeof(int32_t));
    matroid->maker = alloc_zero(n_parts, sizeof(uint32_t));
    memset(matroid->maker, 0xff, n_parts * sizeof(uint32_t)); /* PROBLEM_NONE */
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (problem->people[i].stay_pair != PROBLEM_NONE)
            matroid->person_rank[i] = MATROID_HOUSED;
    struct candidate *candidates = alloc_zero(n_people, sizeof *candidates);
    uint32_t n = list_candidates(matroid, chosen, candidates);
    rank_candidates(matroid, candidates, n);
    int proved = place_all(matroid, candidates, n, budget, chosen);
    free(candidates);
    return proved;
}

void matroid_clear(struct matroid *matroid)
{
    free(matroid->person_rank);
    free(matroid->part_rank);
    free(matroid->maker);
}

/* -- the same as vectors ------------------------------------------------------------------------
 */

/* What a newcomer brings in the k-th objective. */
static int64_t worth(const struct matroid *matroid, uint32_t person, size_t k)
{
    const struct problem *problem = matroid->face->problem;
    if (matroid->person_rank[person] == MATROID_HOUSED)
        return 0;
    return problem_gain(problem, problem->people[person].first_pair, k);
}

/* The cheapest part that a person may go to; PROBLEM_NONE = they have no pair. */
static uint32_t cheapest(const struct matroid *matroid, uint32_t person)
{
    const struct face *face = matroid->face;
    uint32_t best = PROBLEM_NONE;
    for (uint32_t at = face->first[person]; at < face->first[person + 1]; at++) {
        uint32_t part = face->parts[at];
        if (best == PROBLEM_NONE || matroid->part_rank[part] < matroid->part_rank[best])
            best = part;
    }
    return best;
}

void matroid_prices(const struct matroid *matroid, size_t stride, int64_t *part_price,
                    int64_t *person_price)
{
    const struct problem *problem = matroid->face->problem;
    size_t size = matroid->n_objectives;
    for (uint32_t part = 0; part < problem->n_parts; part++)
        for (size_t k = 0; k < size; k++)
            part_price[part * stride + k] =
                matroid->maker[part] == PROBLEM_NONE ? 0 : worth(matroid, matroid->maker[part], k);
    for (uint32_t i = 0; i < problem->n_people; i++) {
        uint32_t part = cheapest(matroid, i);
        int gains = part != PROBLEM_NONE && matroid->person_rank[i] > matroid->part_rank[part];
        for (size_t k = 0; k < size; k++)
            person_price[i * stride + k] =
                gains ? worth(matroid, i, k) - part_price[part * stride + k] : 0;
    }
}
