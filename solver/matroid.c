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

enum { LOOK_AHEAD = 8 };  /* so many newcomers */
enum { DIGIT_BITS = 11 }; /* of a sort */

size_t matroid_objectives(const struct problem *problem)
{
    size_t k = 0;
    if (problem_is_coupled(problem))
        return 0;
    while (k < problem->n_objectives && problem_asks_who(problem->objectives[k]))
        k++;
    return k;
}

/* -- the order of the newcomers -- */

struct line {
    uint32_t *people; /* newcomers who could be placed */
    uint32_t n;
};

static int compare_worth(const struct matroid *matroid, const int64_t *one, const int64_t *two)
{
    for (size_t k = 0; k < matroid->n_objectives; k++)
        if (one[k] != two[k])
            return one[k] > two[k] ? -1 : 1;
    return 0;
}

/* Stable: `order` by rising keys, digit after digit from the last one on. */
static void sort_by(const uint64_t *key, uint32_t n, uint32_t *order)
{
    uint64_t differs = 0, mask = (UINT64_C(1) << DIGIT_BITS) - 1;
    uint32_t *start = alloc_zero(mask + 2, sizeof(uint32_t));
    uint32_t *sorted = alloc_zero((size_t)n + 1, sizeof(uint32_t));
    for (uint32_t c = 0; c < n; c++)
        differs |= key[c] ^ key[0];
    for (unsigned shift = 0; shift < 64 && differs >> shift; shift += DIGIT_BITS) {
        memset(start, 0, (mask + 2) * sizeof *start);
        for (uint32_t c = 0; c < n; c++)
            start[(key[c] >> shift & mask) + 1]++;
        for (uint64_t digit = 0; digit < mask; digit++)
            start[digit + 1] += start[digit];
        for (uint32_t c = 0; c < n; c++)
            sorted[start[key[order[c]] >> shift & mask]++] = order[c];
        memcpy(order, sorted, n * sizeof *order);
    }
    free(start);
    free(sorted);
}

/* Places in the line by falling vector; of equals those first who have a bed in the plan to begin
 * with, so that a plan that is optimal stays as it is. */
static void sort_line(const struct matroid *matroid, const struct line *line,
                      const uint32_t *chosen, uint32_t *order)
{
    size_t n = matroid->n_objectives;
    uint64_t *key = alloc_zero((size_t)line->n + 1, sizeof(uint64_t));
    for (uint32_t c = 0; c < line->n; c++) {
        order[c] = c;
        key[c] = chosen[line->people[c]] == PROBLEM_NONE;
    }
    sort_by(key, line->n, order);
    for (size_t k = n; k-- > 0;) {
        const int64_t *worth = matroid->worth + k;
        int64_t most = INT64_MIN;
        for (uint32_t c = 0; c < line->n; c++)
            most = worth[line->people[c] * n] > most ? worth[line->people[c] * n] : most;
        for (uint32_t c = 0; c < line->n; c++)
            key[c] = (uint64_t)most - (uint64_t)worth[line->people[c] * n];
        sort_by(key, line->n, order);
    }
    free(key);
}

static void list_people(struct matroid *matroid, struct line *line)
{
    const struct problem *problem = matroid->face->problem;
    size_t n = matroid->n_objectives;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        const struct problem_person *person = &problem->people[i];
        if (person->stay_pair != PROBLEM_NONE || person->n_pairs == 0)
            continue;
        const struct problem_pair *pair = &problem->pairs[person->first_pair];
        for (size_t k = 0; k < n; k++)
            matroid->worth[i * n + k] = problem_gain_of(problem, pair, k);
        line->people[line->n++] = i;
    }
}

/* 1 + how many different vectors are less, among those that are more than nothing. */
static void rank_people(struct matroid *matroid, const struct line *line, const uint32_t *order)
{
    static const int64_t nothing[OBJECTIVE_COUNT];
    const int64_t *before = nothing;
    int32_t rank = 0;
    for (uint32_t c = line->n; c-- > 0;) {
        const int64_t *worth = &matroid->worth[line->people[order[c]] * matroid->n_objectives];
        int compared = compare_worth(matroid, worth, nothing);
        if (compared < 0)
            rank += compare_worth(matroid, worth, before) != 0;
        matroid->person_rank[line->people[order[c]]] = compared > 0 ? -1 : rank;
        before = worth;
    }
}

