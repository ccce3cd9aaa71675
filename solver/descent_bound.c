/* descent_bound.c - what prices of a descent prove, in whole numbers. */
#include "solver/descent_inside.h"

#include "models/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t NOWHERE = -(INT64_C(1) << 61);
static const double price_most = 0x1p46;           /* in 1/2^20 */
static const int64_t gain_most = INT64_C(1) << 46; /* in 1/2^20 */

struct proof {
    const struct descent *descent;
    int64_t *gain; /* less what is paid for kept objectives, in 1/2^20 */
    const unsigned char *alive;
    int64_t stage[OBJECTIVE_COUNT]; /* what is paid for one of theirs */
    int is_too_wide;
    int64_t *price, *slot_price; /* in 1/2^20 */
    int is_without;              /* no home that is a whole offers anything */
};

static int64_t whole_price(double price)
{
    double scaled = rint(price * (double)(1 << BOUND_SHIFT));
    return fabs(scaled) < price_most ? (int64_t)scaled : 0;
}

/* Rows that may be left slack cost nothing below 0. */
static void set_prices(struct proof *proof)
{
    const struct descent *descent = proof->descent;
    double *price = alloc_zero((size_t)descent->n_rows + 1, sizeof *price);
    double stage[OBJECTIVE_COUNT];
    descent_sum_up(descent, price, stage);
    for (size_t k = 0; k < OBJECTIVE_COUNT; k++)
        proof->stage[k] = whole_price(stage[k]);
    for (uint32_t i = 0; i < descent->n_rows; i++) {
        proof->price[i] = whole_price(price[i]);
        if (proof->price[i] < 0 && !descent_is_tight(descent, i))
            proof->price[i] = 0;
    }
    free(price);
    for (uint32_t s = 0; s < descent->n_slots; s++)
        for (uint32_t e = descent->first_entry[s]; e < descent->first_entry[s + 1]; e++)
            proof->slot_price[s] +=
                proof->price[descent->entries[e].row] * (int64_t)descent->entries[e].times;
}

