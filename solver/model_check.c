/* model_check.c - vectors of a model in whole numbers: from an assignment, back to one, and do the
 * rows hold. */
#include "models/alloc.h"
#include "solver/model.h"

#include <stdlib.h>
#include <string.h>

static int rows_hold(const struct model *model, const int64_t *x)
{
    int64_t *sum = alloc_zero(model->n_rows, sizeof *sum);
    struct model_entry *entries = alloc_zero(model_longest(model), sizeof *entries);
    int hold = 1;
    for (uint32_t j = 0; j < model->n_columns; j++) {
        if (x[j] < model->columns[j].lower || x[j] > model->columns[j].upper)
            hold = 0;
        if (x[j] == 0 || !hold)
            continue;
        size_t n = model_column_entries(model, j, entries);
        for (size_t e = 0; e < n; e++)
            sum[entries[e].row] += entries[e].value * x[j];
    }
    for (uint32_t i = 0; i < model->n_rows && hold; i++)
        hold = sum[i] <= model->rows[i].upper &&
               (model->rows[i].lower == MODEL_NO_LOWER || sum[i] >= model->rows[i].lower);
    free(sum);
    free(entries);
    return hold;
}

int model_assignment(const struct model *model, const int64_t *x, uint32_t *chosen)
{
    if (!rows_hold(model, x))
        return -1;
    for (uint32_t i = 0; i < model->problem->n_people; i++)
        chosen[i] = PROBLEM_NONE;
    for (uint32_t j = 0; j < model->n_pair_columns; j++)
        if (x[j])
            chosen[model->problem->pairs[model->columns[j].a].person] = model->columns[j].a;
    return 0;
}

/* -- filling in the columns that are not pairs -- */

static int set_pairs(const struct model *model, const uint32_t *chosen, int64_t *x)
{
    const struct problem *problem = model->problem;
    memset(x, 0, model->n_columns * sizeof *x);
    for (uint32_t i = 0; i < problem->n_people; i++) {
        if (chosen[i] == PROBLEM_NONE)
            continue;
        if (chosen[i] >= problem->n_pairs || problem->pairs[chosen[i]].person != i ||
            model->column_of_pair[chosen[i]] == MODEL_NONE)
            return -1;
        x[model->column_of_pair[chosen[i]]] = 1;
    }
    return 0;
}

/* The home to which a member went; MODEL_NONE = nowhere new. */
static uint32_t went_to(const struct model *model, uint32_t person, const uint32_t *chosen)
{
    const struct problem *problem = model->problem;
    uint32_t pair = chosen[person];
    if (pair == PROBLEM_NONE || problem_is_stay(problem, pair))
        return MODEL_NONE;
    return model->home_of_part[problem->pairs[pair].part];
}

static uint32_t household_home(const struct model *model, uint32_t household,
                               const uint32_t *chosen)
{
    const struct problem_household *at = &model->problem->households[household];
    for (size_t m = 0; m < at->n; m++) {
        uint32_t home = went_to(model, at->people[m], chosen);
        if (home != MODEL_NONE)
            return home;
    }
    return MODEL_NONE;
}

static void set_homes(const struct model *model, const uint32_t *chosen, int64_t *x)
{
    for (uint32_t j = model->n_pair_columns; j < model->n_columns; j++) {
        const struct model_column *column = &model->columns[j];
        if (column->kind == MODEL_COLUMN_HOME)
            x[j] = household_home(model, column->a, chosen) == column->b;
    }
}

static void set_loads(const struct model *model, const uint32_t *chosen, int64_t *x)
{
    uint32_t *column_of = alloc_zero(model->n_rows, sizeof *column_of);
    for (uint32_t j = model->n_pair_columns; j < model->n_columns; j++)
        for (size_t e = model->first[j]; e < model->first[j + 1]; e++)
            if (model->rows[model->entries[e].row].kind == MODEL_ROW_LOAD)
                column_of[model->entries[e].row] = j;
    for (uint32_t i = 0; i < model->problem->n_people; i++) {
        uint32_t j = chosen[i] == PROBLEM_NONE ? 0 : model->column_of_pair[chosen[i]];
        for (size_t e = model->first[j]; chosen[i] != PROBLEM_NONE && e < model->first[j + 1]; e++)
            if (model->rows[model->entries[e].row].kind == MODEL_ROW_LOAD)
                x[column_of[model->entries[e].row]]++;
    }
    free(column_of);
}

struct pool_use {       /* who uses the beds of one pool with rooms */
    int64_t women, men; /* beds that rooms for them must give */
    int64_t *couples;   /* per household: couples that could share */
};

/* How many of that sex of the household come to the pool. */
static int64_t comers(const struct problem *problem, const struct problem_household *household,
                      enum sex sex, uint32_t pool, const uint32_t *chosen)
{
    int64_t n = 0;
    for (size_t m = 0; m < household->n; m++) {
        uint32_t person = household->people[m], pair = chosen[person];
        if (pair != PROBLEM_NONE && !problem_is_stay(problem, pair) &&
            problem->people[person].applicant->sex == sex &&
            problem->parts[problem->pairs[pair].part].pool_index == pool)
            n++;
    }
    return n;
}

