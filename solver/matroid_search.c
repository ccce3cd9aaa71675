/* matroid_search.c - see matroid_search.h.
 *
 * Always holds: when somebody in part q may go to part p, label(q) <= label(p) + 1; a part with a
 * free bed, or one held loosely, has label 1. So a part whose label is above one that no part has
 * is cut off from the free beds. Who comes to p on a path comes from a part with a greater label,
 * so that nobody's arrival opens a way downwards, and the place up to which a crowd was asked stays
 * good. */
#include "solver/matroid_search.h"

#include "models/alloc.h"

#include <stdlib.h>

/* Label of a part that is cut off; labels begin with 1. */
#define CUT_OFF PROBLEM_NONE

static void crowd_add(struct matroid_search *search, uint32_t part, uint32_t person)
{
    struct crowd *crowd = &search->crowds[part];
    ALLOC_GROW(crowd->people, crowd->n, crowd->room);
    crowd->people[crowd->n++] = person;
}

/* The person at hand goes: the last one, whom nobody has asked yet, takes the place. */
static uint32_t crowd_take(struct matroid_search *search, uint32_t part)
{
    struct crowd *crowd = &search->crowds[part];
    uint32_t person = crowd->people[crowd->at];
    crowd->people[crowd->at] = crowd->people[--crowd->n];
    crowd->way = PROBLEM_NONE;
    return person;
}

static void crowd_ask_anew(struct crowd *crowd)
{
    crowd->at = 0;
    crowd->way = PROBLEM_NONE;
    crowd->least = CUT_OFF;
}

static int has_room(const struct matroid_search *search, uint32_t part)
{
    return search->room[part] > 0 || search->n_loose[part] > 0;
}

/* As long as a part has beds held loosely nobody there is asked for a way on; afterwards, everybody
 * is. */
static void loose_less(struct matroid_search *search, uint32_t part, uint32_t person)
{
    search->is_loose[person] = 0;
    if (--search->n_loose[part] == 0)
        crowd_ask_anew(&search->crowds[part]);
}

/* Somebody who holds their bed loosely is out. */
static void put_out(struct matroid_search *search, uint32_t part)
{
    struct crowd *crowd = &search->crowds[part];
    while (!search->is_loose[crowd->people[crowd->at]])
        crowd->at++;
    uint32_t person = crowd_take(search, part);
    search->chosen[person] = PROBLEM_NONE;
    search->room[part]++;
    loose_less(search, part, person);
}

void matroid_search_init(struct matroid_search *search, const struct face *face, uint32_t *chosen)
{
    const struct problem *problem = face->problem;
    size_t n = (size_t)problem->n_parts + 1;
    *search = (struct matroid_search){.face = face, .chosen = chosen};
    search->crowds = alloc_zero(n, sizeof(struct crowd));
    search->room = alloc_zero(n, sizeof(int64_t));
    search->n_loose = alloc_zero(n, sizeof(uint32_t));
    search->is_loose = alloc_zero((size_t)problem->n_people + 1, 1);
    search->label = alloc_zero(n, sizeof(uint32_t));
    search->n_label = alloc_zero(n + 2, sizeof(uint32_t));
    search->path = alloc_zero(n, sizeof(uint32_t));
    search->ways = alloc_zero(n, sizeof(uint32_t));
    for (uint32_t part = 0; part < problem->n_parts; part++) {
        search->room[part] = problem->parts[part].capacity;
        search->label[part] = 1;
        crowd_ask_anew(&search->crowds[part]);
    }
    search->n_label[1] = problem->n_parts;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        if (chosen[i] == PROBLEM_NONE)
            continue;
        uint32_t part = problem->pairs[chosen[i]].part;
        crowd_add(search, part, i);
        search->room[part]--;
        search->is_loose[i] = problem->people[i].stay_pair == PROBLEM_NONE;
        search->n_loose[part] += search->is_loose[i];
    }
}

void matroid_search_clear(struct matroid_search *search)
{
    for (uint32_t part = 0; part < search->face->problem->n_parts; part++)
        free(search->crowds[part].people);
    free(search->crowds);
    free(search->room);
    free(search->n_loose);
    free(search->is_loose);
    free(search->label);
    free(search->n_label);
    free(search->path);
    free(search->ways);
}

void matroid_search_settle(struct matroid_search *search, uint32_t newcomer)
{
    loose_less(search, search->face->problem->pairs[search->chosen[newcomer]].part, newcomer);
}

/* -- one path -- */

/* Least for a lower label; of the lowest for the part with the most free beds before those held
 * loosely: so beds go everywhere alike, and few people have to move later. */
static uint64_t order_of(const struct matroid_search *search, uint32_t part)
{
    uint64_t room = (uint64_t)search->room[part];
    return ((uint64_t)search->label[part] << 32) +
           (UINT32_MAX - (room < UINT32_MAX ? room : UINT32_MAX));
}

