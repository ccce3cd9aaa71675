/* coupled_moves.c - see coupled_moves.h. */
#include "solver/coupled_moves.h"

#include "models/alloc.h"
#include "solver/coupled_anneal.h"
#include "solver/coupled_household.h"

#include <stdlib.h>
#include <string.h>

/* Paths after which what is worth a try is found anew, once something has been made. */
enum { STALE = 1000 };

/* What making room may cost at most. */
#define LEAP_LEAST (-(INT64_MAX / 8))

struct move {
    int64_t worth;
    uint32_t household;              /* PROBLEM_NONE = none goes */
    uint32_t n_homes, homes[2];      /* that change */
    struct coupled_change change[2]; /* of them */
    size_t pairs;                    /* of the household's members: where in moves.pairs */
};

struct moves {
    const struct model *model;
    const struct problem *problem;
    struct coupled_design design;
    struct budget *budget;
    struct move *items;
    size_t n, room;
    uint32_t *pairs; /* of households that would go */
    size_t n_pairs, pairs_room;
    unsigned char *is_home_seen; /* all 0 but while a household looks around */
    uint32_t *here;              /* pairs of the members of the household at hand */
    int has_leaps;               /* moves between two homes are looked for */
    int is_rough;                /* they are not: shakes come next */
};

/* -- the plan -- */

static void write_plan(const struct moves *moves, uint32_t *chosen)
{
    const struct coupled_design *design = &moves->design;
    for (uint32_t i = 0; i < moves->problem->n_people; i++)
        chosen[i] = moves->problem->people[i].household == PROBLEM_NONE ? design->slots.chosen[i]
                                                                        : design->pair[i];
}

/* -- moves -- */

static struct move *add_move(struct moves *moves, struct move move)
{
    ALLOC_GROW(moves->items, moves->n, moves->room);
    moves->items[moves->n] = move;
    return &moves->items[moves->n++];
}

static void find_homes(struct moves *moves)
{
    for (uint32_t home = 0; home < moves->model->n_homes; home++) {
        struct coupled_change change;
        if (coupled_design_best(&moves->design, home, 0, &change))
            add_move(moves, (struct move){change.worth, PROBLEM_NONE, 1, {home}, {change}, 0});
    }
}

/* -- somebody from one home to another, and what both make of it -- */

struct leap {
    struct coupled_change change;
    int can_be;
};

static struct leap *find_leaps(struct moves *moves, int n)
{
    const struct coupled_slots *slots = &moves->design.slots;
    struct leap *leaps = alloc_zero((size_t)slots->n + 1, sizeof *leaps);
    for (uint32_t s = 0; s < slots->n; s++)
        if ((n > 0 || slots->network.parts[s].capacity > 0) &&
            coupled_design_is_coupled(&moves->design, s))
            leaps[s].can_be =
                coupled_design_best_with(&moves->design, s, n, LEAP_LEAST, &leaps[s].change);
    return leaps;
}

static void find_leapers(struct moves *moves)
{
    struct coupled_slots *slots = &moves->design.slots;
    struct leap *out = find_leaps(moves, -1), *in = find_leaps(moves, 1);
    int64_t *gains = alloc_zero(3 * (size_t)slots->n + 1, sizeof *gains);
    int64_t *losses = gains + slots->n, *worth = losses + slots->n;
    uint32_t *from = alloc_zero((size_t)slots->n + 1, sizeof *from);
    for (uint32_t s = 0; s < slots->n; s++) {
        gains[s] = out[s].can_be ? out[s].change.worth : INT64_MIN;
        losses[s] = in[s].can_be ? in[s].change.worth : INT64_MIN;
    }
    coupled_slots_link(slots, gains, losses, worth, from);
    for (uint32_t s = 0; s < slots->n; s++)
        if (worth[s] > 0)
            add_move(moves, (struct move){worth[s],
                                          PROBLEM_NONE,
                                          2,
                                          {slots->slots[from[s]].home, slots->slots[s].home},
                                          {out[from[s]].change, in[s].change},
                                          0});
    free(gains);
    free(from);
    free(out);
    free(in);
}

struct trip { /* of a household that looks for a better home */
    uint32_t household, from;
    int64_t gain_before;
    struct coupled_change left; /* what the present home does without it */
    int has_left;
    uint32_t *pairs; /* of the members, in the best so far */
    struct move best;
};

static void try_home(struct moves *moves, struct trip *trip, uint32_t home)
{
    const struct problem_household *household = &moves->problem->households[trip->household];
    struct coupled_design *design = &moves->design;
    struct move move = {.household = trip->household};
    if (!coupled_household_move(design, trip->household, home))
        return;
    move.worth = coupled_household_gain(design, trip->household) - trip->gain_before;
    if (home != trip->from && trip->has_left) {
        move.worth += trip->left.worth;
        move.homes[move.n_homes] = trip->from;
        move.change[move.n_homes++] = trip->left;
    }
    if (home != MODEL_NONE) {
        struct coupled_change *change = &move.change[move.n_homes];
        move.homes[move.n_homes++] = home;
        coupled_design_put(design, trip->household);
        int fits = coupled_design_best(design, home, trip->best.worth - move.worth, change);
        coupled_design_take(design, trip->household);
        if (!fits)
            return;
        move.worth += change->worth;
    }
    if (move.worth <= trip->best.worth)
        return;
    trip->best = move;
    for (size_t m = 0; m < household->n; m++)
        trip->pairs[m] = design->pair[household->people[m]];
}

