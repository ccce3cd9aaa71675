/* greatest_next.c - see greatest.h: who would get a place by one more bed. A price is held up,
 * along pairs without slack, by somebody without a place: the first of them in the order of ties.
 */
#include "solver/greatest_inside.h"

#include "models/alloc.h"
#include "models/slices.h"
#include "solver/members.h"

#include <stdlib.h>
#include <string.h>

/* The k-th component of what is lost when the pair's person has that pair. */
static int64_t slack(const struct greatest_round *round, uint32_t pair, size_t k)
{
    const struct problem_pair *at = &round->problem->pairs[pair];
    return round->person_price[at->person * round->n + k] +
           round->part_price[at->part * round->n + k] - problem_gain(round->problem, pair, k);
}

/* Is it as good for somebody without a place as none? */
static int is_tight(const struct greatest_round *round, uint32_t pair)
{
    size_t k = 0;
    while (k < round->n && slack(round, pair, k) == 0)
        k++;
    return k == round->n;
}

/* Would one more bed of the part gain nothing? */
static int is_worthless(const struct greatest_round *round, uint32_t part)
{
    size_t k = 0;
    while (k < round->n && round->part_price[part * round->n + k] == 0)
        k++;
    return k == round->n;
}

struct flood {
    const struct greatest_round *round;
    struct members members; /* once they are asked for */
    int is_listed;
    uint32_t *queue;  /* of parts */
    uint32_t n_asked; /* parts that have a price, and nobody is known yet who waits for a bed */
};

static void flood_init(struct flood *flood, const struct greatest_round *round)
{
    const struct problem *problem = round->problem;
    *flood = (struct flood){.round = round};
    flood->queue = alloc_zero((size_t)problem->n_parts + 1, sizeof(uint32_t));
    for (uint32_t p = 0; p < problem->n_parts; p++)
        flood->n_asked += !is_worthless(round, p);
}

static void flood_clear(struct flood *flood)
{
    members_clear(&flood->members);
    free(flood->queue);
}

/* Where those who wait could have every part with a price themselves, nobody else is asked. */
static const struct members *list_members(struct flood *flood)
{
    const struct problem *problem = flood->round->problem;
    if (!flood->is_listed) {
        members_init(&flood->members, problem);
        members_list_movers(&flood->members, problem, NULL, flood->round->chosen);
        flood->is_listed = 1;
    }
    return &flood->members;
}

/* A part that is reached without slack, if nobody was found for it before. */
static void add_part(struct flood *flood, uint32_t part, uint32_t source, uint32_t *tail)
{
    flood->round->found->next[part] = source;
    flood->n_asked -= !is_worthless(flood->round, part);
    flood->queue[(*tail)++] = part;
}

static void spread_from_source(struct flood *flood, uint32_t source, uint32_t *tail)
{
    const struct problem *problem = flood->round->problem;
    const struct problem_person *at = &problem->people[source];
    for (uint32_t pair = at->first_pair; pair < at->first_pair + at->n_pairs; pair++)
        if (flood->round->found->next[problem->pairs[pair].part] == PROBLEM_NONE &&
            is_tight(flood->round, pair))
            add_part(flood, problem->pairs[pair].part, source, tail);
}

/* On to wherever somebody who has a place would be as well off. */
static void spread(struct flood *flood, uint32_t person, uint32_t source, uint32_t *tail)
{
    static const int64_t nothing[OBJECTIVE_COUNT];
    const struct greatest_round *round = flood->round;
    const struct problem_pair *pairs = round->problem->pairs;
    struct greatest_mover mover;
    int64_t cost[OBJECTIVE_COUNT];
    greatest_mover_init(&mover, round, person);
    for (uint32_t pair = mover.first; pair < mover.end; pair++) {
        if (round->found->next[pairs[pair].part] != PROBLEM_NONE)
            continue;
        greatest_step_cost(round, &mover, pair, round->price, round->size, cost);
        if (greatest_compare(cost, nothing, round->size) == 0)
            add_part(flood, pairs[pair].part, source, tail);
    }
}

/* Along pairs without slack: each part that is reached has its price from that person. What is left
 * costs nothing once nobody is asked for. */
static void follow(struct flood *flood, uint32_t source)
{
    uint32_t tail = 0;
    spread_from_source(flood, source, &tail);
    for (uint32_t head = 0; flood->n_asked && head < tail; head++) {
        const struct members *members = list_members(flood);
        uint32_t part = flood->queue[head];
        for (uint32_t m = members->first[part]; m < members->first[part + 1]; m++)
            spread(flood, members->people[m], source, &tail);
    }
}

struct sources { /* by part: the first one in the order of ties, of a stretch of the unplaced */
    const struct greatest_round *round;
    uint32_t *first[SLICES_MAX];
};

/* Where a person counts the same in every part a pair is without slack at one price only. */
static void look_for_sources(void *context, size_t slice, size_t begin, size_t end)
{
    const struct sources *sources = context;
    const struct greatest_round *round = sources->round;
    const struct problem *problem = round->problem;
    uint32_t *first = sources->first[slice];
    int is_same = problem_asks_who(problem->objectives[0]);
    for (size_t i = begin; i < end; i++) {
        const struct problem_person *person = &problem->people[i];
        uint32_t rank = round->tie_rank[i];
        if (round->chosen[i] != PROBLEM_NONE || person->n_pairs == 0)
            continue;
        int64_t price =
            problem_gain(problem, person->first_pair, 0) - round->person_price[i * round->n];
        for (uint32_t k = 0; k < person->n_pairs; k++) {
            uint32_t part = problem->pairs[person->first_pair + k].part;
            if (rank < first[part] && (!is_same || round->part_price[part * round->n] == price) &&
                is_tight(round, person->first_pair + k))
                first[part] = rank;
        }
    }
}

/* The unplaced who are the first in the order of ties to reach some part by a pair of their own are
 * marked: whatever the others reach is reached before. */
static void mark_sources(const struct greatest_round *round, unsigned char *is_source)
{
    const struct problem *problem = round->problem;
    struct sources sources = {.round = round};
    size_t n_slices = slices_count(problem->n_pairs, PROBLEM_SLICE_PAIRS);
    if (round->n == 0)
        return;
    for (size_t s = 0; s < n_slices; s++) {
        sources.first[s] = alloc_zero((size_t)problem->n_parts + 1, sizeof(uint32_t));
        memset(sources.first[s], 0xff, (size_t)problem->n_parts * sizeof(uint32_t));
    }
    slices_run(problem->n_people, n_slices, look_for_sources, &sources);
    for (size_t s = 0; s < n_slices; s++) {
        for (uint32_t p = 0; p < problem->n_parts; p++)
            if (sources.first[s][p] != PROBLEM_NONE)
                is_source[sources.first[s][p]] = 1;
        free(sources.first[s]);
    }
}

/* Where one more bed gains nothing, nobody is waiting for it; once somebody is known wherever it
 * gains something, nobody else needs to be asked. */
void greatest_find_next(const struct greatest_round *round)
{
    const struct problem *problem = round->problem;
    unsigned char *is_source = alloc_zero((size_t)problem->n_people + 1, 1);
    struct flood flood;
    flood_init(&flood, round);
    mark_sources(round, is_source);
    for (uint32_t at = 0; flood.n_asked && at < problem->n_people; at++)
        if (is_source[at])
            follow(&flood, problem->tie_order[at]);
    for (uint32_t p = 0; p < problem->n_parts; p++)
        if (is_worthless(round, p))
            round->found->next[p] = PROBLEM_NONE;
    flood_clear(&flood);
    free(is_source);
}
