/* coupled_rest.c - see coupled_rest.h. */
#include "solver/coupled_rest.h"

#include "models/alloc.h"
#include "solver/network.h"

#include <stdlib.h>
#include <string.h>

struct rest {
    const struct problem *whole;
    const uint32_t *chosen;
    unsigned char *is_touched; /* by part */
    unsigned char *is_free;    /* by person */
    struct problem network;
    uint32_t *person_of, *pair_of; /* of the whole problem, by number in the network */
    uint32_t *chosen_there;
};

/* -- whom no row touches -- */

static void mark_parts(struct rest *rest)
{
    const struct problem *whole = rest->whole;
    for (uint32_t part = 0; part < whole->n_parts; part++) {
        for (size_t s = 0; s < whole->n_staff; s++)
            if (whole->staff[s].institution == whole->parts[part].institution)
                rest->is_touched[part] = 1;
        for (size_t r = 0; r < whole->n_rooms; r++)
            if (whole->rooms[r].pool_index == whole->parts[part].pool_index)
                rest->is_touched[part] = 1;
    }
}

static int is_touched(const struct rest *rest, uint32_t pair)
{
    return pair != PROBLEM_NONE && rest->is_touched[rest->whole->pairs[pair].part];
}

static void mark_people(struct rest *rest)
{
    for (uint32_t i = 0; i < rest->whole->n_people; i++) {
        const struct problem_person *person = &rest->whole->people[i];
        rest->is_free[i] = person->household == PROBLEM_NONE &&
                           !is_touched(rest, person->stay_pair) &&
                           !is_touched(rest, rest->chosen[i]);
    }
}

/* -- the network -- */

static void make_parts(struct rest *rest)
{
    const struct problem *whole = rest->whole;
    struct problem_part *parts = alloc_zero(whole->n_parts, sizeof *parts);
    memcpy(parts, whole->parts, whole->n_parts * sizeof *parts);
    for (uint32_t part = 0; part < whole->n_parts; part++)
        parts[part].stayers = 0;
    for (uint32_t i = 0; i < whole->n_people; i++) {
        uint32_t stay = whole->people[i].stay_pair;
        if (!rest->is_free[i] && rest->chosen[i] != PROBLEM_NONE)
            parts[whole->pairs[rest->chosen[i]].part].capacity--;
        if (rest->is_free[i] && stay != PROBLEM_NONE)
            parts[whole->pairs[stay].part].stayers++;
    }
    rest->network.parts = parts;
}

/* A bed that a free resident would leave may be promised to somebody who keeps it: then they keep
 * theirs too. */
static int fix_promised(struct rest *rest)
{
    int n_fixed = 0;
    for (uint32_t i = 0; i < rest->whole->n_people; i++) {
        uint32_t stay = rest->whole->people[i].stay_pair;
        if (!rest->is_free[i] || stay == PROBLEM_NONE)
            continue;
        const struct problem_part *part = &rest->network.parts[rest->whole->pairs[stay].part];
        if (part->capacity >= part->stayers)
            continue;
        rest->is_free[i] = 0;
        n_fixed++;
    }
    return n_fixed;
}

static void add_person(struct rest *rest, uint32_t person)
{
    struct problem *network = &rest->network;
    struct problem_person *copy = &network->people[network->n_people];
    const struct problem_person *from = &rest->whole->people[person];
    *copy = *from;
    copy->first_pair = network->n_pairs;
    for (uint32_t pair = from->first_pair; pair < from->first_pair + from->n_pairs; pair++) {
        if (is_touched(rest, pair))
            continue;
        if (pair == from->stay_pair)
            copy->stay_pair = network->n_pairs;
        network->pairs[network->n_pairs] = rest->whole->pairs[pair];
        network->pairs[network->n_pairs].person = network->n_people;
        rest->pair_of[network->n_pairs++] = pair;
    }
    copy->n_pairs = network->n_pairs - copy->first_pair;
    rest->person_of[network->n_people++] = person;
}

static void make_people(struct rest *rest)
{
    const struct problem *whole = rest->whole;
    struct problem *network = &rest->network;
    uint32_t *number = alloc_zero(whole->n_people, sizeof *number), n = 0;
    network->people = alloc_zero(whole->n_people, sizeof *network->people);
    network->pairs = alloc_zero(whole->n_pairs, sizeof *network->pairs);
    network->tie_order = alloc_zero(whole->n_people, sizeof *network->tie_order);
    rest->person_of = alloc_zero(whole->n_people, sizeof *rest->person_of);
    rest->pair_of = alloc_zero(whole->n_pairs, sizeof *rest->pair_of);
    for (uint32_t i = 0; i < whole->n_people; i++) {
        number[i] = network->n_people;
        if (rest->is_free[i])
            add_person(rest, i);
    }
    for (uint32_t t = 0; t < whole->n_people; t++)
        if (rest->is_free[whole->tie_order[t]])
            network->tie_order[n++] = number[whole->tie_order[t]];
    free(number);
}

static void rest_init(struct rest *rest, const struct problem *whole, const uint32_t *chosen)
{
    *rest = (struct rest){.whole = whole, .chosen = chosen, .network = *whole};
    rest->is_touched = alloc_zero(whole->n_parts, 1);
    rest->is_free = alloc_zero(whole->n_people, 1);
    rest->chosen_there = alloc_zero(whole->n_people, sizeof *rest->chosen_there);
    rest->network.n_people = rest->network.n_pairs = 0;
    rest->network.n_households = rest->network.n_staff = rest->network.n_rooms = 0;
    mark_parts(rest);
    mark_people(rest);
    make_parts(rest);
    while (fix_promised(rest)) {
        free(rest->network.parts);
        make_parts(rest);
    }
    make_people(rest);
}

static void rest_clear(struct rest *rest)
{
    free(rest->is_touched);
    free(rest->is_free);
    free(rest->chosen_there);
    free(rest->person_of);
    free(rest->pair_of);
    free(rest->network.parts);
    free(rest->network.people);
    free(rest->network.pairs);
    free(rest->network.tie_order);
}

/* -- back -- */

static int same_values(const struct problem *problem, const uint32_t *one, const uint32_t *two)
{
    int64_t here[OBJECTIVE_COUNT] = {0}, there[OBJECTIVE_COUNT] = {0};
    problem_values(problem, one, here);
    problem_values(problem, two, there);
    return memcmp(here, there, sizeof here) == 0;
}

static int take_back(const struct rest *rest, uint32_t *chosen)
{
    const struct problem *whole = rest->whole;
    uint32_t *settled = alloc_zero(whole->n_people, sizeof *settled);
    memcpy(settled, chosen, whole->n_people * sizeof *settled);
    for (uint32_t i = 0; i < rest->network.n_people; i++)
        settled[rest->person_of[i]] = rest->chosen_there[i] == PROBLEM_NONE
                                          ? PROBLEM_NONE
                                          : rest->pair_of[rest->chosen_there[i]];
    int is_same = same_values(whole, settled, chosen);
    if (is_same)
        memcpy(chosen, settled, whole->n_people * sizeof *chosen);
    free(settled);
    return is_same;
}

int coupled_rest_settle(const struct problem *problem, const struct solver_options *options,
                        uint32_t *chosen)
{
    struct rest rest;
    struct network_result result = {0};
    rest_init(&rest, problem, chosen);
    int is_settled = rest.network.n_people > 0 &&
                     network_solve(&rest.network, options, rest.chosen_there, &result, NULL) == 0 &&
                     result.status == PLAN_OPTIMAL && take_back(&rest, chosen);
    network_result_clear(&result);
    rest_clear(&rest);
    return is_settled;
}
