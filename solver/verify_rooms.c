/* verify_rooms.c - can the people who come to a pool be put into its empty rooms? (verify_rules.h,
 * verify_rooms.h)
 *
 * A room is for women, for men, or - a room of two - for a couple of one household; a bed that a
 * resident leaves is for the leaver's sex; other beds take anybody. All ways to give the rooms out
 * are tried, so the answer needs no model. */
#include "solver/verify_rooms.h"

#include "models/alloc.h"
#include "models/household.h"
#include "solver/verify_rules.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct turnover { /* of one pool, by the plan */
    int64_t come[SEX_COUNT], leave[SEX_COUNT];
    int64_t couples; /* disjoint pairs of different sex within one household who come */
};

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t positive(int64_t a)
{
    return a > 0 ? a : 0;
}

static size_t goes_to(const struct verify_round *round, const struct household *household, size_t m)
{
    return round->people[verify_round_person(round, household->members[m]->record.id)].to;
}

/* Couples of a household in the pool of its m-th member, counted at the first member who comes
 * there. */
static int64_t couples_at(const struct verify_round *round, const struct household *household,
                          size_t m)
{
    int64_t come[SEX_COUNT] = {0};
    for (size_t o = 0; o < household->n; o++) {
        if (goes_to(round, household, o) != goes_to(round, household, m))
            continue;
        if (o < m)
            return 0;
        come[household->members[o]->sex]++;
    }
    return least(come[SEX_FEMALE], come[SEX_MALE]);
}

static struct turnover *count_turnover(const struct verify_round *round)
{
    struct turnover *turnover = alloc_zero(round->n_pools, sizeof *turnover);
    struct households households;
    for (size_t i = 0; i < round->n_people; i++) {
        const struct verify_person *person = &round->people[i];
        if (person->to == VERIFY_NOWHERE)
            continue;
        turnover[person->to].come[person->applicant->sex]++;
        if (person->own != VERIFY_NOWHERE)
            turnover[person->own].leave[person->applicant->sex]++;
    }
    households_init(&households, round->rules.region);
    for (size_t h = 0; h < households.n; h++)
        for (size_t m = 0; households.list[h].is_together && m < households.list[h].n; m++)
            if (goes_to(round, &households.list[h], m) != VERIFY_NOWHERE)
                turnover[goes_to(round, &households.list[h], m)].couples +=
                    couples_at(round, &households.list[h], m);
    households_clear(&households);
    return turnover;
}

struct verify_rooms verify_rooms_of(const struct pool *pool)
{
    struct verify_rooms rooms = {alloc_zero(2 * pool->n_rooms, sizeof *rooms.groups), 0,
                                 pool_offerable(pool)};
    for (size_t g = 0; g < pool->n_rooms; g++) {
        struct room_group group = pool->rooms[g];
        if (group.beds <= 0 || group.rooms <= 0)
            continue;
        int64_t whole = least(group.rooms, rooms.free_beds / group.beds);
        rooms.groups[rooms.n++] = (struct room_group){whole, group.beds};
        rooms.free_beds -= whole * group.beds;
        if (whole == group.rooms)
            continue;
        rooms.groups[rooms.n++] = (struct room_group){1, rooms.free_beds};
        rooms.free_beds = 0;
    }
    return rooms;
}

/* most[f] = the most beds that men can have when women have at least f (-1 = they cannot); one more
 * group of rooms is given out. */
static void give_rooms(int64_t *most, int64_t women, int64_t men, int64_t rooms, int64_t beds)
{
    int64_t *next = alloc_zero((size_t)women + 1, sizeof *next);
    for (int64_t f = 0; f <= women; f++)
        next[f] = -1;
    for (int64_t f = 0; f <= women; f++)
        for (int64_t given = 0; given <= rooms && most[f] >= 0; given++) {
            int64_t *entry = &next[least(women, f + given * beds)];
            int64_t left = least(men, most[f] + (rooms - given) * beds);
            *entry = left > *entry ? left : *entry;
        }
    memcpy(most, next, ((size_t)women + 1) * sizeof *next);
    free(next);
}

/* Room for so many women and men in rooms of their own, when `couples` rooms of two are taken? */
static int rooms_suffice(const struct verify_rooms *rooms, int64_t women, int64_t men,
                         int64_t couples)
{
    int64_t *most = alloc_zero((size_t)women + 1, sizeof *most);
    for (int64_t f = 1; f <= women; f++)
        most[f] = -1;
    for (size_t g = 0; g < rooms->n; g++) {
        int64_t n = rooms->groups[g].rooms, beds = rooms->groups[g].beds;
        int64_t taken = beds == 2 ? least(n, couples) : 0;
        couples -= taken;
        /* more rooms than people are of no use, and would make the count long */
        give_rooms(most, women, men, least(n - taken, women + men), least(beds, women + men));
    }
    int suffice = couples == 0 && most[women] >= men;
    free(most);
    return suffice;
}

/* Who of one sex is left for the rooms, when those of unstated sex have taken their beds, `couples`
 * have theirs, and a bed that somebody of that sex left is used again. */
static int64_t for_rooms(const struct turnover *turnover, enum sex sex, int64_t free_beds,
                         int64_t couples)
{
    return positive(turnover->come[sex] - couples - turnover->leave[sex] -
                    (free_beds - turnover->come[SEX_NONE]));
}

static int fits(const struct pool *pool, const struct turnover *turnover)
{
    struct verify_rooms rooms = verify_rooms_of(pool);
    int64_t free_beds = rooms.free_beds + turnover->leave[SEX_NONE];
    int result = 0;
    for (int64_t c = 0; c <= turnover->couples && turnover->come[SEX_NONE] <= free_beds; c++)
        result |= rooms_suffice(&rooms, for_rooms(turnover, SEX_FEMALE, free_beds, c),
                                for_rooms(turnover, SEX_MALE, free_beds, c), c);
    free(rooms.groups);
    return result;
}

int verify_rules_rooms(const struct verify_round *round, struct alm_error *err)
{
    struct turnover *turnover = count_turnover(round);
    int result = 0;
    for (size_t p = 0; p < round->n_pools && result == 0; p++) {
        const struct pool *pool = round->pools[p].pool;
        if (round->pools[p].arrivals && pool->n_rooms && !fits(pool, &turnover[p]))
            result = err_set(err, ERR_REFUSED,
                             "pool %s: %" PRId64 " women, %" PRId64 " men and %" PRId64
                             " people of unstated sex cannot be put into its rooms",
                             pool->record.id, turnover[p].come[SEX_FEMALE],
                             turnover[p].come[SEX_MALE], turnover[p].come[SEX_NONE]);
    }
    free(turnover);
    return result;
}
