/* descent_value.c - see descent_inside.h: one look at all alternatives at prices. */
#include "solver/descent_inside.h"

#include "models/alloc.h"
#include "solver/descent_powers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* WIDTH: what is worth less than the best by so many times the heat has no share. */
static const double width = 14, nowhere = -1e300;

void descent_look_init(struct descent_look *look, const struct descent *descent)
{
    *look = (struct descent_look){.descent = descent};
    size_t n = (size_t)descent->n_rows + OBJECTIVE_COUNT;
    look->slot_price = alloc_zero((size_t)descent->n_slots + 1, sizeof(double));
    look->demand = alloc_zero((size_t)descent->n_slots + 1, sizeof(double));
    look->strain = alloc_zero((size_t)descent->n_slots + 1, sizeof(double));
    look->worth = alloc_zero(descent->most_items + 1, sizeof(double));
    look->near = alloc_zero(descent->most_items + DESCENT_LANES, sizeof *look->near);
    look->share = alloc_zero(descent->most_items + DESCENT_LANES, sizeof *look->share);
    look->option_worth = alloc_zero(descent->most_options + 1, sizeof(double));
    look->member_best = alloc_zero(descent->most_members + 1, sizeof(double));
    look->member_share = alloc_zero(descent->most_members + 1, sizeof(double));
    look->member_near = alloc_zero(descent->most_members + 2, sizeof *look->member_near);
    look->option_best = alloc_zero(descent->most_options + 1, sizeof(double));
    look->option_share = alloc_zero(descent->most_options + 1, sizeof(double));
    look->slope = alloc_zero(n, sizeof(double));
    look->steep = alloc_zero(n, sizeof(double));
    look->homes = descent->n_homes ? descent_homes_new(descent) : NULL;
}

void descent_look_clear(struct descent_look *look)
{
    free(look->slot_price);
    free(look->demand);
    free(look->strain);
    free(look->worth);
    free(look->option_worth);
    free(look->near);
    free(look->share);
    free(look->member_best);
    free(look->member_share);
    free(look->member_near);
    free(look->option_best);
    free(look->option_share);
    free(look->slope);
    free(look->steep);
    descent_homes_free(look->homes);
}

/* -- prices -- */

static void price_slots(struct descent_look *look, const double *price)
{
    const struct descent *descent = look->descent;
    for (uint32_t s = 0; s < descent->n_slots; s++) {
        double sum = 0;
        for (uint32_t e = descent->first_entry[s]; e < descent->first_entry[s + 1]; e++)
            sum += price[descent->entries[e].row] * descent->entries[e].times;
        look->slot_price[s] = sum;
        look->demand[s] = look->strain[s] = 0;
    }
}

/* -- one owner -- */

struct owner { /* where its options, members and items begin */
    uint32_t option, n_options, member, item;
    double best; /* option, and its shares in all */
    double sum;
};

/* Of somebody with an option. */
static struct owner owner_of(const struct descent *descent, uint32_t o)
{
    struct owner owner = {.option = descent->first_option[o]};
    owner.n_options = descent->first_option[o + 1] - owner.option;
    owner.member = descent->first_member[owner.option];
    owner.item = descent->first_item[owner.member];
    return owner;
}

/* What its items and options are worth at prices, of which `times` are those of kept objectives. */
static void weigh_owner(struct descent_look *look, const struct owner *owner, const double *times)
{
    const struct descent *descent = look->descent;
    uint32_t end_member = descent->first_member[owner->option + owner->n_options];
    uint32_t n = descent->first_item[end_member] - owner->item;
    for (uint32_t i = 0; i < n; i++)
        look->worth[i] = (double)descent->gain[owner->item + i] -
                         look->slot_price[descent->slot[owner->item + i]];
    for (uint32_t o = 0; o < owner->n_options; o++)
        look->option_worth[o] = descent->option_gain[owner->option + o];
    for (size_t k = 0; k < descent->n_kept; k++) {
        const float *item_loss = descent->kept[k].item_loss + owner->item;
        const float *option_loss = descent->kept[k].option_loss + owner->option;
        for (uint32_t i = 0; i < n; i++)
            look->worth[i] -= times[k] * (double)item_loss[i];
        for (uint32_t o = 0; o < owner->n_options; o++)
            look->option_worth[o] -= times[k] * (double)option_loss[o];
    }
}

