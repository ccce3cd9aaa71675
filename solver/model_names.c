/* model_names.c - what rows and columns of a model are called, short and in words. */
#include "solver/model.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const row_word[MODEL_ROW_KINDS] = {
    [MODEL_ROW_PERSON] = "person",     [MODEL_ROW_PART] = "part",
    [MODEL_ROW_HOUSEHOLD] = "house",   [MODEL_ROW_MEMBER] = "member",
    [MODEL_ROW_STAFF] = "staff",       [MODEL_ROW_LOAD] = "load",
    [MODEL_ROW_ROUNDED] = "rounded",   [MODEL_ROW_UNSTATED] = "anysex",
    [MODEL_ROW_WOMEN] = "women",       [MODEL_ROW_MEN] = "men",
    [MODEL_ROW_GROUP] = "rooms",       [MODEL_ROW_WIVES] = "wives",
    [MODEL_ROW_HUSBANDS] = "husbands", [MODEL_ROW_CUT] = "cut",
    [MODEL_ROW_STAGE] = "stage"};

static const char *const column_word[MODEL_COLUMN_KINDS] = {
    [MODEL_COLUMN_PAIR] = "x",  [MODEL_COLUMN_HOME] = "z", [MODEL_COLUMN_LOAD] = "n",
    [MODEL_COLUMN_WOMEN] = "f", [MODEL_COLUMN_MEN] = "g",  [MODEL_COLUMN_COUPLES] = "d"};

/* The number of a row or column is part of its name, so names are unique whatever the kinds. */
void model_row_name(const struct model *model, uint32_t row, char name[MODEL_NAME])
{
    snprintf(name, MODEL_NAME, "%s%" PRIu32, row_word[model->rows[row].kind], row);
}

void model_column_name(const struct model *model, uint32_t column, char name[MODEL_NAME])
{
    snprintf(name, MODEL_NAME, "%s%" PRIu32, column_word[model->columns[column].kind], column);
}

static const char *person_id(const struct model *model, uint32_t person)
{
    return model->problem->people[person].applicant->record.id;
}

static const char *rooms_pool(const struct model *model, uint32_t rooms)
{
    uint32_t pool = model->problem->rooms[rooms].pool_index;
    return model->problem->parts[model->problem->pool_first_part[pool]].pool->record.id;
}

static void part_meaning(const struct model *model, uint32_t part, char text[MODEL_MEANING])
{
    const struct problem_part *at = &model->problem->parts[part];
    if (at->reserve[0])
        snprintf(text, MODEL_MEANING, "pool %s, beds reserved for %s", at->pool->record.id,
                 at->reserve);
    else
        snprintf(text, MODEL_MEANING, "pool %s, open beds", at->pool->record.id);
}

static void say_person(const struct model *model, const struct model_row *row, char *text)
{
    snprintf(text, MODEL_MEANING, "applicant %s: at most one bed", person_id(model, row->a));
}

static void say_part(const struct model *model, const struct model_row *row, char *text)
{
    part_meaning(model, row->a, text);
}

static void say_household(const struct model *model, const struct model_row *row, char *text)
{
    snprintf(text, MODEL_MEANING, "household %s: at most one institution",
             model->problem->households[row->a].id);
}

static void say_member(const struct model *model, const struct model_row *row, char *text)
{
    snprintf(text, MODEL_MEANING, "applicant %s: in institution %s exactly if the household is",
             person_id(model, row->a), model->homes[row->b]->record.id);
}

static void say_staff(const struct model *model, const struct model_row *row, char *text)
{
    snprintf(text, MODEL_MEANING, "institution %s: nursing minutes a day",
             model->problem->staff[row->a].institution->record.id);
}

static void say_load(const struct model *model, const struct model_row *row, char *text)
{
    snprintf(text, MODEL_MEANING, "institution %s: people with %" PRIu32 " minutes",
             model->problem->staff[row->a].institution->record.id, row->b);
}

static void say_rounded(const struct model *model, const struct model_row *row, char *text)
{
    snprintf(text, MODEL_MEANING, "institution %s: nursing minutes, a multiple rounded down",
             model->problem->staff[row->a].institution->record.id);
}

static void say_unstated(const struct model *model, const struct model_row *row, char *text)
{
    snprintf(text, MODEL_MEANING, "pool %s: people of unstated sex", rooms_pool(model, row->a));
}

