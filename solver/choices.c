/* choices.c - see choices.h. */
#include "solver/choices.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

/* -- owners -- */

static void number_owners(struct choices *choices)
{
    const struct problem *problem = choices->model->problem;
    choices->person = alloc_zero((size_t)problem->n_people + 1, sizeof *choices->person);
    choices->household = alloc_zero((size_t)problem->n_people + 1, sizeof *choices->household);
    for (uint32_t i = 0; i < problem->n_people; i++) {
        uint32_t household = problem->people[i].household;
        if (household != PROBLEM_NONE && problem->households[household].people[0] != i)
            continue;
        choices->person[choices->n_owners] = i;
        choices->household[choices->n_owners++] = household;
    }
}

/* Columns of one kind lie together, in the order of their households. */
static uint32_t *first_of_kind(const struct model *model, enum model_column_kind kind)
{
    size_t n = model->problem->n_households;
    uint32_t *first = alloc_zero(n + 2, sizeof *first);
    uint32_t begin = model->n_columns;
    for (uint32_t j = model->n_columns; j-- > model->n_pair_columns;) {
        const struct model_column *column = &model->columns[j];
        if (column->kind != kind)
            continue;
        begin = j;
        first[(kind == MODEL_COLUMN_HOME ? column->a : column->b) + 1]++;
    }
    first[0] = begin;
    for (size_t h = 0; h < n; h++)
        first[h + 1] += first[h];
    return first;
}

static void find_loads(struct choices *choices)
{
    const struct model *model = choices->model;
    choices->load_column = alloc_zero((size_t)model->n_rows + 1, sizeof *choices->load_column);
    for (uint32_t j = model->n_pair_columns; j < model->n_columns; j++)
        for (size_t e = model->first[j]; e < model->first[j + 1]; e++)
            if (model->columns[j].kind == MODEL_COLUMN_LOAD &&
                model->rows[model->entries[e].row].kind == MODEL_ROW_LOAD)
                choices->load_column[model->entries[e].row] = j;
}

static int key_order(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a, two = *(const uint64_t *)b;
    return one < two ? -1 : one > two;
}

/* Of one home they stay in their order. */
static void sort_by_home(struct choices *choices, uint32_t person)
{
    const struct model *model = choices->model;
    const struct problem_person *at = &model->problem->people[person];
    uint64_t *keys = alloc_zero((size_t)at->n_pairs + 1, sizeof *keys);
    for (uint32_t k = 0; k < at->n_pairs; k++) {
        uint32_t pair = at->first_pair + k;
        keys[k] = (uint64_t)model->home_of_part[model->problem->pairs[pair].part] << 32 | pair;
    }
    qsort(keys, at->n_pairs, sizeof *keys, key_order);
    for (uint32_t k = 0; k < at->n_pairs; k++)
        choices->by_home[at->first_pair + k] = (uint32_t)keys[k];
    free(keys);
}

static void sort_members(struct choices *choices)
{
    const struct problem *problem = choices->model->problem;
    if (problem->n_households == 0)
        return;
    choices->by_home = alloc_zero((size_t)problem->n_pairs + 1, sizeof *choices->by_home);
    for (size_t h = 0; h < problem->n_households; h++)
        for (size_t m = 0; m < problem->households[h].n; m++)
            sort_by_home(choices, problem->households[h].people[m]);
}

void choices_init(struct choices *choices, const struct model *model)
{
    const struct problem *problem = model->problem;
    *choices = (struct choices){.model = model, .longest = 1};
    number_owners(choices);
    choices->first_home = first_of_kind(model, MODEL_COLUMN_HOME);
    choices->first_couple = first_of_kind(model, MODEL_COLUMN_COUPLES);
    find_loads(choices);
    sort_members(choices);
    for (size_t h = 0; h < problem->n_households; h++)
        if (choices->longest < 2 * problem->households[h].n)
            choices->longest = 2 * problem->households[h].n;
}

void choices_clear(struct choices *choices)
{
    free(choices->person);
    free(choices->household);
    free(choices->first_home);
    free(choices->first_couple);
    free(choices->by_home);
    free(choices->load_column);
}

int choices_is_shared(enum model_row_kind kind)
{
    static const unsigned char is_inside[MODEL_ROW_KINDS] = {
        [MODEL_ROW_PERSON] = 1, [MODEL_ROW_HOUSEHOLD] = 1, [MODEL_ROW_MEMBER] = 1,
        [MODEL_ROW_LOAD] = 1,   [MODEL_ROW_WIVES] = 1,     [MODEL_ROW_HUSBANDS] = 1};
    return !is_inside[kind];
}