static double best_of(const double *worth, uint32_t n)
{
    double even = nowhere, odd = nowhere;
    for (uint32_t i = 0; i + 1 < n; i += 2) {
        even = worth[i] > even ? worth[i] : even;
        odd = worth[i + 1] > odd ? worth[i + 1] : odd;
    }
    if (n && worth[n - 1] > even)
        even = worth[n - 1];
    return even > odd ? even : odd;
}

/* Shares of the items of a member, beside each other in `share` from `at` on. */
static uint32_t share_member(struct descent_look *look, const struct owner *owner, uint32_t member,
                             uint32_t at, double heat)
{
    const struct descent *descent = look->descent;
    uint32_t m = member - owner->member, first = descent->first_item[member];
    const double *worth = look->worth + (first - owner->item);
    uint32_t n = descent->first_item[member + 1] - first, begin = at;
    double best = best_of(worth, n), low = best - width * heat, sum = 0, cold = 1 / heat;
    look->member_near[m] = at;
    for (uint32_t i = 0; i < n; i++) {
        look->near[at] = first + i;
        look->share[at] = (float)((worth[i] - best) * cold);
        at += worth[i] > low;
    }
    for (uint32_t lane = 0; lane < DESCENT_LANES - 1; lane++)
        look->share[at + lane] = 0;
    descent_powers(look->share + begin, at - begin);
    for (uint32_t i = begin; i < at; i++)
        sum += (double)look->share[i];
    look->member_best[m] = best;
    look->member_share[m] = sum;
    return at;
}

static void share_options(struct descent_look *look, struct owner *owner, double heat)
{
    const struct descent *descent = look->descent;
    uint32_t at = 0;
    owner->best = nowhere;
    for (uint32_t o = 0; o < owner->n_options; o++) {
        uint32_t option = owner->option + o;
        look->option_best[o] = look->option_worth[o];
        look->option_share[o] = 1;
        for (uint32_t member = descent->first_member[option];
             member < descent->first_member[option + 1]; member++) {
            at = share_member(look, owner, member, at, heat);
            look->option_best[o] += look->member_best[member - owner->member];
            look->option_share[o] *= look->member_share[member - owner->member];
        }
        if (look->option_best[o] > owner->best)
            owner->best = look->option_best[o];
    }
    look->member_near[descent->first_member[owner->option + owner->n_options] - owner->member] = at;
    owner->sum = 0;
    for (uint32_t o = 0; o < owner->n_options; o++) {
        look->option_share[o] *= descent_power((look->option_best[o] - owner->best) / heat);
        owner->sum += look->option_share[o];
    }
}

static double loss_of_item(const struct descent *descent, size_t k, uint32_t item, uint32_t option)
{
    return (double)descent->kept[k].item_loss[item] + (double)descent->kept[k].option_loss[option];
}

static void strain_item(struct descent_look *look, uint32_t item, uint32_t option, double share)
{
    const struct descent *descent = look->descent;
    double strain = 0, size = descent->size[descent->slot[item]];
    for (size_t k = 0; k < descent->n_kept; k++) {
        double loss = loss_of_item(descent, k, item, option);
        look->slope[descent->n_rows + k] -= share * (double)descent->kept[k].item_loss[item];
        strain += loss;
        size += loss;
    }
    look->strain[descent->slot[item]] += share * strain;
    for (size_t k = 0; k < descent->n_kept; k++)
        look->steep[descent->n_rows + k] += share * loss_of_item(descent, k, item, option) * size;
}

