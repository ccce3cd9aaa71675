/* model.c - see model.h. Rows are made first, so that each column can be written with all its
 * entries. */
#include "solver/model.h"

#include "models/alloc.h"
#include "solver/model_staff.h"

#include <stdlib.h>
#include <string.h>

enum { CUTS_FEW = 200, CUTS_MOST = 16 }; /* per staff row, pool with rooms and household */

struct option { /* a home that a whole household can go to */
    uint32_t home;
    uint32_t row;   /* its household's row */
    size_t members; /* place of the rows of its members in builder.member_rows */
};

struct couple { /* a pool where a woman and a man of one household may share a room of two */
    uint32_t rooms, household;
    uint32_t wives, husbands; /* rows */
};

/* What is only needed while the model is made. */
struct builder {
    const struct problem *problem;
    struct model *model;
    struct model_staff *staff;
    uint32_t *staff_of;  /* by home */
    uint32_t *staff_row; /* by staff row: the first of its rows (staff, loads, rounded) */
    uint32_t *rooms_of;  /* by pool */
    uint32_t *rooms_row; /* by rooms: the first of its rows (unstated, women, men, groups) */
    struct option *options;
    size_t n_options, options_room;
    size_t *first_option; /* by household */
    uint32_t *member_rows;
    size_t n_member_rows, member_rows_room;
    struct couple *couples;
    size_t n_couples, couples_room;
    size_t *first_couple; /* by household */
};

/* -- small parts -- */

static uint32_t add_row(struct model *model, enum model_row_kind kind, uint32_t a, uint32_t b,
                        int64_t lower, int64_t upper)
{
    ALLOC_GROW(model->rows, model->n_rows, model->rows_room);
    model->rows[model->n_rows] = (struct model_row){kind, a, b, lower, upper};
    return model->n_rows++;
}

static void add_column(struct model *model, enum model_column_kind kind, uint32_t a, uint32_t b,
                       int64_t upper)
{
    if (model->n_columns == model->columns_room) {
        model->columns_room = model->columns_room ? model->columns_room * 2 : 64;
        model->columns = alloc_resize(model->columns, model->columns_room, sizeof *model->columns);
        model->first =
            alloc_resize(model->first, (size_t)model->columns_room + 1, sizeof *model->first);
    }
    model->columns[model->n_columns] = (struct model_column){kind, a, b, 0, upper};
    model->first[model->n_columns++] = model->n_entries;
    model->first[model->n_columns] = model->n_entries;
}

/* To the column added last. */
static void add_entry(struct model *model, uint32_t row, int64_t value)
{
    if (value == 0)
        return;
    ALLOC_GROW(model->entries, model->n_entries, model->entries_room);
    model->entries[model->n_entries++] = (struct model_entry){row, value};
    model->first[model->n_columns] = model->n_entries;
}

static uint32_t home_of(const struct builder *builder, uint32_t pair)
{
    return builder->model->home_of_part[builder->problem->pairs[pair].part];
}

static uint32_t rooms_at(const struct builder *builder, uint32_t pair)
{
    const struct problem *problem = builder->problem;
    return builder->rooms_of[problem->parts[problem->pairs[pair].part].pool_index];
}

/* -- homes -- */

static int home_order(const void *a, const void *b)
{
    const struct institution *const *one = a, *const *two = b;
    return strcmp((*one)->record.id, (*two)->record.id);
}

static uint32_t find_home(const struct model *model, const struct institution *home)
{
    const struct institution **found =
        bsearch(&home, model->homes, model->n_homes, sizeof *model->homes, home_order);
    return (uint32_t)(found - model->homes);
}

static void number_homes(struct model *model)
{
    const struct problem *problem = model->problem;
    model->homes = alloc_zero(problem->n_parts, sizeof *model->homes);
    model->home_of_part = alloc_zero(problem->n_parts, sizeof *model->home_of_part);
    for (uint32_t part = 0; part < problem->n_parts; part++)
        model->homes[part] = problem->parts[part].institution;
    qsort(model->homes, problem->n_parts, sizeof *model->homes, home_order);
    for (uint32_t part = 0; part < problem->n_parts; part++)
        if (model->n_homes == 0 || model->homes[part] != model->homes[model->n_homes - 1])
            model->homes[model->n_homes++] = model->homes[part];
    for (uint32_t part = 0; part < problem->n_parts; part++)
        model->home_of_part[part] = find_home(model, problem->parts[part].institution);
}

/* -- households -- */