int choices_must_go(const struct choices *choices, uint32_t owner)
{
    const struct model *model = choices->model;
    uint32_t person = choices->person[owner], household = choices->household[owner];
    if (household == PROBLEM_NONE)
        return model->rows[person].lower == 1 &&
               model->problem->people[person].stay_pair == PROBLEM_NONE;
    uint32_t first = choices->first_home[household];
    return choices->first_home[household + 1] > first &&
           model->rows[model->entries[model->first[first]].row].lower == 1;
}

uint32_t choices_of_plan(const struct choices *choices, uint32_t owner, const uint32_t *chosen,
                         const int64_t *x, uint32_t *columns)
{
    const struct model *model = choices->model;
    const struct problem *problem = model->problem;
    uint32_t household = choices->household[owner], n = 0;
    size_t n_members = household == PROBLEM_NONE ? 1 : problem->households[household].n;
    for (size_t m = 0; m < n_members; m++) {
        uint32_t person = household == PROBLEM_NONE ? choices->person[owner]
                                                    : problem->households[household].people[m];
        uint32_t pair = chosen ? chosen[person] : problem->people[person].stay_pair;
        if (pair != PROBLEM_NONE)
            columns[n++] = model->column_of_pair[pair];
    }
    if (household == PROBLEM_NONE || !x)
        return n;
    for (uint32_t j = choices->first_couple[household]; j < choices->first_couple[household + 1];
         j++)
        for (int64_t times = 0; times < x[j]; times++)
            columns[n++] = j;
    return n;
}

/* -- sums over the shared rows -- */

void choices_sum_init(struct choices_sum *sum, const struct model *model)
{
    *sum = (struct choices_sum){0};
    sum->value = alloc_zero(model->most_rows, sizeof *sum->value);
    sum->is_touched = alloc_zero(model->most_rows, 1);
}

void choices_sum_clear(struct choices_sum *sum)
{
    free(sum->value);
    free(sum->rows);
    free(sum->is_touched);
}

void choices_sum_reset(struct choices_sum *sum)
{
    for (size_t r = 0; r < sum->n; r++) {
        sum->value[sum->rows[r]] = 0;
        sum->is_touched[sum->rows[r]] = 0;
    }
    sum->n = 0;
}

void choices_sum_row(struct choices_sum *sum, uint32_t row, int64_t value)
{
    if (!sum->is_touched[row]) {
        ALLOC_GROW(sum->rows, sum->n, sum->room);
        sum->rows[sum->n++] = row;
        sum->is_touched[row] = 1;
    }
    sum->value[row] += value;
}

static void sum_column(const struct choices *choices, uint32_t column, int64_t factor,
                       struct choices_sum *sum)
{
    const struct model *model = choices->model;
    for (size_t e = model->first[column]; e < model->first[column + 1]; e++) {
        const struct model_entry *entry = &model->entries[e];
        enum model_row_kind kind = model->rows[entry->row].kind;
        if (kind == MODEL_ROW_LOAD && model->columns[column].kind != MODEL_COLUMN_LOAD)
            sum_column(choices, choices->load_column[entry->row], factor, sum);
        else if (choices_is_shared(kind))
            choices_sum_row(sum, entry->row, factor * entry->value);
    }
    for (uint32_t k = 0; k < model->n_stages; k++)
        if (model->stage_gain[k][column])
            choices_sum_row(sum, model->stage_row[k], factor * model->stage_gain[k][column]);
}

void choices_sum_add(const struct choices *choices, const uint32_t *columns, uint32_t n,
                     int64_t factor, struct choices_sum *sum)
{
    for (uint32_t c = 0; c < n; c++)
        sum_column(choices, columns[c], factor, sum);
}

/* -- prices -- */

void choices_price_loads(const struct choices *choices, double *price)
{
    const struct model *model = choices->model;
    for (uint32_t i = 0; i < model->n_rows; i++) {
        if (model->rows[i].kind != MODEL_ROW_LOAD)
            continue;
        uint32_t j = choices->load_column[i];
        price[i] = 0;
        for (size_t e = model->first[j]; e < model->first[j + 1]; e++)
            if (model->entries[e].row != i)
                price[i] += price[model->entries[e].row] * (double)model->entries[e].value;
    }
}

double choices_worth(const struct choices *choices, const struct choices_prices *prices,
                     uint32_t column)
{
    const struct model *model = choices->model;
    double worth = (double)prices->gain[column];
    for (size_t e = model->first[column]; e < model->first[column + 1]; e++) {
        const struct model_entry *entry = &model->entries[e];
        enum model_row_kind kind = model->rows[entry->row].kind;
        if (kind == MODEL_ROW_LOAD || choices_is_shared(kind))
            worth -= prices->price[entry->row] * (double)entry->value;
    }
    for (uint32_t k = 0; k < model->n_stages; k++)
        worth -= prices->price[model->stage_row[k]] * (double)model->stage_gain[k][column];
    return worth;
}

