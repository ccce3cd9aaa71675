/* descent_polish.c - see descent_inside.h: the last of a descent, without heat.
 *
 * At prices everybody's best is worth so much to them. For each row of one kind, and each of its
 * beds that somebody could take, a claim is the price at which that would be as good as their best:
 * above it they have nothing to lose, below it they gain what the price is below it. The sum of
 * what all rows cost and all claims gain that way is never less than the bound, and now it is the
 * bound; so where each row has its best price for itself, the bound is not higher, and mostly it is
 * lower. Nobody need agree with anybody, so all rows of a kind move at once. */
#include "solver/descent_inside.h"

#include "models/alloc.h"

#include <math.h>
#include <stdlib.h>

static const double nothing = -1e100; /* below every price */
static const double gone = 1e20;      /* so much nobody loses who could choose it */

struct polish {
    const struct descent *descent;
    struct descent_kept loss; /* against the prices */
    enum model_row_kind kind;
    double *price;
    uint32_t *row_of_slot;   /* that of the kind; MODEL_NONE = none */
    size_t *first, *n;       /* per row: its claims */
    unsigned char *is_other; /* homes that are wholes have a say */
    double *claims;
};

static uint32_t row_of_slot(const struct polish *polish, uint32_t slot)
{
    const struct descent *descent = polish->descent;
    for (uint32_t e = descent->first_entry[slot]; e < descent->first_entry[slot + 1]; e++) {
        uint32_t row = descent->row[descent->entries[e].row];
        if (row != MODEL_NONE && descent->model->rows[row].kind == polish->kind)
            return descent->entries[e].row;
    }
    return MODEL_NONE;
}

/* Beds of a room, which are for the other sex unless the price is high enough. */
static size_t beds_of(const struct descent_rooms *rooms)
{
    return (size_t)(rooms->beds * rooms->rooms);
}

static void make_room(struct polish *polish)
{
    const struct descent *descent = polish->descent;
    size_t sum = 0;
    polish->row_of_slot = alloc_zero((size_t)descent->n_slots + 1, sizeof *polish->row_of_slot);
    polish->first = alloc_zero((size_t)descent->n_rows + 1, sizeof *polish->first);
    polish->n = alloc_zero((size_t)descent->n_rows + 1, sizeof *polish->n);
    polish->is_other = alloc_zero((size_t)descent->n_rows + 1, 1);
    for (uint32_t s = 0; s < descent->n_slots; s++)
        polish->row_of_slot[s] = row_of_slot(polish, s);
    for (uint32_t g = 0; g < descent->n_guests; g++)
        if (polish->row_of_slot[descent->guests[g].slot] != MODEL_NONE)
            polish->is_other[polish->row_of_slot[descent->guests[g].slot]] = 1;
    for (uint32_t k = 0; k < descent->n_items; k++)
        if (polish->row_of_slot[descent->slot[k]] != MODEL_NONE)
            polish->n[polish->row_of_slot[descent->slot[k]]]++;
    for (size_t r = 0; r < descent->n_rooms; r++)
        for (int sex = 0; sex < 2; sex++)
            polish->n[descent->rooms[r].row[sex]] += beds_of(&descent->rooms[r]);
    for (uint32_t i = 0; i < descent->n_rows; i++) {
        polish->first[i] = sum;
        sum += polish->n[i];
        polish->n[i] = 0;
    }
    polish->claims = alloc_zero(sum + 1, sizeof *polish->claims);
}

static void claim(struct polish *polish, uint32_t row, double price)
{
    polish->claims[polish->first[row] + polish->n[row]++] = price;
}

/* What a household loses in a home its members lose alike. What somebody has to be offered is what
 * they have in any case. */
static void see_option(struct polish *polish, uint32_t option)
{
    const struct descent *descent = polish->descent;
    uint32_t first = descent->first_member[option], end = descent->first_member[option + 1];
    for (uint32_t k = descent->first_item[first]; k < descent->first_item[end]; k++) {
        double loss = (double)polish->loss.item_loss[k] +
                      (double)polish->loss.option_loss[option] / (double)(end - first);
        uint32_t slot = descent->slot[k], row = polish->row_of_slot[slot];
        if (row != MODEL_NONE)
            claim(polish, row, polish->price[row] - loss);
        else if (descent->column[k] == MODEL_NONE && polish->kind == MODEL_ROW_PART && loss < gone)
            polish->price[descent->entries[descent->first_entry[slot]].row] += loss;
    }
}

static void see_rooms(struct polish *polish, size_t r, int sex)
{
    const struct descent_rooms *rooms = &polish->descent->rooms[r];
    const double *loss = polish->loss.rooms_loss[r];
    uint32_t row = rooms->row[sex];
    for (size_t bed = 0; bed < beds_of(rooms); bed++)
        claim(polish, row, polish->price[row] - (loss[1 - sex] - loss[sex]) / rooms->beds);
}

static int falling(const void *a, const void *b)
{
    double one = *(const double *)a, two = *(const double *)b;
    return one > two ? -1 : one < two;
}

/* As many claims above the price as there are beds, and the others not above it. Rooms are beds for
 * whoever pays for them, themselves too. */
static void set_price(struct polish *polish, uint32_t row, size_t beds)
{
    double *claims = polish->claims + polish->first[row], *price = &polish->price[row];
    size_t n = polish->n[row];
    if (n == 0 || polish->is_other[row] || (n < beds && descent_is_tight(polish->descent, row)))
        return;
    qsort(claims, n, sizeof *claims, falling);
    double high = beds == 0 ? INFINITY : beds <= n ? claims[beds - 1] : nothing;
    double low = beds < n ? claims[beds] : nothing;
    *price = *price > high ? high : *price < low ? low : *price;
}

static void set_prices(struct polish *polish)
{
    const struct descent *descent = polish->descent;
    size_t *beds = alloc_zero((size_t)descent->n_rows + 1, sizeof *beds);
    int sex = polish->kind == MODEL_ROW_MEN;
    for (uint32_t i = 0; i < descent->n_rows; i++)
        beds[i] = descent->limit[i] > 0 ? (size_t)descent->limit[i] : 0;
    for (size_t r = 0; r < descent->n_rooms && polish->kind != MODEL_ROW_PART; r++) {
        see_rooms(polish, r, sex);
        beds[descent->rooms[r].row[sex]] += beds_of(&descent->rooms[r]);
    }
    for (uint32_t i = 0; i < descent->n_rows; i++)
        if (descent->row[i] != MODEL_NONE &&
            descent->model->rows[descent->row[i]].kind == polish->kind)
            set_price(polish, i, beds[i]);
    free(beds);
}

void descent_polish(struct descent_look *look, enum model_row_kind kind, double *price)
{
    const struct descent *descent = look->descent;
    struct polish polish = {.descent = descent, .kind = kind, .price = price};
    make_room(&polish);
    descent_losses_init(&polish.loss, descent);
    descent_look_losses(look, price, &polish.loss);
    for (uint32_t o = 0; o < descent->n_options; o++)
        if (descent->first_member[o] < descent->first_member[o + 1])
            see_option(&polish, o);
    set_prices(&polish);
    descent_losses_clear(&polish.loss);
    free(polish.row_of_slot);
    free(polish.first);
    free(polish.n);
    free(polish.is_other);
    free(polish.claims);
}
