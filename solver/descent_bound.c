/* descent_bound.c - what prices of a descent prove, in whole numbers. */
#include "solver/descent_inside.h"

#include "models/alloc.h"

#include <stdlib.h>

static const int64_t NOWHERE = -(INT64_C(1) << 61);
static const double price_most = 0x1p46; /* in 1/2^20 */
static const int64_t gain_most = INT64_C(1) << 26;

struct proof {
    const struct descent *descent;
    const int64_t *gain;
    const unsigned char *alive;
    int64_t *price, *slot_price; /* in 1/2^20 */
    int is_too_large;
};

/* Rows that may be left slack cost nothing below 0. */
static void set_prices(struct proof *proof)
{
    const struct descent *descent = proof->descent;
    for (uint32_t i = 0; i < descent->n_rows; i++) {
        double scaled = rint(descent->best[i] * (double)(1 << BOUND_SHIFT));
        if (!(fabs(scaled) < price_most) || (scaled < 0 && !descent->is_free[i]))
            scaled = 0;
        proof->price[i] = (int64_t)scaled;
    }
    for (uint32_t s = 0; s < descent->n_slots; s++)
        for (uint32_t e = descent->first_entry[s]; e < descent->first_entry[s + 1]; e++)
            proof->slot_price[s] +=
                proof->price[descent->entries[e].row] * (int64_t)descent->entries[e].times;
}

static int64_t worth_of(const struct proof *proof, uint32_t column, uint32_t slot)
{
    int64_t gain = column == MODEL_NONE ? 0 : proof->gain[column] * (1 << BOUND_SHIFT);
    return gain - proof->slot_price[slot];
}

/* NOWHERE = a member has no item. */
static int64_t worth_of_option(const struct proof *proof, uint32_t option)
{
    const struct descent *descent = proof->descent;
    int64_t sum = 0;
    for (uint32_t m = descent->first_member[option]; m < descent->first_member[option + 1]; m++) {
        int64_t best = NOWHERE;
        for (uint32_t k = descent->first_item[m]; k < descent->first_item[m + 1]; k++) {
            uint32_t column = descent->column[k];
            int64_t worth = column == MODEL_NONE || proof->alive[column]
                                ? worth_of(proof, column, descent->slot[k])
                                : NOWHERE;
            best = worth > best ? worth : best;
        }
        if (best == NOWHERE)
            return NOWHERE;
        sum += best;
    }
    return sum;
}

static int64_t worth_of_owner(const struct proof *proof, uint32_t owner)
{
    const struct descent *descent = proof->descent;
    int64_t best = NOWHERE;
    for (uint32_t o = descent->first_option[owner]; o < descent->first_option[owner + 1]; o++) {
        uint32_t column = descent->column_of_option[o];
        if (column < MODEL_NONE && column != DESCENT_IDLE && !proof->alive[column])
            continue;
        int64_t worth = worth_of_option(proof, o);
        best = worth > best ? worth : best;
    }
    return best == NOWHERE ? 0 : best;
}

static bound_wide worth_of_homes(struct proof *proof)
{
    const struct descent *descent = proof->descent;
    struct descent_homes_look *look = descent_homes_new(descent);
    int64_t *worth = alloc_zero(descent->n_guests + 1, sizeof *worth);
    bound_wide sum = 0;
    for (uint32_t g = 0; g < descent->n_guests; g++) {
        const struct descent_guest *guest = &descent->guests[g];
        worth[g] = proof->alive[guest->column]
                       ? worth_of(proof, guest->column, guest->slot) - proof->price[guest->row]
                       : -KNAPSACK_WORTH_MOST;
    }
    for (size_t h = 0; h < descent->n_homes; h++)
        sum += descent_homes_most(descent, look, h, worth);
    descent_homes_free(look);
    free(worth);
    return sum;
}

static bound_wide sum_up(struct proof *proof)
{
    const struct descent *descent = proof->descent;
    bound_wide sum = worth_of_homes(proof);
    for (uint32_t i = 0; i < descent->n_rows; i++)
        sum += (bound_wide)proof->price[i] * (int64_t)descent->limit[i];
    for (uint32_t o = 0; o < descent->n_owners; o++)
        sum += worth_of_owner(proof, o);
    for (size_t r = 0; r < descent->n_rooms; r++) {
        const struct descent_rooms *rooms = &descent->rooms[r];
        int64_t women = proof->price[rooms->row[0]], men = proof->price[rooms->row[1]];
        sum += (bound_wide)(women > men ? women : men) * (int64_t)(rooms->beds * rooms->rooms);
    }
    return sum;
}

bound_wide descent_bound(const struct descent *descent, const int64_t *gain,
                         const unsigned char *alive)
{
    struct proof proof = {.descent = descent, .gain = gain, .alive = alive};
    for (uint32_t j = 0; j < descent->model->n_pair_columns; j++)
        if (llabs(gain[j]) > gain_most)
            return DESCENT_NOTHING;
    proof.price = alloc_zero((size_t)descent->n_rows + 1, sizeof *proof.price);
    proof.slot_price = alloc_zero((size_t)descent->n_slots + 1, sizeof *proof.slot_price);
    set_prices(&proof);
    bound_wide sum = sum_up(&proof);
    free(proof.price);
    free(proof.slot_price);
    return proof.is_too_large ? DESCENT_NOTHING : sum;
}