/* -- alternatives -- */

struct walk { /* over the alternatives of one owner */
    const struct choices *choices;
    const struct choices_prices *prices;
    choices_see *see;
    void *context;
};

static uint32_t column_of(const struct walk *walk, uint32_t pair)
{
    uint32_t column =
        pair == PROBLEM_NONE ? MODEL_NONE : walk->choices->model->column_of_pair[pair];
    return column != MODEL_NONE && walk->prices->alive[column] ? column : MODEL_NONE;
}

static void walk_person(const struct walk *walk, uint32_t owner)
{
    const struct problem_person *at =
        &walk->choices->model->problem->people[walk->choices->person[owner]];
    if (at->stay_pair == PROBLEM_NONE && !choices_must_go(walk->choices, owner))
        walk->see(walk->context, NULL, 0, 0);
    for (uint32_t pair = at->first_pair; pair < at->first_pair + at->n_pairs; pair++) {
        uint32_t column = column_of(walk, pair);
        if (column != MODEL_NONE)
            walk->see(walk->context, &column, 1,
                      choices_worth(walk->choices, walk->prices, column));
    }
}

static uint32_t home_at(const struct choices *choices, uint32_t place)
{
    const struct model *model = choices->model;
    return model->home_of_part[model->problem->pairs[choices->by_home[place]].part];
}

