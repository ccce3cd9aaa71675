/* coupled_dive.c - see coupled_dive.h. */
#include "solver/coupled_dive.h"

#include "models/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 100, LEAST_PART = 3 }; /* at least one in so many of the open ones is settled */
static const double nearly = 0.75, whole = 1 - 1e-6;

struct share { /* the greatest of one owner */
    double share;
    uint32_t *columns, n;
};

struct dive {
    const struct choices *choices;
    const struct model *model;
    struct glpk_master *master;
    struct share *shares; /* per owner */
    unsigned char *is_settled;
    uint32_t *arena, *rest;
    struct choices_sum used; /* by all who are settled, and the rooms as they are */
    struct choices_sum one;
};

static void dive_init(struct dive *dive)
{
    size_t n = dive->choices->n_owners, longest = dive->choices->longest;
    dive->shares = alloc_zero(n + 1, sizeof *dive->shares);
    dive->is_settled = alloc_zero(n + 1, 1);
    dive->arena = alloc_zero((n + 1) * longest, sizeof *dive->arena);
    dive->rest = alloc_zero(longest, sizeof *dive->rest);
    for (size_t o = 0; o < n; o++)
        dive->shares[o].columns = dive->arena + o * longest;
    choices_sum_init(&dive->used, dive->model);
    choices_sum_init(&dive->one, dive->model);
}

static void dive_clear(struct dive *dive)
{
    free(dive->shares);
    free(dive->is_settled);
    free(dive->arena);
    free(dive->rest);
    choices_sum_clear(&dive->used);
    choices_sum_clear(&dive->one);
}

static void see_share(void *context, uint32_t owner, const uint32_t *columns, uint32_t n,
                      double share)
{
    struct dive *dive = context;
    struct share *at = &dive->shares[owner];
    if (share <= at->share)
        return;
    at->share = share;
    at->n = n;
    if (n)
        memcpy(at->columns, columns, n * sizeof *columns);
}

static void look(struct dive *dive)
{
    for (uint32_t o = 0; o < dive->choices->n_owners; o++)
        dive->shares[o].share = 0;
    glpk_master_each(dive->master, see_share, dive);
}

/* Those who are settled, and everybody else at rest or, once the residents are settled, as they are
 * when that is whole. */
static void count_used(struct dive *dive, int with_whole)
{
    uint32_t *rest = alloc_zero(dive->choices->longest, sizeof *rest);
    choices_sum_reset(&dive->used);
    for (uint32_t o = 0; o < dive->choices->n_owners; o++) {
        const struct share *share = &dive->shares[o];
        int is_whole = dive->is_settled[o] || (with_whole && share->share >= whole);
        uint32_t n = is_whole ? share->n : choices_of_plan(dive->choices, o, NULL, NULL, rest);
        choices_sum_add(dive->choices, is_whole ? share->columns : rest, n, 1, &dive->used);
    }
    free(rest);
    for (uint32_t j = dive->model->n_pair_columns; j < dive->model->n_columns; j++) {
        enum model_column_kind kind = dive->model->columns[j].kind;
        if (kind == MODEL_COLUMN_WOMEN || kind == MODEL_COLUMN_MEN)
            choices_sum_add(dive->choices, &j, 1,
                            (int64_t)rint(glpk_master_column(dive->master, j)), &dive->used);
    }
}

/* Would so many rooms of the group (women's column, the men's is next) do for those who are there?
 */
static int rooms_fit(const struct dive *dive, uint32_t column, int64_t rooms)
{
    const struct model *model = dive->model;
    const struct model_entry *women = &model->entries[model->first[column]];
    const struct model_entry *men = &model->entries[model->first[column + 1]];
    const int64_t *used = dive->used.value;
    int64_t for_women = (int64_t)rint(glpk_master_column(dive->master, column));
    int64_t for_men = (int64_t)rint(glpk_master_column(dive->master, column + 1));
    int64_t shared = used[women[1].row] - for_women - for_men;
    int64_t left = model->rows[women[1].row].upper - shared - rooms;
    return used[women->row] + women->value * (rooms - for_women) <= model->rows[women->row].upper &&
           used[men->row] + men->value * (left - for_men) <= model->rows[men->row].upper;
}