/* By home: how many of the first members have a pair there, up to the first who has none. */
static void count_members(const struct builder *builder, const struct problem_household *household,
                          size_t *members)
{
    memset(members, 0, builder->model->n_homes * sizeof *members);
    for (size_t m = 0; m < household->n; m++) {
        const struct problem_person *at = &builder->problem->people[household->people[m]];
        for (uint32_t pair = at->first_pair; pair < at->first_pair + at->n_pairs; pair++)
            if (members[home_of(builder, pair)] == m)
                members[home_of(builder, pair)] = m + 1;
    }
}

static int lives_in(const struct builder *builder, uint32_t person, uint32_t home)
{
    uint32_t stay = builder->problem->people[person].stay_pair;
    return stay != PROBLEM_NONE && home_of(builder, stay) == home;
}

static void add_option(struct builder *builder, const struct problem_household *household,
                       uint32_t home, uint32_t row)
{
    ALLOC_GROW(builder->options, builder->n_options, builder->options_room);
    builder->options[builder->n_options++] =
        (struct option){.home = home, .row = row, .members = builder->n_member_rows};
    for (size_t m = 0; m < household->n; m++) {
        uint32_t member_row =
            lives_in(builder, household->people[m], home)
                ? MODEL_NONE
                : add_row(builder->model, MODEL_ROW_MEMBER, household->people[m], home, 0, 0);
        ALLOC_GROW(builder->member_rows, builder->n_member_rows, builder->member_rows_room);
        builder->member_rows[builder->n_member_rows++] = member_row;
    }
}

static int all_live_in(const struct builder *builder, const struct problem_household *household,
                       uint32_t home)
{
    size_t m = 0;
    while (m < household->n && lives_in(builder, household->people[m], home))
        m++;
    return m == household->n;
}

/* The homes where everybody can be, if it would not be the same as everybody staying. */
static void add_options(struct builder *builder, const struct problem_household *household,
                        uint32_t row, size_t *members)
{
    count_members(builder, household, members);
    for (uint32_t home = 0; home < builder->model->n_homes; home++)
        if (members[home] == household->n && !all_live_in(builder, household, home))
            add_option(builder, household, home, row);
}

static void add_household_rows(struct builder *builder)
{
    const struct problem *problem = builder->problem;
    uint32_t row = builder->model->n_rows;
    for (uint32_t h = 0; h < problem->n_households; h++)
        add_row(builder->model, MODEL_ROW_HOUSEHOLD, h, 0, MODEL_NO_LOWER, 1);
    builder->first_option = alloc_zero(problem->n_households + 1, sizeof *builder->first_option);
    size_t *members = alloc_zero((size_t)builder->model->n_homes + 1, sizeof *members);
    for (uint32_t h = 0; h < problem->n_households; h++) {
        add_options(builder, &problem->households[h], row + h, members);
        builder->first_option[h + 1] = builder->n_options;
    }
    free(members);
}

static int option_order(const void *a, const void *b)
{
    uint32_t one = ((const struct option *)a)->home, two = ((const struct option *)b)->home;
    return one < two ? -1 : one > two;
}

static const struct option *find_option(const struct builder *builder, uint32_t household,
                                        uint32_t home)
{
    const struct option key = {.home = home};
    size_t first = builder->first_option[household];
    size_t n = builder->first_option[household + 1] - first;
    return n ? bsearch(&key, &builder->options[first], n, sizeof key, option_order) : NULL;
}

static size_t place_in_household(const struct problem *problem, uint32_t person)
{
    const struct problem_household *household =
        &problem->households[problem->people[person].household];
    size_t place = 0;
    while (household->people[place] != person)
        place++;
    return place;
}

/* 0 = a household rule forbids the pair; else *row is its member row, or MODEL_NONE. */
static int member_row(const struct builder *builder, uint32_t pair, uint32_t *row)
{
    const struct problem *problem = builder->problem;
    uint32_t person = problem->pairs[pair].person, household = problem->people[person].household;
    *row = MODEL_NONE;
    if (household == PROBLEM_NONE || problem_is_stay(problem, pair))
        return 1;
    const struct option *option = find_option(builder, household, home_of(builder, pair));
    if (!option)
        return 0;
    *row = builder->member_rows[option->members + place_in_household(problem, person)];
    return *row != MODEL_NONE;
}

/* -- staff -- */