/* The first place in by_home where a member's pairs are of that home. */
static uint32_t first_in_home(const struct choices *choices, const struct problem_person *at,
                              uint32_t home)
{
    uint32_t low = at->first_pair, high = at->first_pair + at->n_pairs;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (home_at(choices, middle) < home)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The pair of a member that is worth most in a home (in one pool of it, when `pool` is given);
 * MODEL_NONE = there is none. Who lives there stays. */
static uint32_t best_column(const struct walk *walk, uint32_t person, uint32_t home, uint32_t pool,
                            double *worth)
{
    const struct model *model = walk->choices->model;
    const struct problem_person *at = &model->problem->people[person];
    uint32_t best = MODEL_NONE, end = at->first_pair + at->n_pairs;
    uint32_t k = first_in_home(walk->choices, at, home);
    for (; k < end && home_at(walk->choices, k) == home; k++) {
        uint32_t pair = walk->choices->by_home[k];
        uint32_t part = model->problem->pairs[pair].part, column = column_of(walk, pair);
        if (column == MODEL_NONE ||
            (pool != PROBLEM_NONE &&
             (model->problem->parts[part].pool_index != pool || pair == at->stay_pair)))
            continue;
        double here = choices_worth(walk->choices, walk->prices, column);
        if (best == MODEL_NONE || here > *worth) {
            best = column;
            *worth = here;
        }
    }
    return best;
}

static void walk_rest(const struct walk *walk, const struct problem_household *household,
                      uint32_t *columns)
{
    uint32_t n = 0;
    double worth = 0;
    for (size_t m = 0; m < household->n; m++) {
        uint32_t stay = walk->choices->model->problem->people[household->people[m]].stay_pair;
        if (stay == PROBLEM_NONE)
            continue;
        columns[n] = walk->choices->model->column_of_pair[stay];
        worth += choices_worth(walk->choices, walk->prices, columns[n++]);
    }
    walk->see(walk->context, columns, n, worth);
}

/* The same with one woman and one man in a room of two of this pool, whoever of them is worth most
 * there. */
static void walk_couple(const struct walk *walk, const struct problem_household *household,
                        uint32_t home, uint32_t couple, uint32_t *columns)
{
    const struct problem *problem = walk->choices->model->problem;
    uint32_t pool = problem->rooms[walk->choices->model->columns[couple].a].pool_index;
    uint32_t n = 0, of_sex[SEX_COUNT];
    double worth = choices_worth(walk->choices, walk->prices, couple), most[SEX_COUNT] = {0};
    memset(of_sex, 0xff, sizeof of_sex);
    for (size_t m = 0; m < household->n; m++) {
        double there = 0, anywhere = 0;
        uint32_t person = household->people[m];
        enum sex sex = problem->people[person].applicant->sex;
        uint32_t one = best_column(walk, person, home, PROBLEM_NONE, &anywhere);
        uint32_t shared = best_column(walk, person, home, pool, &there);
        columns[n++] = one;
        worth += anywhere;
        if (shared == MODEL_NONE || (of_sex[sex] != PROBLEM_NONE && there - anywhere <= most[sex]))
            continue;
        of_sex[sex] = n - 1;
        most[sex] = there - anywhere;
    }
    if (of_sex[SEX_FEMALE] == PROBLEM_NONE || of_sex[SEX_MALE] == PROBLEM_NONE)
        return;
    for (enum sex sex = SEX_NONE; sex < SEX_COUNT; sex++) {
        double unused;
        if (sex == SEX_NONE)
            continue;
        columns[of_sex[sex]] =
            best_column(walk, household->people[of_sex[sex]], home, pool, &unused);
        worth += most[sex];
    }
    columns[n++] = couple;
    walk->see(walk->context, columns, n, worth);
}

static void walk_household(const struct walk *walk, uint32_t owner)
{
    const struct model *model = walk->choices->model;
    uint32_t h = walk->choices->household[owner];
    const struct problem_household *household = &model->problem->households[h];
    uint32_t *columns = alloc_zero(walk->choices->longest, sizeof *columns);
    if (!choices_must_go(walk->choices, owner))
        walk_rest(walk, household, columns);
    for (uint32_t j = walk->choices->first_home[h]; j < walk->choices->first_home[h + 1]; j++) {
        uint32_t home = model->columns[j].b, n = 0;
        double worth = 0, one = 0;
        for (; n < household->n && walk->prices->alive[j]; n++, worth += one) {
            columns[n] = best_column(walk, household->people[n], home, PROBLEM_NONE, &one);
            if (columns[n] == MODEL_NONE)
                break;
        }
        if (n < household->n)
            continue;
        walk->see(walk->context, columns, n, worth);
        for (uint32_t c = walk->choices->first_couple[h]; c < walk->choices->first_couple[h + 1];
             c++) {
            uint32_t pool = model->problem->rooms[model->columns[c].a].pool_index;
            uint32_t part = model->problem->pool_first_part[pool];
            if (walk->prices->alive[c] && model->home_of_part[part] == home)
                walk_couple(walk, household, home, c, columns);
        }
    }
    free(columns);
}

void choices_each(const struct choices *choices, uint32_t owner,
                  const struct choices_prices *prices, choices_see *see, void *context)
{
    struct walk walk = {choices, prices, see, context};
    if (choices->household[owner] == PROBLEM_NONE)
        walk_person(&walk, owner);
    else
        walk_household(&walk, owner);
}

/* -- prices of the whole model -- */

static void price_couples(const struct choices *choices, const struct choices_prices *prices,
                          double *price)
{
    const struct model *model = choices->model;
    for (uint32_t j = model->n_pair_columns; j < model->n_columns; j++) {
        if (model->columns[j].kind != MODEL_COLUMN_COUPLES || !prices->alive[j])
            continue;
        double worth = choices_worth(choices, prices, j);
        for (size_t e = model->first[j]; e < model->first[j + 1]; e++) {
            enum model_row_kind kind = model->rows[model->entries[e].row].kind;
            if (kind == MODEL_ROW_WIVES || kind == MODEL_ROW_HUSBANDS)
                price[model->entries[e].row] = worth > 0 ? worth / 2 : 0;
        }
    }
}

/* Worth of a pair with what its spouse row pays; *member = its member row or MODEL_NONE. */
static double full_worth(const struct choices *choices, const struct choices_prices *prices,
                         uint32_t column, uint32_t *member)
{
    const struct model *model = choices->model;
    double worth = choices_worth(choices, prices, column);
    *member = MODEL_NONE;
    for (size_t e = model->first[column]; e < model->first[column + 1]; e++) {
        const struct model_entry *entry = &model->entries[e];
        enum model_row_kind kind = model->rows[entry->row].kind;
        if (kind == MODEL_ROW_MEMBER)
            *member = entry->row;
        else if (kind == MODEL_ROW_WIVES || kind == MODEL_ROW_HUSBANDS)
            worth -= prices->price[entry->row] * (double)entry->value;
    }
    return worth;
}

void choices_price_members(const struct choices *choices, const struct choices_prices *prices,
                           double *price)
{
    const struct model *model = choices->model;
    const struct problem *problem = model->problem;
    unsigned char *is_set = alloc_zero((size_t)model->n_rows + 1, 1);
    price_couples(choices, prices, price);
    for (uint32_t j = 0; j < model->n_pair_columns; j++) {
        uint32_t member, unused;
        uint32_t person = problem->pairs[model->columns[j].a].person;
        uint32_t stay = problem->people[person].stay_pair;
        if (problem->people[person].household == PROBLEM_NONE || !prices->alive[j])
            continue;
        double worth = full_worth(choices, prices, j, &member);
        if (member == MODEL_NONE)
            continue;
        if (stay != PROBLEM_NONE)
            worth -= full_worth(choices, prices, model->column_of_pair[stay], &unused);
        if (!is_set[member] || worth > price[member])
            price[member] = worth;
        is_set[member] = 1;
    }
    free(is_set);
}