static void fix_rooms(struct dive *dive, uint32_t column, int64_t rooms)
{
    uint32_t men = column + 1;
    uint32_t group = dive->model->entries[dive->model->first[column] + 1].row;
    int64_t before = (int64_t)rint(glpk_master_column(dive->master, column));
    choices_sum_add(dive->choices, &column, 1, rooms - before, &dive->used);
    choices_sum_add(dive->choices, &men, 1,
                    dive->model->rows[group].upper - dive->used.value[group], &dive->used);
    glpk_master_fix_column(dive->master, column, rooms);
}

/* Rooms for women that are no whole number: the nearest that does. How many there were. */
static uint32_t settle_rooms(struct dive *dive)
{
    uint32_t n = 0;
    count_used(dive, 0);
    for (uint32_t j = dive->model->n_pair_columns; j < dive->model->n_columns; j++) {
        if (dive->model->columns[j].kind != MODEL_COLUMN_WOMEN)
            continue;
        double value = glpk_master_column(dive->master, j);
        int64_t nearest = (int64_t)rint(value),
                other = nearest + (value > (double)nearest ? 1 : -1);
        if (fabs(value - rint(value)) <= 1e-6)
            continue;
        int is_other = !rooms_fit(dive, j, nearest) && rooms_fit(dive, j, other);
        fix_rooms(dive, j, is_other ? other : nearest);
        n++;
    }
    return n;
}

static int fits(struct dive *dive, const struct share *share)
{
    choices_sum_reset(&dive->one);
    choices_sum_add(dive->choices, share->columns, share->n, 1, &dive->one);
    for (size_t r = 0; r < dive->one.n; r++) {
        uint32_t row = dive->one.rows[r];
        enum model_row_kind kind = dive->model->rows[row].kind;
        if (kind != MODEL_ROW_STAGE && dive->one.value[row] > 0 &&
            dive->used.value[row] + dive->one.value[row] > dive->model->rows[row].upper)
            return 0;
    }
    return 1;
}

static int shares_room(const struct dive *dive, const struct share *share)
{
    return share->n &&
           dive->model->columns[share->columns[share->n - 1]].kind == MODEL_COLUMN_COUPLES;
}

/* A couple comes without a room of its own: the rooms are there for whoever comes last. */
static void strip(const struct dive *dive, struct share *share)
{
    while (shares_room(dive, share))
        share->n--;
}

static void settle(struct dive *dive, uint32_t owner)
{
    const struct share *share = &dive->shares[owner];
    glpk_master_fix(dive->master, owner, share->columns, share->n);
    dive->is_settled[owner] = 1;
}

/* 1 = there is room for the owner's share beside all that is used, where they are counted at rest.
 */
static int try_settle(struct dive *dive, uint32_t owner)
{
    struct share *share = &dive->shares[owner];
    uint32_t n = choices_of_plan(dive->choices, owner, NULL, NULL, dive->rest);
    strip(dive, share);
    choices_sum_add(dive->choices, dive->rest, n, -1, &dive->used);
    int has_room = fits(dive, share);
    choices_sum_add(dive->choices, has_room ? share->columns : dive->rest, has_room ? share->n : n,
                    1, &dive->used);
    if (has_room)
        settle(dive, owner);
    return has_room;
}

static void settle_rest(struct dive *dive, uint32_t owner)
{
    struct share *share = &dive->shares[owner];
    share->n = choices_of_plan(dive->choices, owner, NULL, NULL, share->columns);
    settle(dive, owner);
}

struct open {
    double share;
    uint32_t owner;
};

static int by_share(const void *a, const void *b)
{
    const struct open *one = a, *two = b;
    if (one->share != two->share)
        return one->share > two->share ? -1 : 1;
    return (one->owner > two->owner) - (one->owner < two->owner);
}

