/* verify_ties.c - see verify_ties.h.
 *
 * Owns what everybody could have in some best plan. Delegates: who is where and in which order to
 * verify_seats.h, what a person may have to verify_look.h, ways to verify_cycles.h. */
#include "solver/verify_ties.h"

#include "models/alloc.h"
#include "solver/verify_cycles.h"
#include "solver/verify_look.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

struct way {       /* what a person could have */
    uint32_t node; /* a part; n_parts = none */
    uint32_t pool;
    int32_t rank, metres; /* a world holds no greater ones */
};

struct ways {
    struct way here;
    struct way *list; /* others */
    size_t n, room;
};

struct ties {
    struct verify_seats seats;
    struct ways *ways; /* by person */
    uint32_t outside;  /* the node of all who have no bed, and of beds that nobody has */
    struct verify_cycles *cycles;
    struct verify_arc *arcs;
    size_t n_arcs, room;
};

static const struct way none = {.rank = INT32_MAX, .metres = INT32_MAX, .pool = UINT32_MAX};

/* Rank, then metres, then the smaller pool id; nothing last. */
static int compare_ways(const struct way *a, const struct way *b)
{
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->metres != b->metres)
        return a->metres < b->metres ? -1 : 1;
    return (a->pool > b->pool) - (a->pool < b->pool);
}

/* -- what everybody could have -- */

static int is_zero(const int64_t *price, size_t n)
{
    for (size_t k = 0; price && k < n; k++)
        if (price[k])
            return 0;
    return 1;
}

/* Are they as content with that as anywhere? */
static int is_content(const struct ties *ties, size_t person, size_t part, const int64_t *gains)
{
    const struct verify_dual *dual = ties->seats.dual;
    for (size_t k = 0; k < dual->n; k++)
        if ((__int128)dual->beds[part][k] + dual->people[person][k] != gains[k])
            return 0;
    return 1;
}

static void add_way(const struct ties *ties, size_t person, struct way way)
{
    struct ways *ways = &ties->ways[person];
    if (way.node == ways->here.node)
        return;
    ALLOC_GROW(ways->list, ways->n, ways->room);
    ways->list[ways->n++] = way;
}

static void add_part(const struct ties *ties, const struct verify_person *person, size_t part,
                     struct way way)
{
    size_t i = (size_t)(person - ties->seats.round->people);
    int64_t gains[OBJECTIVE_COUNT] = {0};
    way.node = (uint32_t)part;
    if (way.pool != person->own)
        verify_seats_gains(&ties->seats, person, part, way.rank, way.metres, gains);
    if (ties->seats.parts[part].beds > 0 && ties->seats.dual->beds[part] &&
        is_content(ties, i, part, gains))
        add_way(ties, i, way);
}

static void add_pool(const struct ties *ties, const struct verify_person *person,
                     const struct verify_choice *choice)
{
    const struct verify_round *round = ties->seats.round;
    const struct verify_pool *pool = &round->pools[choice->pool];
    struct way way = {.pool = choice->pool, .metres = choice->metres};
    way.rank = (int32_t)applicant_rank(person->applicant, pool->home->record.id,
                                       round->rules.policy->unlisted_rank);
    for (size_t k = 0; k <= pool->pool->n_reserved; k++)
        if (verify_round_may_use(round, person, pool, k))
            add_part(ties, person, ties->seats.dual->first_part[choice->pool] + k, way);
}

static struct way way_to_stay(const struct verify_person *person)
{
    return (struct way){.pool = (uint32_t)person->own,
                        .rank = (int32_t)person->own_rank,
                        .metres = (int32_t)person->own_metres};
}

static struct way way_here(const struct ties *ties, const struct verify_person *person)
{
    size_t part = ties->seats.part_of[person - ties->seats.round->people];
    struct way here = none;
    if (person->placement)
        here = (struct way){.pool = (uint32_t)person->to,
                            .rank = (int32_t)person->placement->rank,
                            .metres = (int32_t)person->placement->metres};
    else if (person->own != VERIFY_NOWHERE)
        here = way_to_stay(person);
    here.node = part == VERIFY_NOWHERE ? ties->outside : (uint32_t)part;
    return here;
}

static int find_ways(const void *context, const struct verify_person *person,
                     struct verify_look *look, struct alm_error *err)
{
    const struct ties *ties = context;
    size_t i = (size_t)(person - ties->seats.round->people);
    struct way out = none;
    (void)err;
    out.node = ties->outside;
    ties->ways[i].here = way_here(ties, person);
    if (person->own != VERIFY_NOWHERE)
        add_part(ties, person,
                 ties->seats.dual->first_part[person->own] +
                     verify_round_own_part(ties->seats.round, person),
                 way_to_stay(person));
    else if (is_zero(ties->seats.dual->people[i], ties->seats.dual->n))
        add_way(ties, i, out);
    verify_look_at(look, person);
    for (size_t c = 0; c < look->n_choices; c++)
        add_pool(ties, person, &look->choices[c]);
    return 0;
}

