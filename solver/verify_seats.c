/* verify_seats.c - see verify_seats.h. */
#include "solver/verify_seats.h"

#include "models/alloc.h"
#include "models/digest.h"
#include "solver/verify_values.h"

#include <stdlib.h>
#include <string.h>

/* -- parts -- */

static void fill_part(struct verify_seats_part *part, const struct verify_pool *pool, size_t k)
{
    part->pool = pool;
    part->own = &pool->parts[k];
    part->is_closed = pool->home->suspended || pool_slack(pool->pool) < 0;
    part->beds = part->own->stayers + (part->is_closed ? 0 : part->own->kept);
}

static void fill_parts(struct verify_seats *seats)
{
    for (size_t p = 0; p < seats->round->n_pools; p++) {
        const struct verify_pool *pool = &seats->round->pools[p];
        for (size_t k = 0; k <= pool->pool->n_reserved; k++)
            fill_part(&seats->parts[seats->dual->first_part[p] + k], pool, k);
    }
}

void verify_seats_gains(const struct verify_seats *seats, const struct verify_person *person,
                        size_t part, int64_t rank, int64_t metres, int64_t *gains)
{
    const struct verify_pool *pool = seats->parts[part].pool;
    const enum objective *objectives = seats->round->rules.policy->objectives;
    size_t k = (size_t)(seats->parts[part].own - pool->parts);
    for (size_t o = 0; o < seats->dual->n; o++)
        gains[o] = objectives[o] == OBJECTIVE_RESERVE
                       ? verify_values_reserve(seats->round, person, pool, k)
                       : verify_values_gain(person, objectives[o], rank, metres);
}

/* -- who is where -- */

static void put(struct verify_seats *seats, size_t person, size_t part)
{
    seats->part_of[person] = part;
    seats->parts[part].people++;
}

/* A bed of the person's own class when one is left, else an open one, else any that they may use:
 * who of a pool has which of its beds makes no difference to the plan. */
static void seat_comer(struct verify_seats *seats, size_t i, int may_be_of_others)
{
    const struct verify_round *round = seats->round;
    const struct verify_person *person = &round->people[i];
    const struct verify_pool *pool = &round->pools[person->to];
    size_t open = pool->pool->n_reserved, first = seats->dual->first_part[person->to];
    size_t tried[2] = {verify_round_part(pool->pool, person->applicant->class_code), open};
    for (size_t t = 0; t < 2 + (may_be_of_others ? open : 0); t++) {
        size_t k = t < 2 ? tried[t] : t - 2;
        if (seats->parts[first + k].people < seats->parts[first + k].beds &&
            verify_round_may_use(round, person, pool, k)) {
            put(seats, i, first + k);
            return;
        }
    }
}

/* Residents who stay hold their beds; newcomers have the first choice of those of their class. */
static void fill_seats(struct verify_seats *seats)
{
    const struct verify_round *round = seats->round;
    for (size_t i = 0; i < round->n_people; i++) {
        const struct verify_person *person = &round->people[i];
        seats->part_of[i] = VERIFY_NOWHERE;
        if (person->to == VERIFY_NOWHERE && person->own != VERIFY_NOWHERE)
            put(seats, i,
                seats->dual->first_part[person->own] + verify_round_own_part(round, person));
    }
    for (int turn = 0; turn < 3; turn++)
        for (size_t i = 0; i < round->n_people; i++) {
            const struct verify_person *person = &round->people[i];
            int is_their_turn = turn == 2 || (turn == 1) == (person->own != VERIFY_NOWHERE);
            if (person->to != VERIFY_NOWHERE && seats->part_of[i] == VERIFY_NOWHERE &&
                is_their_turn)
                seat_comer(seats, i, turn == 2);
        }
}

/* -- the order of ties -- */

struct tie {
    size_t person;
    int64_t applied_at;
    unsigned char lottery[32];
    const char *id;
};

static int by_tie(const void *a, const void *b)
{
    const struct tie *one = a, *two = b;
    if (one->applied_at != two->applied_at)
        return one->applied_at < two->applied_at ? -1 : 1;
    int order = memcmp(one->lottery, two->lottery, sizeof one->lottery);
    return order ? order : strcmp(one->id, two->id);
}

static void sort_ties(struct verify_seats *seats)
{
    const struct verify_round *round = seats->round;
    struct tie *ties = alloc_zero(round->n_people, sizeof *ties);
    for (size_t i = 0; i < round->n_people; i++) {
        const struct applicant *applicant = round->people[i].applicant;
        ties[i] = (struct tie){i, applicant->applied_at, {0}, applicant->record.id};
        digest_lottery(round->rules.policy->lottery_seed, ties[i].id, ties[i].lottery);
    }
    qsort(ties, round->n_people, sizeof *ties, by_tie);
    for (size_t t = 0; t < round->n_people; t++)
        seats->order[t] = ties[t].person;
    free(ties);
}

void verify_seats_init(struct verify_seats *seats, const struct verify_round *round,
                       const struct verify_dual *dual)
{
    *seats = (struct verify_seats){.round = round, .dual = dual};
    for (size_t p = 0; p < round->n_pools; p++)
        seats->n_parts += round->pools[p].pool->n_reserved + 1;
    seats->parts = alloc_zero(seats->n_parts, sizeof *seats->parts);
    seats->part_of = alloc_zero(round->n_people, sizeof *seats->part_of);
    seats->order = alloc_zero(round->n_people, sizeof *seats->order);
    fill_parts(seats);
    fill_seats(seats);
    sort_ties(seats);
}

void verify_seats_clear(struct verify_seats *seats)
{
    free(seats->parts);
    free(seats->part_of);
    free(seats->order);
}
