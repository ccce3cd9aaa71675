/* coupled_fill.c - see coupled_fill.h.
 *
 * Always holds: with those who have had their turn where they are, all others at rest (residents in
 * their bed, newcomers nowhere) and the rooms as they were shared out, every shared row has room.
 */
#include "solver/coupled_fill.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

struct turn {
    int has_wish;
    double worth; /* of the best alternative */
    uint32_t owner;
};

struct fill {
    const struct choices *choices;
    const struct model *model;
    const struct choices_prices *prices;
    const uint32_t *wish;
    struct choices_sum used, one;
    uint32_t *rest, *best; /* columns of the owner at hand */
    uint32_t n_best;
    double worth;
    int is_found, is_wish; /* an alternative; the one that the owner wishes */
};

static void fill_init(struct fill *fill)
{
    fill->rest = alloc_zero(fill->choices->longest + 1, sizeof *fill->rest);
    fill->best = alloc_zero(fill->choices->longest + 1, sizeof *fill->best);
    choices_sum_init(&fill->used, fill->model);
    choices_sum_init(&fill->one, fill->model);
}

static void fill_clear(struct fill *fill)
{
    free(fill->rest);
    free(fill->best);
    choices_sum_clear(&fill->used);
    choices_sum_clear(&fill->one);
}

/* -- rooms -- */

/* How many of each sex the wish has in every pool that has rooms. */
static int64_t *count_sexes(const struct problem *problem, const uint32_t *wish)
{
    int64_t *count = alloc_zero(((size_t)problem->n_pools + 1) * SEX_COUNT, sizeof *count);
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (wish[i] != PROBLEM_NONE) {
            uint32_t pool = problem->parts[problem->pairs[wish[i]].part].pool_index;
            count[pool * SEX_COUNT + problem->people[i].applicant->sex]++;
        }
    return count;
}

/* Each group of rooms in the proportion of those who want to come; nobody: half and half. */
static void share_rooms(struct fill *fill, const uint32_t *wish)
{
    const struct model *model = fill->model;
    int64_t *count = count_sexes(model->problem, wish);
    for (uint32_t j = model->n_pair_columns; j < model->n_columns; j++) {
        if (model->columns[j].kind != MODEL_COLUMN_WOMEN)
            continue;
        uint32_t men = j + 1, group = model->entries[model->first[j] + 1].row;
        const int64_t *here =
            &count[model->problem->rooms[model->columns[j].a].pool_index * SEX_COUNT];
        int64_t rooms = model->rows[group].upper, women_come = here[SEX_FEMALE] + 1,
                all = women_come + here[SEX_MALE] + 1;
        int64_t for_women = (2 * rooms * women_come + all) / (2 * all);
        choices_sum_add(fill->choices, &j, 1, for_women, &fill->used);
        choices_sum_add(fill->choices, &men, 1, rooms - for_women, &fill->used);
    }
    free(count);
}

/* -- owners -- */

static int has_room(struct fill *fill, const uint32_t *columns, uint32_t n)
{
    choices_sum_reset(&fill->one);
    choices_sum_add(fill->choices, columns, n, 1, &fill->one);
    for (size_t r = 0; r < fill->one.n; r++) {
        uint32_t row = fill->one.rows[r];
        const struct model_row *at = &fill->model->rows[row];
        if (at->kind != MODEL_ROW_STAGE && fill->one.value[row] > 0 &&
            fill->used.value[row] + fill->one.value[row] > at->upper)
            return 0;
    }
    return 1;
}

static int is_wish(const struct fill *fill, const uint32_t *columns, uint32_t n)
{
    for (uint32_t c = 0; c < n; c++) {
        const struct model_column *column = &fill->model->columns[columns[c]];
        if (column->kind == MODEL_COLUMN_PAIR &&
            fill->wish[fill->model->problem->pairs[column->a].person] != column->a)
            return 0;
    }
    return 1;
}

static int shares_room(const struct fill *fill, const uint32_t *columns, uint32_t n)
{
    return n && fill->model->columns[columns[n - 1]].kind == MODEL_COLUMN_COUPLES;
}