static void say_women(const struct model *model, const struct model_row *row, char *text)
{
    snprintf(text, MODEL_MEANING, "pool %s: women", rooms_pool(model, row->a));
}

static void say_men(const struct model *model, const struct model_row *row, char *text)
{
    snprintf(text, MODEL_MEANING, "pool %s: men", rooms_pool(model, row->a));
}

static void say_group(const struct model *model, const struct model_row *row, char *text)
{
    snprintf(text, MODEL_MEANING, "pool %s: rooms of %" PRId64, rooms_pool(model, row->a),
             model->problem->rooms[row->a].groups[row->b].beds);
}

static void say_couples(const struct model *model, const struct model_row *row, char *text)
{
    snprintf(text, MODEL_MEANING, "pool %s, household %s: couples are as many as %s who come",
             rooms_pool(model, row->a), model->problem->households[row->b].id,
             row->kind == MODEL_ROW_WIVES ? "women" : "men");
}

static void say_cut(const struct model *model, const struct model_row *row, char *text)
{
    char base[MODEL_NAME];
    model_row_name(model, row->a, base);
    snprintf(text, MODEL_MEANING, "follows from row %s for whole numbers", base);
}

static void say_stage(const struct model *model, const struct model_row *row, char *text)
{
    snprintf(text, MODEL_MEANING, "objective %s keeps its value",
             words_name(&words_objective, model->problem->objectives[row->a]));
}

static void (*const row_says[MODEL_ROW_KINDS])(const struct model *, const struct model_row *,
                                               char *) = {
    [MODEL_ROW_PERSON] = say_person,       [MODEL_ROW_PART] = say_part,
    [MODEL_ROW_HOUSEHOLD] = say_household, [MODEL_ROW_MEMBER] = say_member,
    [MODEL_ROW_STAFF] = say_staff,         [MODEL_ROW_LOAD] = say_load,
    [MODEL_ROW_ROUNDED] = say_rounded,     [MODEL_ROW_UNSTATED] = say_unstated,
    [MODEL_ROW_WOMEN] = say_women,         [MODEL_ROW_MEN] = say_men,
    [MODEL_ROW_GROUP] = say_group,         [MODEL_ROW_WIVES] = say_couples,
    [MODEL_ROW_HUSBANDS] = say_couples,    [MODEL_ROW_CUT] = say_cut,
    [MODEL_ROW_STAGE] = say_stage};

void model_row_meaning(const struct model *model, uint32_t row, char text[MODEL_MEANING])
{
    row_says[model->rows[row].kind](model, &model->rows[row], text);
}

static void pair_meaning(const struct model *model, uint32_t pair, char text[MODEL_MEANING])
{
    const struct problem_pair *at = &model->problem->pairs[pair];
    char part[MODEL_MEANING];
    part_meaning(model, at->part, part);
    snprintf(text, MODEL_MEANING, "applicant %s %s %.150s", person_id(model, at->person),
             problem_is_stay(model->problem, pair) ? "stays in" : "comes to", part);
}

void model_column_meaning(const struct model *model, uint32_t column, char text[MODEL_MEANING])
{
    const struct model_column *at = &model->columns[column];
    if (at->kind == MODEL_COLUMN_PAIR)
        pair_meaning(model, at->a, text);
    else if (at->kind == MODEL_COLUMN_HOME)
        snprintf(text, MODEL_MEANING, "household %s goes to institution %s",
                 model->problem->households[at->a].id, model->homes[at->b]->record.id);
    else if (at->kind == MODEL_COLUMN_LOAD)
        snprintf(text, MODEL_MEANING, "institution %s: how many with %" PRIu32 " minutes",
                 model->problem->staff[at->a].institution->record.id, at->b);
    else if (at->kind == MODEL_COLUMN_COUPLES)
        snprintf(text, MODEL_MEANING, "pool %s: rooms of two that household %s shares",
                 rooms_pool(model, at->a), model->problem->households[at->b].id);
    else
        snprintf(text, MODEL_MEANING, "pool %s: rooms of %" PRId64 " for %s",
                 rooms_pool(model, at->a), model->problem->rooms[at->a].groups[at->b].beds,
                 at->kind == MODEL_COLUMN_WOMEN ? "women" : "men");
}