/* -- the graph -- */

static void add_arc(struct ties *ties, uint32_t from, uint32_t to)
{
    ALLOC_GROW(ties->arcs, ties->n_arcs, ties->room);
    ties->arcs[ties->n_arcs++] = (struct verify_arc){from, to};
}

/* Arcs that nobody has to go for: a bed that is left over, one that costs nothing and may be left.
 */
static void list_beds(struct ties *ties)
{
    for (uint32_t p = 0; p < ties->outside; p++) {
        if (ties->seats.parts[p].people < ties->seats.parts[p].beds)
            add_arc(ties, p, ties->outside);
        if (is_zero(ties->seats.dual->beds[p], ties->seats.dual->n))
            add_arc(ties, ties->outside, p);
    }
}

static void list_people(struct ties *ties)
{
    for (size_t i = 0; i < ties->seats.round->n_people; i++)
        for (size_t w = 0; w < ties->ways[i].n; w++)
            add_arc(ties, ties->ways[i].here.node, ties->ways[i].list[w].node);
}

/* What is there before anybody's turn: beds, and people who change beds within their pool. */
static void begin(struct ties *ties)
{
    size_t n_beds;
    list_beds(ties);
    n_beds = ties->n_arcs;
    struct verify_arc *beds = alloc_copy(ties->arcs, n_beds, sizeof *beds);
    list_people(ties);
    ties->cycles = verify_cycles_new((size_t)ties->outside + 1, ties->arcs, ties->n_arcs);
    for (size_t a = 0; a < n_beds; a++)
        verify_cycles_add(ties->cycles, beds[a].from, beds[a].to);
    free(beds);
    for (size_t i = 0; i < ties->seats.round->n_people; i++)
        for (size_t w = 0; w < ties->ways[i].n; w++)
            if (ties->ways[i].list[w].pool == ties->ways[i].here.pool)
                verify_cycles_add(ties->cycles, ties->ways[i].here.node,
                                  ties->ways[i].list[w].node);
}

/* -- turn by turn, from the last to the first -- */

/* The best that the person could have, if it is better than what they have; NULL. */
static const struct way *find_better(const struct ties *ties, size_t person)
{
    const struct ways *ways = &ties->ways[person];
    const struct way *best = &ways->here;
    for (size_t w = 0; w < ways->n; w++)
        if (compare_ways(&ways->list[w], best) < 0 &&
            verify_cycles_are_together(ties->cycles, ways->here.node, ways->list[w].node) &&
            verify_cycles_leads(ties->cycles, ways->list[w].node, ways->here.node))
            best = &ways->list[w];
    return best == &ways->here ? NULL : best;
}

static int refuse(const struct ties *ties, size_t person, const struct way *better,
                  struct alm_error *err)
{
    const struct verify_round *round = ties->seats.round;
    return err_set(err, ERR_REFUSED,
                   "ties: applicant %s could be in pool %s (rank %" PRId32 ", %" PRId32
                   " m) in a plan that is as good, with nobody before them elsewhere",
                   round->people[person].applicant->record.id,
                   round->pools[better->pool].pool->record.id, better->rank, better->metres);
}

static int check(struct ties *ties, struct alm_error *err)
{
    const struct way *first = NULL;
    size_t who = 0;
    for (size_t turn = ties->seats.round->n_people; turn-- > 0;) {
        size_t i = ties->seats.order[turn];
        const struct way *better = find_better(ties, i);
        if (better) {
            first = better;
            who = i;
        }
        for (size_t w = 0; w < ties->ways[i].n; w++)
            verify_cycles_add(ties->cycles, ties->ways[i].here.node, ties->ways[i].list[w].node);
    }
    return first ? refuse(ties, who, first, err) : 0;
}

int verify_ties_check(const struct verify_round *round, const struct verify_dual *dual,
                      struct alm_error *err)
{
    struct ties ties = {0};
    verify_seats_init(&ties.seats, round, dual);
    ties.outside = (uint32_t)ties.seats.n_parts;
    ties.ways = alloc_zero(round->n_people, sizeof *ties.ways);
    verify_look_everybody(round, find_ways, &ties, err);
    begin(&ties);
    int result = check(&ties, err);
    verify_cycles_free(ties.cycles);
    for (size_t i = 0; i < round->n_people; i++)
        free(ties.ways[i].list);
    free(ties.ways);
    free(ties.arcs);
    verify_seats_clear(&ties.seats);
    return result;
}