/* Homes where the first member has a pair (or lives) are all that can be. */
static void try_homes(struct moves *moves, struct trip *trip)
{
    const struct problem_household *household = &moves->problem->households[trip->household];
    const struct problem_person *first = &moves->problem->people[household->people[0]];
    unsigned char *seen = moves->is_home_seen;
    for (uint32_t pair = first->first_pair; pair < first->first_pair + first->n_pairs; pair++) {
        uint32_t home = moves->model->home_of_part[moves->problem->pairs[pair].part];
        if (!seen[home])
            try_home(moves, trip, home);
        seen[home] = 1;
    }
    for (uint32_t pair = first->first_pair; pair < first->first_pair + first->n_pairs; pair++)
        seen[moves->model->home_of_part[moves->problem->pairs[pair].part]] = 0;
    if (trip->from != MODEL_NONE)
        try_home(moves, trip, MODEL_NONE);
}

static void find_household(struct moves *moves, uint32_t number)
{
    const struct problem_household *household = &moves->problem->households[number];
    struct coupled_design *design = &moves->design;
    struct trip trip = {.household = number};
    for (size_t m = 0; m < household->n; m++) {
        ALLOC_GROW(moves->pairs, moves->n_pairs, moves->pairs_room);
        moves->pairs[moves->n_pairs++] = PROBLEM_NONE;
        moves->here[m] = design->pair[household->people[m]];
    }
    trip.pairs = &moves->pairs[moves->n_pairs - household->n];
    trip.from = coupled_household_home(design, number);
    trip.gain_before = coupled_household_gain(design, number);
    coupled_design_take(design, number);
    if (trip.from != MODEL_NONE)
        trip.has_left = coupled_design_best(design, trip.from, -1, &trip.left);
    try_homes(moves, &trip);
    for (size_t m = 0; m < household->n; m++)
        design->pair[household->people[m]] = moves->here[m];
    coupled_design_put(design, number);
    trip.best.pairs = moves->n_pairs - household->n;
    if (trip.best.worth > 0)
        add_move(moves, trip.best);
    else
        moves->n_pairs -= household->n;
}

static int by_worth(const void *a, const void *b)
{
    const struct move *one = a, *two = b;
    if (one->worth != two->worth)
        return one->worth > two->worth ? -1 : 1;
    if (one->household != two->household)
        return one->household < two->household ? -1 : 1;
    return (one->homes[0] > two->homes[0]) - (one->homes[0] < two->homes[0]);
}

static void find_moves(struct moves *moves)
{
    moves->n = moves->n_pairs = 0;
    coupled_slots_weigh(&moves->design.slots);
    coupled_design_list(&moves->design);
    find_homes(moves);
    for (uint32_t h = 0; h < moves->problem->n_households; h++)
        find_household(moves, h);
    if (moves->has_leaps)
        find_leapers(moves);
    if (moves->n)
        qsort(moves->items, moves->n, sizeof *moves->items, by_worth);
}

/* -- making them -- */

/* The household's members change places with their pairs in the move. */
static void swap_household(struct moves *moves, const struct move *move)
{
    const struct problem_household *household = &moves->problem->households[move->household];
    coupled_design_take(&moves->design, move->household);
    for (size_t m = 0; m < household->n; m++) {
        uint32_t *pair = &moves->design.pair[household->people[m]];
        uint32_t before = *pair;
        *pair = moves->pairs[move->pairs + m];
        moves->pairs[move->pairs + m] = before;
    }
    coupled_design_put(&moves->design, move->household);
}

static size_t size_of(const struct moves *moves, uint32_t household)
{
    return household == PROBLEM_NONE ? 0 : moves->problem->households[household].n;
}

static void make_move(struct moves *moves, const struct move *move, int n)
{
    if (move->household != PROBLEM_NONE)
        swap_household(moves, move);
    for (uint32_t k = 0; k < move->n_homes; k++)
        coupled_design_change(&moves->design, &move->change[k], n);
    for (uint32_t k = 0; k < move->n_homes; k++)
        coupled_design_open(&moves->design, move->homes[k]);
    for (size_t m = 0; m < size_of(moves, move->household); m++)
        if (coupled_household_lived_in(&moves->design, move->household, m) != MODEL_NONE)
            coupled_design_open(&moves->design,
                                coupled_household_lived_in(&moves->design, move->household, m));
}