/* A bed is better than none, whatever its price: it would stay empty. */
static void see_best(void *context, const uint32_t *columns, uint32_t n, double worth)
{
    struct fill *fill = context;
    (void)columns;
    if (!n)
        return;
    fill->is_wish |= is_wish(fill, columns, n);
    if (fill->is_found && worth <= fill->worth)
        return;
    fill->is_found = 1;
    fill->worth = worth;
}

/* A couple that would share a room comes without one: all rooms are given away. */
static void see_room(void *context, const uint32_t *columns, uint32_t n, double worth)
{
    struct fill *fill = context;
    while (shares_room(fill, columns, n))
        n--;
    int is_theirs = is_wish(fill, columns, n);
    if (!n || fill->is_wish || (fill->is_found && !is_theirs && worth <= fill->worth) ||
        !has_room(fill, columns, n))
        return;
    fill->is_found = 1;
    fill->is_wish = is_theirs;
    fill->worth = worth;
    fill->n_best = n;
    memcpy(fill->best, columns, n * sizeof *columns);
}

static void write_down(const struct fill *fill, uint32_t *chosen)
{
    for (uint32_t c = 0; c < fill->n_best; c++) {
        const struct model_column *column = &fill->model->columns[fill->best[c]];
        if (column->kind == MODEL_COLUMN_PAIR)
            chosen[fill->model->problem->pairs[column->a].person] = column->a;
    }
}

static void serve(struct fill *fill, uint32_t owner, uint32_t *chosen)
{
    uint32_t n = choices_of_plan(fill->choices, owner, NULL, NULL, fill->rest);
    choices_sum_add(fill->choices, fill->rest, n, -1, &fill->used);
    fill->is_found = fill->is_wish = 0;
    choices_each(fill->choices, owner, fill->prices, see_room, fill);
    if (!fill->is_found) {
        memcpy(fill->best, fill->rest, n * sizeof *fill->best);
        fill->n_best = n;
    }
    choices_sum_add(fill->choices, fill->best, fill->n_best, 1, &fill->used);
    write_down(fill, chosen);
}

static int by_turn(const void *a, const void *b)
{
    const struct turn *one = a, *two = b;
    if (one->has_wish != two->has_wish)
        return one->has_wish ? -1 : 1;
    if (one->worth != two->worth)
        return one->worth > two->worth ? -1 : 1;
    return (one->owner > two->owner) - (one->owner < two->owner);
}

/* Whose wish is an alternative first; then by what a person brings at best; a household by the mean
 * of its members. */
static struct turn *draw_turns(struct fill *fill)
{
    const struct choices *choices = fill->choices;
    struct turn *turns = alloc_zero((size_t)choices->n_owners + 1, sizeof *turns);
    for (uint32_t o = 0; o < choices->n_owners; o++) {
        uint32_t household = choices->household[o];
        size_t n = household == PROBLEM_NONE ? 1 : fill->model->problem->households[household].n;
        fill->is_found = fill->is_wish = 0;
        choices_each(choices, o, fill->prices, see_best, fill);
        turns[o] = (struct turn){fill->is_wish, fill->is_found ? fill->worth / (double)n : 0, o};
    }
    qsort(turns, choices->n_owners, sizeof *turns, by_turn);
    return turns;
}

void coupled_fill(const struct choices *choices, const struct choices_prices *prices,
                  const uint32_t *wish, uint32_t *chosen)
{
    struct fill fill = {
        .choices = choices, .model = choices->model, .prices = prices, .wish = wish};
    fill_init(&fill);
    for (uint32_t i = 0; i < choices->model->problem->n_people; i++)
        chosen[i] = PROBLEM_NONE;
    for (uint32_t o = 0; o < choices->n_owners; o++) {
        uint32_t n = choices_of_plan(choices, o, NULL, NULL, fill.rest);
        choices_sum_add(choices, fill.rest, n, 1, &fill.used);
    }
    share_rooms(&fill, wish);
    struct turn *turns = draw_turns(&fill);
    for (uint32_t k = 0; k < choices->n_owners; k++)
        serve(&fill, turns[k].owner, chosen);
    free(turns);
    fill_clear(&fill);
}
