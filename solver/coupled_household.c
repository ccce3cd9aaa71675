/* coupled_household.c - see coupled_household.h. */
#include "solver/coupled_household.h"

static uint32_t home_of(const struct coupled_design *design, uint32_t pair)
{
    return pair == PROBLEM_NONE
               ? MODEL_NONE
               : design->slots.model->home_of_part[design->problem->pairs[pair].part];
}

uint32_t coupled_household_home(const struct coupled_design *design, uint32_t household)
{
    const struct problem_household *members = &design->problem->households[household];
    for (size_t m = 0; m < members->n; m++) {
        uint32_t pair = design->pair[members->people[m]];
        if (pair != PROBLEM_NONE && !problem_is_stay(design->problem, pair))
            return home_of(design, pair);
    }
    return MODEL_NONE;
}

int64_t coupled_household_gain(const struct coupled_design *design, uint32_t household)
{
    const struct problem_household *members = &design->problem->households[household];
    int64_t gain = 0;
    for (size_t m = 0; m < members->n; m++) {
        uint32_t pair = design->pair[members->people[m]];
        gain += pair == PROBLEM_NONE ? 0 : design->slots.gain[pair];
    }
    return gain;
}

uint32_t coupled_household_lived_in(const struct coupled_design *design, uint32_t household,
                                    size_t m)
{
    uint32_t person = design->problem->households[household].people[m];
    return home_of(design, design->problem->people[person].stay_pair);
}

/* Of the pairs of a person in a home, the one that is worth most beyond what a place there is. */
static uint32_t best_pair(const struct coupled_design *design, uint32_t person, uint32_t home)
{
    const struct coupled_slots *slots = &design->slots;
    const struct problem_person *at = &design->problem->people[person];
    uint32_t best = PROBLEM_NONE;
    int64_t most = 0;
    for (uint32_t pair = at->first_pair; pair < at->first_pair + at->n_pairs; pair++) {
        if (home_of(design, pair) != home || slots->model->column_of_pair[pair] == MODEL_NONE)
            continue;
        int64_t worth = slots->gain[pair] - slots->more[coupled_slots_of(slots, pair)].worth[0];
        if (best == PROBLEM_NONE || worth > most) {
            best = pair;
            most = worth;
        }
    }
    return best;
}

int coupled_household_move(struct coupled_design *design, uint32_t household, uint32_t home)
{
    const struct problem_household *members = &design->problem->households[household];
    for (size_t m = 0; m < members->n; m++) {
        uint32_t person = members->people[m], stay = design->problem->people[person].stay_pair;
        uint32_t pair = stay;
        if (home != MODEL_NONE && home_of(design, stay) != home)
            pair = best_pair(design, person, home);
        if (home != MODEL_NONE && pair == PROBLEM_NONE)
            return 0;
        design->pair[person] = pair;
    }
    return 1;
}