static int holds(const struct moves *moves, const struct move *move)
{
    int all_hold = 1;
    for (uint32_t k = 0; k < move->n_homes; k++)
        all_hold &= coupled_design_holds(&moves->design, move->homes[k]);
    for (size_t m = 0; m < size_of(moves, move->household); m++) {
        uint32_t home = coupled_household_lived_in(&moves->design, move->household, m);
        all_hold &= home == MODEL_NONE || coupled_design_holds(&moves->design, home);
    }
    return all_hold;
}

/* 1 = it was made. */
static int try_move(struct moves *moves, const struct move *move)
{
    moves->design.promise = 0;
    make_move(moves, move, 1);
    int can_be = moves->design.promise > 0 && holds(moves, move);
    if (can_be && coupled_slots_settle_within(&moves->design.slots, moves->design.promise))
        return 1; /* worth more than before */
    make_move(moves, move, -1);
    if (can_be)
        coupled_slots_settle(&moves->design.slots);
    return 0;
}

static void read_plan(struct moves *moves)
{
    coupled_slots_read(&moves->design.slots);
    coupled_design_trim(&moves->design);
}

static int is_spent(const struct moves *moves)
{
    struct budget budget = *moves->budget;
    budget.work += moves->design.slots.budget.work;
    return budget_is_spent(&budget);
}

/* How many of those that have been found are made. Those that are make prices of places differ from
 * what the others have been found by, and more of them seem worth a try. */
static size_t make_moves(struct moves *moves)
{
    const struct budget *paths = &moves->design.slots.budget;
    int64_t first = paths->work;
    size_t made = 0;
    for (size_t k = 0; k < moves->n && !is_spent(moves); k++) {
        if (made && paths->work > first + STALE)
            break;
        made += (size_t)try_move(moves, &moves->items[k]);
    }
    return made;
}

/* Between two homes as well once single homes find nothing. */
static void take_turns(struct moves *moves)
{
    size_t made = 1;
    while ((made || !(moves->has_leaps || moves->is_rough)) && !is_spent(moves)) {
        moves->has_leaps |= made == 0;
        find_moves(moves);
        made = make_moves(moves);
        read_plan(moves);
    }
}

/* The best plan of several local ones: shaken, turned, and again. */
static void shake(struct moves *moves, int shakes, uint32_t *chosen)
{
    int64_t most = coupled_design_value(&moves->design);
    write_plan(moves, chosen);
    for (int k = 0; k < shakes && !is_spent(moves); k++) {
        coupled_anneal_run(&moves->design, (uint64_t)k, moves->budget);
        moves->has_leaps = 0;
        take_turns(moves);
        if (coupled_design_value(&moves->design) <= most)
            continue;
        most = coupled_design_value(&moves->design);
        write_plan(moves, chosen);
    }
}

static void set_prices(struct coupled_slots *slots, const int64_t *price)
{
    for (uint32_t s = 0; s < slots->n; s++)
        if (slots->first_in[s] < slots->first_in[s + 1])
            slots->price[s] = price[slots->in[slots->first_in[s]]];
}

static size_t longest_of(const struct problem *problem)
{
    size_t longest = 0;
    for (size_t h = 0; h < problem->n_households; h++)
        longest = problem->households[h].n > longest ? problem->households[h].n : longest;
    return longest;
}

void coupled_moves_begin(const struct choices *choices, const struct choices_prices *prices,
                         int64_t *price)
{
    const struct model *model = choices->model;
    for (uint32_t j = 0; j < model->n_pair_columns; j++) {
        double paid = (double)prices->gain[j] - choices_worth(choices, prices, j);
        price[model->columns[j].a] = paid > 0 ? (int64_t)paid : 0;
    }
}

void coupled_moves_run(const struct model *model, const int64_t *gain, int64_t *price, int shakes,
                       struct budget *budget, uint32_t *chosen)
{
    struct moves moves = {.model = model, .problem = model->problem, .budget = budget};
    struct coupled_slots *slots = &moves.design.slots;
    coupled_design_init(&moves.design, model, gain, chosen);
    set_prices(slots, price);
    moves.is_home_seen = alloc_zero((size_t)model->n_homes + 1, 1);
    moves.here = alloc_zero(longest_of(model->problem) + 1, sizeof *moves.here);
    for (uint32_t home = 0; home < model->n_homes; home++)
        coupled_design_open(&moves.design, home);
    if (coupled_slots_begin(slots, budget)) {
        coupled_design_trim(&moves.design);
        moves.is_rough = shakes > 0;
        take_turns(&moves);
        moves.is_rough = 0;
        for (uint32_t pair = 0; pair < model->problem->n_pairs; pair++)
            price[pair] = slots->price[coupled_slots_of(slots, pair)];
        shake(&moves, shakes, chosen);
    }
    budget->work += slots->budget.work;
    coupled_design_clear(&moves.design);
    free(moves.items);
    free(moves.pairs);
    free(moves.is_home_seen);
    free(moves.here);
}