static void add_staff_rows(struct builder *builder)
{
    const struct problem *problem = builder->problem;
    struct model *model = builder->model;
    builder->staff = model_staff_new(problem);
    builder->staff_of = alloc_zero(model->n_homes, sizeof *builder->staff_of);
    builder->staff_row = alloc_zero(problem->n_staff, sizeof *builder->staff_row);
    memset(builder->staff_of, 0xff, model->n_homes * sizeof *builder->staff_of);
    for (uint32_t s = 0; s < problem->n_staff; s++) {
        const struct model_staff *shape = &builder->staff[s];
        builder->staff_of[find_home(model, problem->staff[s].institution)] = s;
        builder->staff_row[s] = add_row(model, MODEL_ROW_STAFF, s, 0, MODEL_NO_LOWER, shape->limit);
        for (size_t c = 0; c < shape->n; c++)
            add_row(model, MODEL_ROW_LOAD, s, (uint32_t)(shape->size[c] * shape->unit), 0, 0);
        for (size_t k = 0; k < shape->n_cuts; k++)
            add_row(model, MODEL_ROW_ROUNDED, s, 0, MODEL_NO_LOWER, shape->cuts[k].limit);
    }
}

static void add_load_columns(struct builder *builder)
{
    struct model *model = builder->model;
    for (uint32_t s = 0; s < builder->problem->n_staff; s++) {
        const struct model_staff *shape = &builder->staff[s];
        uint32_t row = builder->staff_row[s], rounded = row + 1 + (uint32_t)shape->n;
        for (uint32_t c = 0; c < shape->n; c++) {
            int64_t most = shape->limit / shape->size[c];
            add_column(model, MODEL_COLUMN_LOAD, s, model->rows[row + 1 + c].b,
                       most < shape->people[c] ? most : shape->people[c]);
            add_entry(model, row, shape->size[c]);
            add_entry(model, row + 1 + c, -1);
            for (uint32_t k = 0; k < shape->n_cuts; k++)
                add_entry(model, rounded + k, shape->cuts[k].factor[c]);
        }
    }
}

/* -- rooms -- */

static void add_rooms_rows(struct builder *builder)
{
    const struct problem *problem = builder->problem;
    builder->rooms_of = alloc_zero(problem->n_pools, sizeof *builder->rooms_of);
    builder->rooms_row = alloc_zero(problem->n_rooms, sizeof *builder->rooms_row);
    memset(builder->rooms_of, 0xff, problem->n_pools * sizeof *builder->rooms_of);
    for (uint32_t r = 0; r < problem->n_rooms; r++) {
        const struct problem_rooms *rooms = &problem->rooms[r];
        int64_t any = rooms->free_beds + rooms->residents[SEX_NONE];
        builder->rooms_of[rooms->pool_index] = r;
        builder->rooms_row[r] =
            add_row(builder->model, MODEL_ROW_UNSTATED, r, 0, MODEL_NO_LOWER, any);
        add_row(builder->model, MODEL_ROW_WOMEN, r, 0, MODEL_NO_LOWER,
                any + rooms->residents[SEX_FEMALE]);
        add_row(builder->model, MODEL_ROW_MEN, r, 0, MODEL_NO_LOWER,
                any + rooms->residents[SEX_MALE]);
        for (uint32_t g = 0; g < rooms->n_groups; g++)
            add_row(builder->model, MODEL_ROW_GROUP, r, g, rooms->groups[g].rooms,
                    rooms->groups[g].rooms);
    }
}

static uint32_t group_of_two(const struct problem_rooms *rooms)
{
    uint32_t g = 0;
    while (g < rooms->n_groups && rooms->groups[g].beds != 2)
        g++;
    return g;
}

/* May somebody of that sex and household come to these rooms? */
static int could_come(const struct builder *builder, const struct problem_household *household,
                      enum sex sex, uint32_t rooms)
{
    const struct problem *problem = builder->problem;
    for (size_t m = 0; m < household->n; m++) {
        const struct problem_person *person = &problem->people[household->people[m]];
        if (person->applicant->sex != sex)
            continue;
        for (uint32_t i = 0, row; i < person->n_pairs; i++)
            if (rooms_at(builder, person->first_pair + i) == rooms &&
                !problem_is_stay(problem, person->first_pair + i) &&
                member_row(builder, person->first_pair + i, &row))
                return 1;
    }
    return 0;
}