/* The newcomers in the order in which they come; returns how many there are. */
static uint32_t line_up(struct matroid *matroid, const uint32_t *chosen, uint32_t *newcomers)
{
    const struct problem *problem = matroid->face->problem;
    struct line line = {0};
    line.people = alloc_zero((size_t)problem->n_people + 1, sizeof(uint32_t));
    list_people(matroid, &line);
    sort_line(matroid, &line, chosen, newcomers);
    rank_people(matroid, &line, newcomers);
    for (uint32_t c = 0; c < line.n; c++)
        newcomers[c] = line.people[newcomers[c]];
    free(line.people);
    return line.n;
}

/* -- prices -- */

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
static void look_ahead(const struct face *face, uint32_t newcomer)
{
    __builtin_prefetch(&face->parts[face->first[newcomer]]);
    __builtin_prefetch(&face->parts[face->first[newcomer + 1] - 1]);
}

/* Returns 0 when the budget ended; whoever comes then gets a bed only where one is free. Once every
 * part has a price nobody who still comes finds a bed, and nobody who comes holds one. */
static int place_all(struct matroid *matroid, const uint32_t *newcomers, uint32_t n,
                     struct budget *budget, uint32_t *chosen)
{
    struct matroid_search search;
    uint32_t *queue = alloc_zero((size_t)matroid->face->problem->n_parts + 1, sizeof(uint32_t));
    uint32_t n_priced = 0;
    int is_stopped = 0;
    for (uint32_t c = n; c > 0 && matroid->person_rank[newcomers[c - 1]] < 0; c--)
        chosen[newcomers[c - 1]] = PROBLEM_NONE; /* less than nothing: nobody is placed */
    matroid_search_init(&search, matroid->face, chosen);
    for (uint32_t c = 0; c < n && n_priced < matroid->face->problem->n_parts; c++) {
        uint32_t newcomer = newcomers[c];
        look_ahead(matroid->face, newcomers[c + LOOK_AHEAD < n ? c + LOOK_AHEAD : c]);
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
    matroid->worth = alloc_zero(n_people * n_objectives, sizeof(int64_t));
    matroid->part_rank = alloc_zero(n_parts, sizeof(int32_t));
    matroid->maker = alloc_zero(n_parts, sizeof(uint32_t));
    memset(matroid->maker, 0xff, n_parts * sizeof(uint32_t)); /* PROBLEM_NONE */
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (problem->people[i].stay_pair != PROBLEM_NONE)
            matroid->person_rank[i] = MATROID_HOUSED;
    uint32_t *newcomers = alloc_zero(n_people, sizeof(uint32_t));
    uint32_t n = line_up(matroid, chosen, newcomers);
    int proved = place_all(matroid, newcomers, n, budget, chosen);
    free(newcomers);
    return proved;
}

void matroid_clear(struct matroid *matroid)
{
    free(matroid->person_rank);
    free(matroid->worth);
    free(matroid->part_rank);
    free(matroid->maker);
}

/* -- the same as vectors -- */

/* The cheapest part that a person may go to; PROBLEM_NONE = they have no pair. */
static uint32_t cheapest(const struct matroid *matroid, uint32_t person)
{
    const struct face *face = matroid->face;
    uint32_t best = PROBLEM_NONE;
    for (uint32_t at = face->first[person]; at < face->first[person + 1]; at++) {
        uint32_t part = face->parts[at];
        if (best == PROBLEM_NONE || matroid->part_rank[part] < matroid->part_rank[best])
            best = part;
        if (matroid->part_rank[best] == 0)
            break;
    }
    return best;
}

void matroid_prices(const struct matroid *matroid, size_t stride, int64_t *part_price,
                    int64_t *person_price)
{
    const struct problem *problem = matroid->face->problem;
    size_t size = matroid->n_objectives;
    const int64_t *worth = matroid->worth;
    for (uint32_t part = 0; part < problem->n_parts; part++)
        for (size_t k = 0; k < size; k++)
            part_price[part * stride + k] =
                matroid->maker[part] == PROBLEM_NONE ? 0 : worth[matroid->maker[part] * size + k];
    for (uint32_t i = 0; i < problem->n_people; i++) {
        uint32_t part = cheapest(matroid, i);
        int gains = part != PROBLEM_NONE && matroid->person_rank[i] > matroid->part_rank[part];
        for (size_t k = 0; k < size; k++)
            person_price[i * stride + k] =
                gains ? worth[i * size + k] - part_price[part * stride + k] : 0;
    }
}

void matroid_values(const struct matroid *matroid, const uint32_t *chosen, int64_t *values)
{
    size_t size = matroid->n_objectives;
    memset(values, 0, size * sizeof *values);
    for (uint32_t i = 0; i < matroid->face->problem->n_people; i++)
        for (size_t k = 0; chosen[i] != PROBLEM_NONE && k < size; k++)
            values[k] += matroid->worth[i * size + k];
}
