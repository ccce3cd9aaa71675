/* coupled_anneal.c - see coupled_anneal.h. */
#include "solver/coupled_anneal.h"

#include "models/alloc.h"
#include "solver/coupled_household.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* TRIES: per home with coupled rows. *_PART: the heat at the beginning and at the end is such a
 * part of the greatest gain. HOUSEHOLD_PERCENT: of the tries are of a household; of these every
 * NOWHERE-th sends it back to where its members were, every IN_THE_WAY-th another one too.
 * EMPTIED_MAX: places that a try begins with; REMOVED_MAX, FILLED_MAX: those of a home that follow;
 * CHANGES_MAX, HOUSEHOLDS_MAX: all of them. PATIENCE: tries between two looks at the budget.
 * COOL_PERCENT: of what that leaves, at the end of which all is cold, so that moves can follow. */
enum {
    TRIES = 200,
    FIRST_PART = 80,
    LAST_PART = 480,
    HOUSEHOLD_PERCENT = 30,
    NOWHERE = 8,
    IN_THE_WAY = 3,
    EMPTIED_MAX = 3,
    REMOVED_MAX = 8,
    FILLED_MAX = 8,
    CHANGES_MAX = 128,
    HOUSEHOLDS_MAX = 2,
    PATIENCE = 64,
    COOL_PERCENT = 85
};

struct anneal_change {
    uint32_t slot;
    int n;
};

struct anneal {
    struct coupled_design *design;
    uint32_t *homes; /* that rows couple */
    uint32_t n_homes;
    uint64_t random; /* never 0 */
    double heat;
    struct anneal_change changes[CHANGES_MAX];
    size_t n_changes;
    uint32_t household[HOUSEHOLDS_MAX]; /* that have moved in this try */
    uint32_t *before[HOUSEHOLDS_MAX];   /* the pairs of their members */
    size_t n_households;
};

/* -- chance -- */

/* xorshift64* (Marsaglia 2003, Vigna 2016). */
static uint64_t draw(struct anneal *anneal, uint64_t below)
{
    anneal->random ^= anneal->random >> 12;
    anneal->random ^= anneal->random << 25;
    anneal->random ^= anneal->random >> 27;
    return (anneal->random * 0x2545F4914F6CDD1DULL >> 11) % below;
}

/* Above 0, on average the heat. */
static double blur(struct anneal *anneal)
{
    const uint64_t fine = (uint64_t)1 << 40;
    return -anneal->heat * log((double)(draw(anneal, fine) + 1) / (double)fine);
}

/* -- a try, and back -- */

static void add(struct anneal *anneal, uint32_t slot, int n)
{
    coupled_design_add(anneal->design, slot, n);
    anneal->changes[anneal->n_changes++] = (struct anneal_change){slot, n};
}

static int is_full(const struct anneal *anneal)
{
    return anneal->n_changes == CHANGES_MAX;
}

static void note_pairs(const struct coupled_design *design, uint32_t household, uint32_t *pairs)
{
    const struct problem_household *members = &design->problem->households[household];
    for (size_t m = 0; m < members->n; m++)
        pairs[m] = design->pair[members->people[m]];
}

static void put_pairs(struct coupled_design *design, uint32_t household, const uint32_t *pairs)
{
    const struct problem_household *members = &design->problem->households[household];
    for (size_t m = 0; m < members->n; m++)
        design->pair[members->people[m]] = pairs[m];
}

/* 0 = somebody cannot come there. */
static int move_household(struct anneal *anneal, uint32_t household, uint32_t home)
{
    struct coupled_design *design = anneal->design;
    uint32_t *before = anneal->before[anneal->n_households];
    note_pairs(design, household, before);
    coupled_design_take(design, household);
    int can_come = coupled_household_move(design, household, home);
    if (!can_come)
        put_pairs(design, household, before);
    coupled_design_put(design, household);
    if (!can_come)
        return 0;
    anneal->household[anneal->n_households++] = household;
    return 1;
}

static void undo(struct anneal *anneal)
{
    struct coupled_design *design = anneal->design;
    while (anneal->n_changes) {
        struct anneal_change change = anneal->changes[--anneal->n_changes];
        coupled_design_add(design, change.slot, -change.n);
    }
    while (anneal->n_households) {
        uint32_t household = anneal->household[--anneal->n_households];
        coupled_design_take(design, household);
        put_pairs(design, household, anneal->before[anneal->n_households]);
        coupled_design_put(design, household);
    }
}

