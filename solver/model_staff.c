/* model_staff.c - see model_staff.h. */
#include "solver/model_staff.h"

#include "models/alloc.h"
#include "solver/problem_coupled.h"

#include <stdlib.h>
#include <string.h>

enum { SIZES_MAX = 16, SIZE_MAX_UNITS = 64 };

static int64_t gcd(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* -- sizes -- */

static int by_value(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;
    return one < two ? -1 : one > two;
}

struct minutes_list { /* of the people with a pair into one home */
    int64_t *items;
    size_t n, room;
    uint32_t last_person;
};

static struct minutes_list *list_minutes(const struct problem *problem)
{
    struct minutes_list *lists = alloc_zero(problem->n_staff, sizeof *lists);
    for (size_t s = 0; s < problem->n_staff; s++)
        lists[s].last_person = PROBLEM_NONE;
    for (uint32_t pair = 0; pair < problem->n_pairs; pair++) {
        uint32_t row = problem_coupled_staff(problem, problem->pairs[pair].part);
        uint32_t person = problem->pairs[pair].person;
        if (row == PROBLEM_NONE || problem->people[person].care_minutes == 0)
            continue;
        struct minutes_list *list = &lists[row];
        if (list->last_person == person)
            continue;
        list->last_person = person;
        ALLOC_GROW(list->items, list->n, list->room);
        list->items[list->n++] = problem->people[person].care_minutes;
    }
    return lists;
}

static void set_sizes(struct model_staff *shape, struct minutes_list *list, int64_t minutes)
{
    for (size_t i = 0; i < list->n; i++)
        shape->unit = gcd(list->items[i], shape->unit);
    if (shape->unit == 0)
        shape->unit = 1;
    shape->limit = minutes / shape->unit;
    if (list->n)
        qsort(list->items, list->n, sizeof *list->items, by_value);
    shape->size = alloc_zero(list->n, sizeof *shape->size);
    shape->people = alloc_zero(list->n, sizeof *shape->people);
    for (size_t i = 0; i < list->n; i++) {
        int64_t size = list->items[i] / shape->unit;
        if (shape->n == 0 || shape->size[shape->n - 1] != size)
            shape->size[shape->n++] = size;
        shape->people[shape->n - 1]++;
    }
}

/* -- rounded rows -- */

/* Divides by the common divisor and rounds the limit again; 0 when nothing is left of the row. */
static int reduce_cut(struct model_staff_cut *cut, size_t n)
{
    int64_t common = 0;
    for (size_t c = 0; c < n; c++)
        common = gcd(cut->factor[c], common);
    if (common == 0)
        return 0;
    for (size_t c = 0; c < n; c++)
        cut->factor[c] /= common;
    cut->limit /= common;
    return 1;
}

static int is_known(const struct model_staff *shape, const struct model_staff_cut *cut)
{
    size_t bytes = shape->n * sizeof *cut->factor;
    if (cut->limit >= shape->limit && memcmp(cut->factor, shape->size, bytes) == 0)
        return 1;
    for (size_t k = 0; k < shape->n_cuts; k++)
        if (shape->cuts[k].limit <= cut->limit &&
            memcmp(shape->cuts[k].factor, cut->factor, bytes) == 0)
            return 1;
    return 0;
}

/* The row times multiplier / divisor. */
static void add_cut(struct model_staff *shape, size_t *room, int64_t multiplier, int64_t divisor)
{
    struct model_staff_cut cut = {alloc_zero(shape->n, sizeof *cut.factor),
                                  shape->limit * multiplier / divisor};
    for (size_t c = 0; c < shape->n; c++)
        cut.factor[c] = shape->size[c] * multiplier / divisor;
    if (!reduce_cut(&cut, shape->n) || is_known(shape, &cut)) {
        free(cut.factor);
        return;
    }
    ALLOC_GROW(shape->cuts, shape->n_cuts, *room);
    shape->cuts[shape->n_cuts++] = cut;
}

/* The fractions at which the factor of some size steps up. */
static void set_cuts(struct model_staff *shape)
{
    size_t room = 0;
    if (shape->n > SIZES_MAX || (shape->n && shape->size[shape->n - 1] > SIZE_MAX_UNITS) ||
        shape->limit > INT64_MAX / SIZE_MAX_UNITS)
        return;
    for (size_t c = 0; c < shape->n; c++)
        for (int64_t multiplier = 1; multiplier < shape->size[c]; multiplier++)
            add_cut(shape, &room, multiplier, shape->size[c]);
}

struct model_staff *model_staff_new(const struct problem *problem)
{
    struct model_staff *shapes = alloc_zero(problem->n_staff, sizeof *shapes);
    struct minutes_list *lists = list_minutes(problem);
    for (size_t s = 0; s < problem->n_staff; s++) {
        const struct problem_staff *staff = &problem->staff[s];
        set_sizes(&shapes[s], &lists[s], staff->free_minutes + staff->resident_minutes);
        set_cuts(&shapes[s]);
        free(lists[s].items);
    }
    free(lists);
    return shapes;
}

void model_staff_free(struct model_staff *shapes, size_t n)
{
    for (size_t s = 0; s < n; s++) {
        for (size_t k = 0; k < shapes[s].n_cuts; k++)
            free(shapes[s].cuts[k].factor);
        free(shapes[s].cuts);
        free(shapes[s].size);
        free(shapes[s].people);
    }
    free(shapes);
}

size_t model_staff_find(const struct model_staff *shape, int64_t minutes)
{
    size_t c = 0;
    while (c < shape->n && shape->size[c] * shape->unit != minutes)
        c++;
    return c;
}