static void add_couple_rows(struct builder *builder)
{
    const struct problem *problem = builder->problem;
    builder->first_couple = alloc_zero(problem->n_households + 1, sizeof *builder->first_couple);
    for (uint32_t h = 0; h < problem->n_households; h++) {
        for (uint32_t r = 0; r < problem->n_rooms; r++) {
            if (group_of_two(&problem->rooms[r]) == problem->rooms[r].n_groups ||
                !could_come(builder, &problem->households[h], SEX_FEMALE, r) ||
                !could_come(builder, &problem->households[h], SEX_MALE, r))
                continue;
            ALLOC_GROW(builder->couples, builder->n_couples, builder->couples_room);
            builder->couples[builder->n_couples++] = (struct couple){
                .rooms = r,
                .household = h,
                .wives = add_row(builder->model, MODEL_ROW_WIVES, r, h, MODEL_NO_LOWER, 0),
                .husbands = add_row(builder->model, MODEL_ROW_HUSBANDS, r, h, MODEL_NO_LOWER, 0)};
        }
        builder->first_couple[h + 1] = builder->n_couples;
    }
}

/* -- columns -- */

static void add_rooms_entries(struct builder *builder, uint32_t pair)
{
    static const unsigned char in_row[SEX_COUNT][3] = {/* unstated, women, men */
                                                       [SEX_NONE] = {1, 1, 1},
                                                       [SEX_FEMALE] = {0, 1, 0},
                                                       [SEX_MALE] = {0, 0, 1}};
    const struct problem *problem = builder->problem;
    const struct problem_person *person = &problem->people[problem->pairs[pair].person];
    uint32_t rooms = rooms_at(builder, pair);
    enum sex sex = person->applicant->sex;
    if (rooms == MODEL_NONE)
        return;
    for (uint32_t row = 0; row < 3; row++)
        add_entry(builder->model, builder->rooms_row[rooms] + row, in_row[sex][row]);
    if (person->household == PROBLEM_NONE || sex == SEX_NONE || problem_is_stay(problem, pair))
        return;
    for (size_t c = builder->first_couple[person->household];
         c < builder->first_couple[person->household + 1]; c++) {
        const struct couple *couple = &builder->couples[c];
        if (couple->rooms == rooms)
            add_entry(builder->model, sex == SEX_FEMALE ? couple->wives : couple->husbands, -1);
    }
}

static void add_load_entry(struct builder *builder, uint32_t person, uint32_t staff)
{
    const struct model_staff *shape = &builder->staff[staff];
    size_t c = model_staff_find(shape, builder->problem->people[person].care_minutes);
    if (c < shape->n)
        add_entry(builder->model, builder->staff_row[staff] + 1 + (uint32_t)c, 1);
}

static void add_pair_column(struct builder *builder, uint32_t pair, uint32_t row)
{
    struct model *model = builder->model;
    const struct problem *problem = builder->problem;
    const struct problem_pair *at = &problem->pairs[pair];
    uint32_t home = home_of(builder, pair);
    model->column_of_pair[pair] = model->n_columns;
    add_column(model, MODEL_COLUMN_PAIR, pair, 0, 1);
    add_entry(model, at->person, 1);
    add_entry(model, problem->n_people + at->part, 1);
    if (row != MODEL_NONE)
        add_entry(model, row, 1);
    if (builder->staff_of[home] != MODEL_NONE)
        add_load_entry(builder, at->person, builder->staff_of[home]);
    add_rooms_entries(builder, pair);
}

static void add_pair_columns(struct builder *builder)
{
    const struct problem *problem = builder->problem;
    struct model *model = builder->model;
    model->column_of_pair = alloc_zero(problem->n_pairs, sizeof *model->column_of_pair);
    for (uint32_t pair = 0; pair < problem->n_pairs; pair++) {
        uint32_t row;
        model->column_of_pair[pair] = MODEL_NONE;
        if (member_row(builder, pair, &row))
            add_pair_column(builder, pair, row);
    }
    model->n_pair_columns = model->n_columns;
}

static void add_home_column(struct builder *builder, uint32_t h, const struct option *option)
{
    const uint32_t *member_rows = &builder->member_rows[option->members];
    add_column(builder->model, MODEL_COLUMN_HOME, h, option->home, 1);
    add_entry(builder->model, option->row, 1);
    for (size_t m = 0; m < builder->problem->households[h].n; m++)
        if (member_rows[m] != MODEL_NONE)
            add_entry(builder->model, member_rows[m], -1);
}

static void add_home_columns(struct builder *builder)
{
    for (uint32_t h = 0; h < builder->problem->n_households; h++)
        for (size_t o = builder->first_option[h]; o < builder->first_option[h + 1]; o++)
            add_home_column(builder, h, &builder->options[o]);
}