static int has_left(const struct anneal *anneal, uint32_t slot)
{
    for (size_t k = 0; k < anneal->n_changes; k++)
        if (anneal->changes[k].slot == slot && anneal->changes[k].n < 0)
            return 1;
    return 0;
}

/* -- filling a home -- */

/* The cheapest place of the home whose end helps its rows; PROBLEM_NONE = none does. */
static uint32_t cheapest(struct anneal *anneal, uint32_t home)
{
    const struct coupled_slots *slots = &anneal->design->slots;
    uint32_t best = PROBLEM_NONE;
    double least = 0;
    for (uint32_t at = slots->first_of_home[home]; at < slots->first_of_home[home + 1]; at++) {
        uint32_t slot = slots->of[at];
        if (slots->network.parts[slot].capacity <= 0 || !coupled_design_helps(anneal->design, slot))
            continue;
        double worth = (double)coupled_slots_price(slots, slot) + blur(anneal);
        if (best != PROBLEM_NONE && worth >= least)
            continue;
        best = slot;
        least = worth;
    }
    return best;
}

/* The dearest place that the rows of the home have room for, and that this try has not emptied. */
static uint32_t dearest(struct anneal *anneal, uint32_t home)
{
    struct coupled_design *design = anneal->design;
    const struct coupled_slots *slots = &design->slots;
    uint32_t best = PROBLEM_NONE;
    double most = 0;
    for (uint32_t at = slots->first_of_home[home]; at < slots->first_of_home[home + 1]; at++) {
        uint32_t slot = slots->of[at];
        int64_t price = coupled_slots_price(slots, slot);
        if (price == 0 || has_left(anneal, slot))
            continue;
        double worth = (double)price + blur(anneal);
        if (worth > most && coupled_design_has_room(design, slot)) {
            best = slot;
            most = worth;
        }
    }
    return best;
}

/* 0 = its rows cannot be kept. */
static int fill_home(struct anneal *anneal, uint32_t home)
{
    uint32_t slot = 0;
    for (int n = 0; !coupled_design_holds(anneal->design, home); n++) {
        slot = n < REMOVED_MAX && !is_full(anneal) ? cheapest(anneal, home) : PROBLEM_NONE;
        if (slot == PROBLEM_NONE)
            return 0;
        add(anneal, slot, -1);
    }
    for (int n = 0; n < FILLED_MAX && !is_full(anneal); n++) {
        slot = dearest(anneal, home);
        if (slot == PROBLEM_NONE)
            break;
        add(anneal, slot, 1);
    }
    return 1;
}

/* -- tries -- */

static int try_places(struct anneal *anneal)
{
    const struct coupled_slots *slots = &anneal->design->slots;
    uint32_t home = anneal->homes[draw(anneal, anneal->n_homes)];
    uint32_t first = slots->first_of_home[home], n = slots->first_of_home[home + 1] - first;
    uint64_t emptied = 1 + draw(anneal, EMPTIED_MAX);
    for (uint64_t k = 0; k < emptied; k++) {
        uint32_t slot = slots->of[first + draw(anneal, n)];
        if (slots->network.parts[slot].capacity > 0)
            add(anneal, slot, -1);
    }
    return anneal->n_changes && fill_home(anneal, home);
}

/* Of those that are in the home, any but this one. */
static void send_away(struct anneal *anneal, uint32_t household, uint32_t home)
{
    const struct coupled_design *design = anneal->design;
    uint32_t other = PROBLEM_NONE, n = 0;
    for (uint32_t h = 0; h < design->problem->n_households; h++)
        if (h != household && coupled_household_home(design, h) == home && draw(anneal, ++n) == 0)
            other = h;
    if (other != PROBLEM_NONE)
        move_household(anneal, other, MODEL_NONE);
}

static int fill_around(struct anneal *anneal, uint32_t from, uint32_t to)
{
    const struct coupled_design *design = anneal->design;
    if ((from != MODEL_NONE && !fill_home(anneal, from)) ||
        (to != MODEL_NONE && !fill_home(anneal, to)))
        return 0;
    for (size_t k = 0; k < anneal->n_households; k++)
        for (size_t m = 0; m < design->problem->households[anneal->household[k]].n; m++) {
            uint32_t home = coupled_household_lived_in(design, anneal->household[k], m);
            if (home != MODEL_NONE && !fill_home(anneal, home))
                return 0;
        }
    return 1;
}