/* Households before people alone. How many were open. */
static size_t settle_owners(struct dive *dive)
{
    size_t n = 0;
    struct open *open = alloc_zero(dive->choices->n_owners + 1, sizeof *open);
    for (uint32_t o = 0; o < dive->choices->n_owners; o++)
        if (!dive->is_settled[o] && dive->shares[o].share < whole)
            open[n++] = (struct open){
                dive->shares[o].share + (dive->choices->household[o] != PROBLEM_NONE), o};
    qsort(open, n, sizeof *open, by_share);
    count_used(dive, 1);
    for (size_t k = 0; k < n && (k <= n / LEAST_PART || open[k].share >= nearly); k++)
        if (!try_settle(dive, open[k].owner))
            glpk_master_forbid(dive->master, open[k].owner, dive->shares[open[k].owner].columns,
                               dive->shares[open[k].owner].n);
    free(open);
    return n;
}

/* Residents before all others: they can stay only as long as nobody has their bed. Whoever goes
 * to a free bed makes room for the next. How many of them were not whole. */
static uint32_t settle_residents(struct dive *dive)
{
    uint32_t n = 0, n_settled = 1;
    count_used(dive, 0);
    while (n_settled) {
        n_settled = 0;
        for (uint32_t o = 0; o < dive->choices->n_owners; o++)
            if (!dive->is_settled[o] && choices_of_plan(dive->choices, o, NULL, NULL, dive->rest)) {
                int is_done = try_settle(dive, o);
                n_settled += is_done;
                n += is_done && dive->shares[o].share < whole;
            }
    }
    for (uint32_t o = 0; o < dive->choices->n_owners; o++)
        if (!dive->is_settled[o] && choices_of_plan(dive->choices, o, NULL, NULL, dive->rest)) {
            settle_rest(dive, o);
            n++;
        }
    return n;
}

/* Couples with part of a room. */
static uint32_t settle_couples(struct dive *dive)
{
    uint32_t n = 0;
    count_used(dive, 1);
    for (uint32_t o = 0; o < dive->choices->n_owners; o++)
        if (!dive->is_settled[o] && shares_room(dive, &dive->shares[o])) {
            if (dive->shares[o].share >= whole)
                choices_sum_add(dive->choices, dive->shares[o].columns, dive->shares[o].n, -1,
                                &dive->used);
            if (!try_settle(dive, o))
                settle_rest(dive, o);
            n++;
        }
    return n;
}

static void write_down(const struct dive *dive, uint32_t *chosen)
{
    const struct problem *problem = dive->model->problem;
    for (uint32_t i = 0; i < problem->n_people; i++)
        chosen[i] = PROBLEM_NONE;
    for (uint32_t o = 0; o < dive->choices->n_owners; o++) {
        struct share *share = &dive->shares[o];
        if (!dive->is_settled[o] && share->share < whole)
            share->n = choices_of_plan(dive->choices, o, NULL, NULL, share->columns);
        for (uint32_t c = 0; c < share->n; c++) {
            const struct model_column *column = &dive->model->columns[share->columns[c]];
            if (column->kind == MODEL_COLUMN_PAIR)
                chosen[problem->pairs[column->a].person] = column->a;
        }
    }
}

int coupled_dive(const struct choices *choices, struct glpk_master *master, struct budget *budget,
                 uint32_t *chosen)
{
    struct dive dive = {.choices = choices, .model = choices->model, .master = master};
    double *price = alloc_zero(choices->model->most_rows, sizeof *price);
    int is_done = 0;
    dive_init(&dive);
    look(&dive);
    for (int round = 0; round < ROUNDS && !is_done; round++) {
        size_t rooms = settle_residents(&dive);
        if (!rooms)
            rooms = settle_couples(&dive);
        if (!rooms)
            rooms = settle_rooms(&dive);
        size_t n = rooms ? 0 : settle_owners(&dive);
        is_done = rooms == 0 && n == 0;
        if (!is_done && glpk_master_solve(master, budget, 1, price) != GLPK_DONE)
            break;
        if (!is_done)
            look(&dive);
    }
    write_down(&dive, chosen);
    dive_clear(&dive);
    free(price);
    return is_done ? 0 : -1;
}