static void spread_option(struct descent_look *look, const struct owner *owner, uint32_t option,
                          double share)
{
    const struct descent *descent = look->descent;
    for (uint32_t member = descent->first_member[option];
         member < descent->first_member[option + 1]; member++) {
        uint32_t m = member - owner->member;
        double part = share / look->member_share[m];
        for (uint32_t at = look->member_near[m]; at < look->member_near[m + 1]; at++) {
            look->demand[descent->slot[look->near[at]]] += part * (double)look->share[at];
            if (descent->n_kept)
                strain_item(look, look->near[at], option, part * (double)look->share[at]);
        }
    }
    for (size_t k = 0; k < descent->n_kept; k++) {
        double loss = (double)descent->kept[k].option_loss[option];
        look->slope[descent->n_rows + k] -= share * loss;
        if (descent->first_member[option] == descent->first_member[option + 1])
            look->steep[descent->n_rows + k] += share * loss * loss;
    }
}

static void look_at_owner(struct descent_look *look, uint32_t o, const double *times, double heat)
{
    const struct descent *descent = look->descent;
    if (descent->first_option[o] == descent->first_option[o + 1])
        return;
    struct owner owner = owner_of(descent, o);
    weigh_owner(look, &owner, times);
    share_options(look, &owner, heat);
    look->value += owner.best;
    for (uint32_t option = 0; option < owner.n_options; option++) {
        double share = look->option_share[option] / owner.sum;
        if (share > 1e-8)
            spread_option(look, &owner, owner.option + option, share);
    }
}

/* -- rows and rooms -- */

static void begin_rows(struct descent_look *look, const double *price)
{
    const struct descent *descent = look->descent;
    look->value = 0;
    for (uint32_t i = 0; i < descent->n_rows; i++) {
        look->value += price[i] * descent->limit[i];
        look->slope[i] = descent->limit[i];
        look->steep[i] = 0;
    }
    for (size_t k = 0; k < descent->n_kept; k++) {
        look->value += price[descent->n_rows + k] * descent->kept[k].gap;
        look->slope[descent->n_rows + k] = descent->kept[k].gap;
        look->steep[descent->n_rows + k] = 0;
    }
}

static void sum_slots(struct descent_look *look)
{
    const struct descent *descent = look->descent;
    for (uint32_t s = 0; s < descent->n_slots; s++) {
        double steep = look->demand[s] * descent->size[s] + look->strain[s];
        if (look->demand[s] == 0)
            continue;
        for (uint32_t e = descent->first_entry[s]; e < descent->first_entry[s + 1]; e++) {
            const struct descent_entry *entry = &descent->entries[e];
            look->slope[entry->row] -= look->demand[s] * entry->times;
            look->steep[entry->row] += steep * fabs(entry->times);
        }
    }
}

static double worth_of_rooms(const struct descent *descent, size_t r, int sex, const double *price)
{
    const struct descent_rooms *rooms = &descent->rooms[r];
    double worth = rooms->beds * price[rooms->row[sex]];
    for (size_t k = 0; k < descent->n_kept; k++)
        worth -= price[descent->n_rows + k] * descent->kept[k].rooms_loss[r][sex];
    return worth;
}

/* What rooms are for is as smooth as their beds were people. */
static void look_at_rooms(struct descent_look *look, size_t r, const double *price, double heat)
{
    const struct descent *descent = look->descent;
    const struct descent_rooms *rooms = &descent->rooms[r];
    double worth[2] = {worth_of_rooms(descent, r, 0, price), worth_of_rooms(descent, r, 1, price)};
    double apart = -fabs(worth[0] - worth[1]) / (rooms->beds * heat), other = descent_power(apart);
    int best = worth[1] > worth[0];
    look->value += rooms->rooms * worth[best];
    for (int sex = 0; sex < 2; sex++) {
        double share = (sex == best ? 1 : other) / (1 + other) * rooms->rooms;
        double both = 2 * other / ((1 + other) * (1 + other)) * rooms->rooms;
        look->slope[rooms->row[sex]] += share * rooms->beds;
        look->steep[rooms->row[sex]] += both * rooms->beds;
        for (size_t k = 0; k < descent->n_kept; k++) {
            double loss = descent->kept[k].rooms_loss[r][sex];
            look->slope[descent->n_rows + k] -= share * loss;
            look->steep[descent->n_rows + k] += both * loss * (1 + loss / rooms->beds);
        }
    }
}