static int try_household(struct anneal *anneal)
{
    const struct coupled_design *design = anneal->design;
    const struct problem *problem = design->problem;
    uint32_t household = (uint32_t)draw(anneal, problem->n_households);
    const struct problem_person *first = &problem->people[problem->households[household].people[0]];
    uint32_t from = coupled_household_home(design, household), to = MODEL_NONE;
    if (!first->n_pairs)
        return 0;
    uint32_t pair = first->first_pair + (uint32_t)draw(anneal, first->n_pairs);
    if (from == MODEL_NONE || draw(anneal, NOWHERE))
        to = design->slots.model->home_of_part[problem->pairs[pair].part];
    if (to == from || !move_household(anneal, household, to))
        return 0;
    if (to != MODEL_NONE && draw(anneal, IN_THE_WAY) == 0)
        send_away(anneal, household, to);
    return fill_around(anneal, from, to);
}

static void try_once(struct anneal *anneal)
{
    struct coupled_design *design = anneal->design;
    int is_household = design->problem->n_households && draw(anneal, 100) < HOUSEHOLD_PERCENT;
    double loss = blur(anneal);
    design->promise = 0;
    anneal->n_changes = anneal->n_households = 0;
    int can_be = is_household ? try_household(anneal) : try_places(anneal);
    if (can_be && (double)design->promise >= -loss) {
        if (coupled_slots_settle_within(&design->slots, design->promise + (int64_t)loss + 1))
            return;
        undo(anneal);
        coupled_slots_settle(&design->slots);
        return;
    }
    undo(anneal);
}

/* -- the whole -- */

static void anneal_init(struct anneal *anneal, struct coupled_design *design, uint64_t seed)
{
    const struct coupled_slots *slots = &design->slots;
    const struct problem *problem = design->problem;
    size_t longest = 1;
    *anneal = (struct anneal){.design = design, .random = (seed + 1) * 0x9E3779B97F4A7C15ULL};
    anneal->homes = alloc_zero((size_t)slots->model->n_homes + 1, sizeof *anneal->homes);
    for (uint32_t home = 0; home < slots->model->n_homes; home++) {
        uint32_t at = slots->first_of_home[home], end = slots->first_of_home[home + 1];
        while (at < end && !coupled_design_is_coupled(design, slots->of[at]))
            at++;
        if (at < end)
            anneal->homes[anneal->n_homes++] = home;
    }
    for (size_t h = 0; h < problem->n_households; h++)
        longest = problem->households[h].n > longest ? problem->households[h].n : longest;
    for (int k = 0; k < HOUSEHOLDS_MAX; k++)
        anneal->before[k] = alloc_zero(longest, sizeof **anneal->before);
}

static void anneal_clear(struct anneal *anneal)
{
    for (int k = 0; k < HOUSEHOLDS_MAX; k++)
        free(anneal->before[k]);
    free(anneal->homes);
}

static double widest_gain(const struct coupled_slots *slots)
{
    int64_t widest = 0;
    for (uint32_t pair = 0; pair < slots->network.n_pairs; pair++)
        widest = slots->gain[pair] > widest ? slots->gain[pair] : widest;
    return (double)widest;
}

static int64_t work_of(const struct anneal *anneal, const struct budget *budget)
{
    return budget->work + anneal->design->slots.budget.work;
}

/* From the first heat to the last as the tries go on, or as the budget does when it is nearer to
 * its end: tries that were broken off hot would have been in vain. */
static void cool(struct anneal *anneal, const struct budget *budget)
{
    struct budget share = *budget;
    share.work = work_of(anneal, budget);
    share = budget_share(&share, COOL_PERCENT);
    const int64_t begin_work = share.work;
    const double widest = widest_gain(&anneal->design->slots), begin_s = budget_clock_s();
    const double n_tries = (double)anneal->n_homes * TRIES;
    double gone = 0;
    for (double k = 0; k < n_tries && gone < 1; k++) {
        if ((uint64_t)k % PATIENCE == 0) {
            share.work = work_of(anneal, budget);
            gone = budget_gone(&share, begin_s, begin_work);
        }
        double part = k / n_tries > gone ? k / n_tries : gone;
        anneal->heat = widest / FIRST_PART * pow((double)FIRST_PART / (double)LAST_PART, part);
        try_once(anneal);
    }
}

void coupled_anneal_run(struct coupled_design *design, uint64_t seed, const struct budget *budget)
{
    struct anneal anneal;
    anneal_init(&anneal, design, seed);
    cool(&anneal, budget);
    anneal_clear(&anneal);
    for (uint32_t home = 0; home < design->slots.model->n_homes; home++)
        coupled_design_open(design, home);
    coupled_slots_settle(&design->slots);
    coupled_slots_read(&design->slots);
    coupled_design_trim(design);
}
