/* coupled_proof.c - see coupled_proof.h. */
#include "solver/coupled_proof.h"

#include "models/alloc.h"

#include <stdio.h>
#include <stdlib.h>

static const bound_wide none_yet = (bound_wide)1 << 126;

static const struct {
    int is_one;
    enum sex sex;
} rooms_rows[MODEL_ROW_KINDS] = {[MODEL_ROW_UNSTATED] = {1, SEX_NONE},
                                 [MODEL_ROW_WOMEN] = {1, SEX_FEMALE},
                                 [MODEL_ROW_MEN] = {1, SEX_MALE}};

static void count_rows(const struct model *model, size_t *n_staff, size_t *n_rooms)
{
    for (uint32_t i = 0; i < model->n_rows; i++) {
        enum model_row_kind kind = model->rows[i].kind;
        *n_staff += kind == MODEL_ROW_LOAD;
        *n_rooms += rooms_rows[kind].is_one;
    }
}

static int64_t *add_staff(struct coupled_proof *proof, const struct problem *problem,
                          const struct model_row *row)
{
    struct certificate_staff *entry = &proof->staff[proof->n_staff++];
    snprintf(entry->institution_id, sizeof entry->institution_id, "%s",
             problem->staff[row->a].institution->record.id);
    entry->minutes = row->b;
    return entry->price;
}

static int64_t *add_rooms(struct coupled_proof *proof, const struct problem *problem,
                          const struct model_row *row)
{
    uint32_t part = problem->pool_first_part[problem->rooms[row->a].pool_index];
    struct certificate_rooms *entry = &proof->rooms[proof->n_rooms++];
    snprintf(entry->pool_id, sizeof entry->pool_id, "%s", problem->parts[part].pool->record.id);
    entry->sex = rooms_rows[row->kind].sex;
    return entry->price;
}

static int64_t *place_of(struct coupled_proof *proof, const struct problem *problem,
                         const struct model_row *row)
{
    if (row->kind == MODEL_ROW_PART)
        return &proof->part_price[row->a * proof->n_objectives];
    if (row->kind == MODEL_ROW_LOAD)
        return add_staff(proof, problem, row);
    return rooms_rows[row->kind].is_one ? add_rooms(proof, problem, row) : NULL;
}

void coupled_proof_init(struct coupled_proof *proof, const struct model *model)
{
    const struct problem *problem = model->problem;
    size_t n_staff = 0, n_rooms = 0;
    *proof = (struct coupled_proof){.n_objectives = problem->n_objectives};
    count_rows(model, &n_staff, &n_rooms);
    proof->part_price =
        alloc_zero((size_t)problem->n_parts * proof->n_objectives, sizeof *proof->part_price);
    proof->staff = alloc_zero(n_staff, sizeof *proof->staff);
    proof->rooms = alloc_zero(n_rooms, sizeof *proof->rooms);
    proof->kept = alloc_zero(proof->n_objectives, sizeof *proof->kept);
    for (size_t k = 0; k < proof->n_objectives; k++)
        proof->kept[proof->n_kept++].objective = problem->objectives[k];
    proof->place = alloc_zero(model->most_rows, sizeof *proof->place);
    unsigned char *is_used = alloc_zero((size_t)model->n_rows + 1, 1);
    for (size_t e = 0; e < model->first[model->n_pair_columns]; e++)
        is_used[model->entries[e].row] = 1;
    for (uint32_t i = 0; i < model->n_rows; i++)
        if (is_used[i] || model->rows[i].kind != MODEL_ROW_LOAD) /* else nobody could come */
            proof->place[i] = place_of(proof, problem, &model->rows[i]);
    free(is_used);
}

void coupled_proof_clear(struct coupled_proof *proof)
{
    if (proof->offered)
        coupled_proof_clear(proof->offered);
    free(proof->offered);
    for (size_t k = 0; k < proof->n_objectives; k++)
        descent_offers_clear(&proof->offers[k]);
    free(proof->part_price);
    free(proof->staff);
    free(proof->rooms);
    free(proof->kept);
    free(proof->place);
    *proof = (struct coupled_proof){0};
}

void coupled_proof_begin(struct coupled_proof *proof, size_t objective)
{
    proof->objective = objective;
    proof->total = none_yet;
}

void coupled_proof_see(struct coupled_proof *proof, const struct model *model,
                       const struct bound *bound)
{
    if (bound->total >= proof->total)
        return;
    proof->total = bound->total;
    for (uint32_t k = 0; k < model->n_stages; k++) {
        uint32_t row = model->stage_row[k];
        proof->place[row] = proof->kept[model->rows[row].a].price;
    }
    for (uint32_t i = 0; i < model->n_rows; i++) {
        int64_t price = bound->price[i];
        if (proof->place[i])
            proof->place[i][proof->objective] =
                price < CERTIFICATE_PRICE_MOST && price > -CERTIFICATE_PRICE_MOST ? price : 0;
    }
}

void coupled_proof_offer(struct coupled_proof *proof, const struct model *model,
                         struct descent_offers *offers)
{
    size_t k = proof->objective;
    if (!proof->offered) {
        proof->offered = alloc_zero(1, sizeof *proof->offered);
        coupled_proof_init(proof->offered, model);
    }
    descent_offers_clear(&proof->offers[k]);
    proof->offers[k] = *offers;
    proof->n_offered = k + 1;
    *offers = (struct descent_offers){0};
    for (size_t before = 0; before < k; before++)
        proof->offered->kept[before].price[k] = proof->offers[k].kept[before];
    for (uint32_t i = 0; i < model->n_rows; i++)
        if (proof->offered->place[i])
            proof->offered->place[i][k] = proof->offers[k].price[i];
}