void descent_look_at(struct descent_look *look, const double *price, double heat)
{
    const struct descent *descent = look->descent;
    begin_rows(look, price);
    price_slots(look, price);
    for (uint32_t o = 0; o < descent->n_owners; o++)
        look_at_owner(look, o, price + descent->n_rows, heat);
    if (look->homes)
        descent_look_at_homes(look, price, heat);
    sum_slots(look);
    for (size_t r = 0; r < descent->n_rooms; r++)
        look_at_rooms(look, r, price, heat);
}

/* -- losses -- */

void descent_losses_init(struct descent_kept *kept, const struct descent *descent)
{
    kept->item_loss = alloc_zero((size_t)descent->n_items + 1, sizeof *kept->item_loss);
    kept->option_loss = alloc_zero((size_t)descent->n_options + 1, sizeof *kept->option_loss);
    kept->rooms_loss = alloc_zero(descent->n_rooms + 1, sizeof *kept->rooms_loss);
    kept->guest_worth = alloc_zero(descent->n_guests + 1, sizeof *kept->guest_worth);
    kept->guest_apart = alloc_zero(descent->n_guests + 1, sizeof *kept->guest_apart);
}

void descent_losses_clear(struct descent_kept *kept)
{
    free(kept->item_loss);
    free(kept->option_loss);
    free(kept->rooms_loss);
    free(kept->guest_worth);
    free(kept->guest_apart);
}

static void lose_owner(struct descent_look *look, uint32_t o, const double *times,
                       struct descent_kept *kept)
{
    const struct descent *descent = look->descent;
    double most = nowhere;
    if (descent->first_option[o] == descent->first_option[o + 1])
        return;
    struct owner owner = owner_of(descent, o);
    weigh_owner(look, &owner, times);
    for (uint32_t option = 0; option < owner.n_options; option++) {
        uint32_t end = descent->first_member[owner.option + option + 1];
        for (uint32_t member = descent->first_member[owner.option + option]; member < end;
             member++) {
            uint32_t first = descent->first_item[member];
            uint32_t n = descent->first_item[member + 1] - first;
            const double *worth = look->worth + (first - owner.item);
            double best = best_of(worth, n);
            for (uint32_t i = 0; i < n; i++)
                kept->item_loss[first + i] = (float)(best - worth[i]);
            look->option_worth[option] += best;
        }
        most = look->option_worth[option] > most ? look->option_worth[option] : most;
    }
    for (uint32_t option = 0; option < owner.n_options; option++)
        kept->option_loss[owner.option + option] = (float)(most - look->option_worth[option]);
}

void descent_look_losses(struct descent_look *look, const double *price, struct descent_kept *kept)
{
    const struct descent *descent = look->descent;
    price_slots(look, price);
    for (uint32_t o = 0; o < descent->n_owners; o++)
        lose_owner(look, o, price + descent->n_rows, kept);
    for (size_t r = 0; r < descent->n_rooms; r++) {
        double women = worth_of_rooms(descent, r, 0, price);
        double men = worth_of_rooms(descent, r, 1, price), most = women > men ? women : men;
        kept->rooms_loss[r][0] = most - women;
        kept->rooms_loss[r][1] = most - men;
    }
    if (look->homes)
        descent_homes_losses(look, price, kept);
}