static void count_use(const struct model *model, uint32_t rooms, const uint32_t *chosen,
                      struct pool_use *use)
{
    const struct problem *problem = model->problem;
    const struct problem_rooms *at = &problem->rooms[rooms];
    int64_t used[SEX_COUNT] = {0};
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (chosen[i] != PROBLEM_NONE &&
            problem->parts[problem->pairs[chosen[i]].part].pool_index == at->pool_index)
            used[problem->people[i].applicant->sex]++;
    int64_t left = at->free_beds + at->residents[SEX_NONE] - used[SEX_NONE];
    use->women = used[SEX_FEMALE] - left - at->residents[SEX_FEMALE];
    use->men = used[SEX_MALE] - left - at->residents[SEX_MALE];
    for (size_t h = 0; h < problem->n_households; h++) {
        int64_t women =
            comers(problem, &problem->households[h], SEX_FEMALE, at->pool_index, chosen);
        int64_t men = comers(problem, &problem->households[h], SEX_MALE, at->pool_index, chosen);
        use->couples[h] = women < men ? women : men;
    }
}

/* Which numbers of beds can rooms for women have? via[b] = 1 + rooms of group g taken last to reach
 * b (0 = not reachable), one layer per group. */
static int split_rooms(const struct problem_rooms *rooms, const int64_t *n_rooms, int64_t women,
                       int64_t men, int64_t *women_rooms)
{
    int64_t beds = 0;
    for (size_t g = 0; g < rooms->n_groups; g++)
        beds += n_rooms[g] * rooms->groups[g].beds;
    size_t width = (size_t)beds + 1;
    int64_t *via = alloc_zero((rooms->n_groups + 1) * width, sizeof *via);
    via[0] = 1;
    for (size_t g = 0; g < rooms->n_groups; g++)
        for (size_t b = 0; b < width; b++)
            for (int64_t n = 0; via[g * width + b] && n <= n_rooms[g]; n++)
                via[(g + 1) * width + b + (size_t)(n * rooms->groups[g].beds)] = n + 1;
    int64_t found = women > 0 ? women : 0;
    while (found <= beds && !via[rooms->n_groups * width + (size_t)found])
        found++;
    int fits = found <= beds && beds - found >= men;
    for (size_t g = rooms->n_groups, b = (size_t)found; fits && g-- > 0;) {
        women_rooms[g] = via[(g + 1) * width + b] - 1;
        b -= (size_t)(women_rooms[g] * rooms->groups[g].beds);
    }
    free(via);
    return fits;
}

/* The fewest shared rooms with which the sexes fit. */
static int decide_rooms(const struct problem_rooms *rooms, const struct pool_use *use,
                        int64_t couples, int64_t *women_rooms, int64_t *shared)
{
    int64_t *n_rooms = alloc_zero(rooms->n_groups, sizeof *n_rooms);
    size_t two = rooms->n_groups;
    for (size_t g = 0; g < rooms->n_groups; g++) {
        n_rooms[g] = rooms->groups[g].rooms;
        if (rooms->groups[g].beds == 2)
            two = g;
    }
    if (two == rooms->n_groups)
        couples = 0;
    else if (couples > n_rooms[two])
        couples = n_rooms[two];
    int fits = 0;
    for (*shared = 0; *shared <= couples; ++*shared) {
        if (*shared)
            n_rooms[two]--;
        fits = split_rooms(rooms, n_rooms, use->women - *shared, use->men - *shared, women_rooms);
        if (fits)
            break;
    }
    free(n_rooms);
    return fits;
}

static void set_rooms(const struct model *model, uint32_t rooms, const int64_t *women_rooms,
                      int64_t shared, const struct pool_use *use, int64_t *x)
{
    const struct room_group *groups = model->problem->rooms[rooms].groups;
    int64_t left = shared;
    for (uint32_t j = model->n_pair_columns; j < model->n_columns; j++) {
        const struct model_column *column = &model->columns[j];
        if (column->kind < MODEL_COLUMN_WOMEN || column->a != rooms)
            continue;
        if (column->kind == MODEL_COLUMN_WOMEN)
            x[j] = women_rooms[column->b];
        else if (column->kind == MODEL_COLUMN_MEN)
            x[j] = groups[column->b].rooms - women_rooms[column->b] -
                   (groups[column->b].beds == 2 ? shared : 0);
        else {
            x[j] = use->couples[column->b] < left ? use->couples[column->b] : left;
            left -= x[j];
        }
    }
}

static int fill_rooms(const struct model *model, uint32_t rooms, const uint32_t *chosen, int64_t *x)
{
    const struct problem *problem = model->problem;
    const struct problem_rooms *at = &problem->rooms[rooms];
    struct pool_use use = {.couples = alloc_zero(problem->n_households, sizeof *use.couples)};
    int64_t *women_rooms = alloc_zero(at->n_groups, sizeof *women_rooms);
    int64_t couples = 0, shared = 0;
    count_use(model, rooms, chosen, &use);
    for (size_t h = 0; h < problem->n_households; h++)
        couples += use.couples[h];
    int fits = decide_rooms(at, &use, couples, women_rooms, &shared);
    if (fits)
        set_rooms(model, rooms, women_rooms, shared, &use, x);
    free(women_rooms);
    free(use.couples);
    return fits ? 0 : -1;
}

int model_complete(const struct model *model, const uint32_t *chosen, int64_t *x)
{
    if (set_pairs(model, chosen, x) < 0)
        return -1;
    set_homes(model, chosen, x);
    set_loads(model, chosen, x);
    for (uint32_t r = 0; r < model->problem->n_rooms; r++)
        if (fill_rooms(model, r, chosen, x) < 0)
            return -1;
    return rows_hold(model, x) ? 0 : -1;
}