static void add_rooms_columns(struct builder *builder)
{
    const struct problem *problem = builder->problem;
    struct model *model = builder->model;
    for (uint32_t r = 0; r < problem->n_rooms; r++)
        for (uint32_t g = 0; g < problem->rooms[r].n_groups; g++) {
            const struct room_group *group = &problem->rooms[r].groups[g];
            uint32_t row = builder->rooms_row[r];
            add_column(model, MODEL_COLUMN_WOMEN, r, g, group->rooms);
            add_entry(model, row + 1, -group->beds);
            add_entry(model, row + 3 + g, 1);
            add_column(model, MODEL_COLUMN_MEN, r, g, group->rooms);
            add_entry(model, row + 2, -group->beds);
            add_entry(model, row + 3 + g, 1);
        }
    for (size_t c = 0; c < builder->n_couples; c++) {
        const struct couple *couple = &builder->couples[c];
        const struct problem_rooms *rooms = &problem->rooms[couple->rooms];
        uint32_t two = group_of_two(rooms), row = builder->rooms_row[couple->rooms];
        add_column(model, MODEL_COLUMN_COUPLES, couple->rooms, couple->household,
                   rooms->groups[two].rooms);
        add_entry(model, row + 1, -1);
        add_entry(model, row + 2, -1);
        add_entry(model, row + 3 + two, 1);
        add_entry(model, couple->wives, 1);
        add_entry(model, couple->husbands, 1);
    }
}

static void add_network_rows(struct model *model)
{
    const struct problem *problem = model->problem;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        int is_resident = problem->people[i].stay_pair != PROBLEM_NONE;
        add_row(model, MODEL_ROW_PERSON, i, 0, is_resident ? 1 : MODEL_NO_LOWER, 1);
    }
    for (uint32_t part = 0; part < problem->n_parts; part++)
        add_row(model, MODEL_ROW_PART, part, 0, MODEL_NO_LOWER, problem->parts[part].capacity);
}

struct model *model_new(const struct problem *problem)
{
    struct model *model = alloc_zero(1, sizeof *model);
    struct builder builder = {.problem = problem, .model = model};
    model->problem = problem;
    model->first = alloc_zero(1, sizeof *model->first);
    number_homes(model);
    add_network_rows(model);
    add_household_rows(&builder);
    add_staff_rows(&builder);
    add_rooms_rows(&builder);
    add_couple_rows(&builder);
    add_pair_columns(&builder);
    add_home_columns(&builder);
    add_load_columns(&builder);
    add_rooms_columns(&builder);
    model->most_cuts = CUTS_FEW + CUTS_MOST * (uint32_t)(problem->n_staff + problem->n_rooms +
                                                         problem->n_households);
    model->most_rows = model->n_rows + model->most_cuts + OBJECTIVE_COUNT;
    model_staff_free(builder.staff, problem->n_staff);
    free(builder.staff_of);
    free(builder.staff_row);
    free(builder.rooms_of);
    free(builder.rooms_row);
    free(builder.options);
    free(builder.first_option);
    free(builder.member_rows);
    free(builder.couples);
    free(builder.first_couple);
    return model;
}

void model_free(struct model *model)
{
    if (!model)
        return;
    free(model->homes);
    free(model->home_of_part);
    free(model->rows);
    free(model->columns);
    free(model->column_of_pair);
    free(model->first);
    free(model->entries);
    free(model);
}

/* -- reading -- */

int64_t *model_gains(const struct model *model, size_t k)
{
    int64_t *gain = alloc_zero(model->n_columns, sizeof *gain);
    for (uint32_t j = 0; j < model->n_pair_columns; j++)
        gain[j] = problem_gain(model->problem, model->columns[j].a, k);
    return gain;
}

void model_keep(struct model *model, size_t k, const int64_t *gain, int64_t value)
{
    model->stage_gain[model->n_stages] = gain;
    model->stage_row[model->n_stages++] =
        add_row(model, MODEL_ROW_STAGE, (uint32_t)k, 0, value, value);
}

size_t model_column_entries(const struct model *model, uint32_t column, struct model_entry *entries)
{
    size_t n = model->first[column + 1] - model->first[column];
    memcpy(entries, model->entries + model->first[column], n * sizeof *entries);
    for (uint32_t k = 0; k < model->n_stages; k++)
        if (model->stage_gain[k][column])
            entries[n++] = (struct model_entry){model->stage_row[k], model->stage_gain[k][column]};
    return n;
}

size_t model_longest(const struct model *model)
{
    size_t longest = 0;
    for (uint32_t j = 0; j < model->n_columns; j++)
        if (longest < model->first[j + 1] - model->first[j])
            longest = model->first[j + 1] - model->first[j];
    return longest + OBJECTIVE_COUNT;
}