static int64_t worth_of(const struct proof *proof, uint32_t column, uint32_t slot)
{
    return (column == MODEL_NONE ? 0 : proof->gain[column]) - proof->slot_price[slot];
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
            int is_open = column == MODEL_NONE ? !proof->is_without : proof->alive[column];
            int64_t worth = is_open ? worth_of(proof, column, descent->slot[k]) : NOWHERE;
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
        if (column == DESCENT_IDLE && choices_must_go(descent->choices, owner))
            continue;
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
    for (size_t k = 0; k < descent->n_kept; k++)
        sum += (bound_wide)proof->stage[descent->kept[k].objective] * descent->kept[k].value;
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

static void add_gain(struct proof *proof, const int64_t *gain, int64_t times)
{
    for (uint32_t j = 0; j < proof->descent->model->n_pair_columns; j++) {
        bound_wide sum = proof->gain[j] + (bound_wide)gain[j] * times;
        int is_narrow = sum < gain_most && sum > -gain_most;
        proof->gain[j] = is_narrow ? (int64_t)sum : 0;
        proof->is_too_wide |= !is_narrow;
    }
}

static void proof_init(struct proof *proof, const struct descent *descent, const int64_t *gain,
                       const unsigned char *alive)
{
    *proof = (struct proof){.descent = descent, .alive = alive};
    proof->gain = alloc_zero((size_t)descent->model->n_columns + 1, sizeof *proof->gain);
    proof->price = alloc_zero((size_t)descent->n_rows + 1, sizeof *proof->price);
    proof->slot_price = alloc_zero((size_t)descent->n_slots + 1, sizeof *proof->slot_price);
    set_prices(proof);
    add_gain(proof, gain, 1 << BOUND_SHIFT);
    for (size_t k = 0; k < descent->n_kept; k++) {
        int64_t *kept = model_gains(descent->model, descent->kept[k].objective);
        add_gain(proof, kept, -proof->stage[descent->kept[k].objective]);
        free(kept);
    }
}

static void proof_clear(struct proof *proof)
{
    free(proof->gain);
    free(proof->price);
    free(proof->slot_price);
}

bound_wide descent_bound(const struct descent *descent, const int64_t *gain,
                         const unsigned char *alive)
{
    struct proof proof;
    proof_init(&proof, descent, gain, alive);
    bound_wide sum = proof.is_too_wide ? DESCENT_NOTHING : sum_up(&proof);
    proof_clear(&proof);
    return sum;
}

/* -- for a certificate -- */

/* Whoever is worth as much elsewhere needs no offer. Below 0 the least has to be said, too. */
static int64_t offer_to(struct proof *proof, uint32_t owner)
{
    int64_t worth = worth_of_owner(proof, owner);
    proof->is_without = 1;
    int64_t elsewhere = worth_of_owner(proof, owner);
    proof->is_without = 0;
    return worth != elsewhere || worth < 0 ? worth : 0;
}

/* What a member is offered for the option at hand; 0 = its home is no whole, or nothing. */
static int64_t offer_to_member(const struct proof *proof, uint32_t member)
{
    const struct descent *descent = proof->descent;
    uint32_t item = descent->first_item[member];
    return descent->column[item] == MODEL_NONE ? worth_of(proof, MODEL_NONE, descent->slot[item])
                                               : 0;
}

/* Members who live somewhere, in order, are the option of a household that nobody moves. */
static void offer_stays(const struct proof *proof, const struct problem_household *household,
                        uint32_t option, struct descent_offers *offers)
{
    const struct problem *problem = proof->descent->model->problem;
    uint32_t member = proof->descent->first_member[option];
    for (size_t m = 0; m < household->n; m++)
        if (problem->people[household->people[m]].stay_pair != PROBLEM_NONE)
            offers->person[household->people[m]] = offer_to_member(proof, member++);
}

static void offer_home(const struct proof *proof, const struct problem_household *household,
                       uint32_t option, struct descent_offers *offers)
{
    const struct descent *descent = proof->descent;
    const struct model *model = descent->model;
    uint32_t home = model->columns[descent->column_of_option[option]].b;
    for (size_t m = 0; m < household->n; m++) {
        uint32_t member = descent->first_member[option] + (uint32_t)m;
        struct descent_offer offer = {household->people[m], model->homes[home], member,
                                      offer_to_member(proof, member)};
        if (!offer.price)
            continue;
        ALLOC_GROW(offers->members, offers->n_members, offers->members_room);
        offers->members[offers->n_members++] = offer;
    }
}

static void offer_everybody(struct proof *proof, struct descent_offers *offers)
{
    const struct descent *descent = proof->descent;
    const struct choices *choices = descent->choices;
    for (uint32_t owner = 0; owner < descent->n_owners; owner++) {
        if (choices->household[owner] == PROBLEM_NONE) {
            offers->person[choices->person[owner]] = offer_to(proof, owner);
            continue;
        }
        const struct problem_household *household =
            &descent->model->problem->households[choices->household[owner]];
        uint32_t first = descent->first_option[owner];
        offer_stays(proof, household, first, offers);
        for (uint32_t o = first + 1; o < descent->first_option[owner + 1]; o++)
            offer_home(proof, household, o, offers);
    }
}

static void find_wholes(const struct descent *descent, struct descent_offers *offers)
{
    const struct model *model = descent->model;
    const struct problem *problem = model->problem;
    for (uint32_t g = 0; g < descent->n_guests; g++) {
        uint32_t pair = model->columns[descent->guests[g].column].a, s = 0;
        const struct institution *home = problem->parts[problem->pairs[pair].part].institution;
        while (problem->staff[s].institution != home)
            s++;
        offers->is_whole[s] = 1;
    }
}

/* As choices_price_loads, in whole numbers. */
static void price_loads(const struct choices *choices, int64_t *price)
{
    const struct model *model = choices->model;
    for (uint32_t i = 0; i < model->n_rows; i++) {
        if (model->rows[i].kind != MODEL_ROW_LOAD)
            continue;
        uint32_t j = choices->load_column[i];
        for (size_t e = model->first[j]; e < model->first[j + 1]; e++)
            if (model->entries[e].row != i)
                price[i] += price[model->entries[e].row] * model->entries[e].value;
    }
}

void descent_offers(const struct descent *descent, const int64_t *gain, const unsigned char *alive,
                    struct descent_offers *offers)
{
    const struct model *model = descent->model;
    struct proof proof;
    proof_init(&proof, descent, gain, alive);
    offers->price = alloc_zero(model->most_rows, sizeof *offers->price);
    offers->person = alloc_zero((size_t)model->problem->n_people + 1, sizeof *offers->person);
    offers->is_whole = alloc_zero(model->problem->n_staff + 1, 1);
    for (uint32_t i = 0; i < descent->n_rows; i++)
        if (descent->row[i] != MODEL_NONE)
            offers->price[descent->row[i]] = proof.price[i];
    memcpy(offers->kept, proof.stage, sizeof offers->kept);
    price_loads(descent->choices, offers->price);
    offer_everybody(&proof, offers);
    find_wholes(descent, offers);
    proof_clear(&proof);
}

void descent_offers_clear(struct descent_offers *offers)
{
    free(offers->price);
    free(offers->person);
    free(offers->members);
    free(offers->is_whole);
    *offers = (struct descent_offers){0};
}