/* The newcomer's best way in; PROBLEM_NONE when all their parts are cut off. */
static uint32_t way_in(const struct matroid_search *search, uint32_t newcomer)
{
    const struct face *face = search->face;
    uint32_t best = PROBLEM_NONE;
    uint64_t least = (uint64_t)CUT_OFF << 32;
    for (uint32_t at = face->first[newcomer]; at < face->first[newcomer + 1]; at++) {
        uint64_t order = order_of(search, face->parts[at]);
        best = order < least ? at : best;
        least = order < least ? order : least;
    }
    return best;
}

/* Asks the crowd on, for somebody who may go to a part one label lower; PROBLEM_NONE when the last
 * one was asked. */
static uint32_t way_on(struct matroid_search *search, uint32_t part)
{
    const struct face *face = search->face;
    struct crowd *crowd = &search->crowds[part];
    uint32_t *label = search->label, own = label[part], way = PROBLEM_NONE;
    label[part] = CUT_OFF; /* staying is no way on */
    for (; crowd->at < crowd->n; crowd->at++, crowd->way = PROBLEM_NONE) {
        uint32_t person = crowd->people[crowd->at];
        uint32_t at = crowd->way == PROBLEM_NONE ? face->first[person] : crowd->way;
        for (; at < face->first[person + 1]; at++) {
            uint32_t there = label[face->parts[at]];
            if (there + 1 == own)
                break;
            crowd->least = there < crowd->least ? there : crowd->least;
        }
        if (at < face->first[person + 1]) {
            way = crowd->way = at;
            break;
        }
    }
    label[part] = own;
    return way;
}

/* Nobody has label `gap` any more. */
static void cut_off_above(struct matroid_search *search, uint32_t gap)
{
    for (uint32_t part = 0; part < search->face->problem->n_parts; part++)
        if (search->label[part] > gap && search->label[part] != CUT_OFF) {
            search->n_label[search->label[part]]--;
            search->label[part] = CUT_OFF;
            search->n_cut_off++;
        }
}

/* All were asked: the label rises to what they said. 1 = parts were cut off, this one too. */
static int raise_label(struct matroid_search *search, uint32_t part)
{
    struct crowd *crowd = &search->crowds[part];
    uint32_t before = search->label[part];
    search->n_label[before]--;
    search->label[part] = crowd->least == CUT_OFF ? CUT_OFF : crowd->least + 1;
    if (search->label[part] != CUT_OFF)
        search->n_label[search->label[part]]++;
    search->n_cut_off += search->label[part] == CUT_OFF;
    crowd_ask_anew(crowd);
    if (search->n_label[before] > 0)
        return search->label[part] == CUT_OFF;
    cut_off_above(search, before);
    return 1;
}

/* From the first part of the path on to a free bed; 0 = not from there, and a label is higher. */
static int walk(struct matroid_search *search)
{
    for (;;) {
        uint32_t part = search->path[search->n_path - 1];
        if (has_room(search, part))
            return 1;
        uint32_t way = way_on(search, part);
        if (way != PROBLEM_NONE) {
            search->ways[search->n_path - 1] = way;
            search->path[search->n_path++] = search->face->parts[way];
            continue;
        }
        if (raise_label(search, part) || --search->n_path == 0)
            return 0;
    }
}

/* Everyone on the path moves on by one, from its end, and the newcomer comes in. */
static void move_all(struct matroid_search *search, uint32_t newcomer, uint32_t way)
{
    const struct face *face = search->face;
    uint32_t end = search->path[search->n_path - 1];
    if (search->room[end] == 0)
        put_out(search, end);
    search->room[end]--;
    for (size_t k = search->n_path - 1; k > 0; k--) {
        uint32_t person = crowd_take(search, search->path[k - 1]);
        search->chosen[person] = face->pairs[search->ways[k - 1]];
        crowd_add(search, search->path[k], person);
    }
    search->chosen[newcomer] = face->pairs[way];
    crowd_add(search, search->path[0], newcomer);
}

int matroid_search_place(struct matroid_search *search, uint32_t newcomer, struct budget *budget)
{
    uint32_t way = way_in(search, newcomer);
    int is_charged = 0;
    for (; way != PROBLEM_NONE; way = way_in(search, newcomer)) {
        int is_free = search->room[search->face->parts[way]] > 0;
        if (!is_free && (!budget || (!is_charged && budget_is_spent(budget))))
            return -1;
        if (!is_free && !is_charged++)
            budget->work++;
        search->path[0] = search->face->parts[way];
        search->n_path = 1;
        if (walk(search)) {
            move_all(search, newcomer, way);
            return 1;
        }
    }
    return 0;
}
