/* coupled_slots.h - a round with coupled rows as a network: every part split into slots, one for
 * each sex where the pool has rooms and for each number of care minutes where the home has staff.
 *
 * A pair of a person belongs to one slot of the part. How many people alone each slot may take, and
 * where each household is, is somebody else's decision (coupled_design.h); given that, the best
 * plan is one optimum of the network, found here, with what one more place in each slot would gain
 * and what one fewer would lose. Owns no rule: that the slots together keep all rows is for who
 * sets them. */
#ifndef ALMONER_COUPLED_SLOTS_H
#define ALMONER_COUPLED_SLOTS_H

#include "solver/budget.h"
#include "solver/face.h"
#include "solver/model.h"

struct coupled_slot {
    uint32_t part, home, rooms; /* rooms: index into problem.rooms, PROBLEM_NONE */
    enum sex sex;               /* SEX_NONE also where it does not matter */
    int64_t minutes;            /* 0 also where they do not matter */
};

/* What one more place would gain, or one fewer lose: the best ways with different ends. A
 * way is a chain of moves; it begins or ends with a person who comes or goes, or in a slot with
 * room (n_people + slot). */
enum { COUPLED_WAYS = 3 };
struct coupled_place {
    int64_t worth[COUPLED_WAYS]; /* INT64_MAX = there is none */
    uint32_t end[COUPLED_WAYS];
};

struct coupled_slots {
    const struct model *model;
    struct coupled_slot *slots; /* by part, sex, minutes */
    uint32_t n;
    struct problem network;            /* whose parts are the slots; pairs keep their numbers */
    uint32_t *first_of_home, *of;      /* n_homes + 1, into `of`: the slots of each home */
    struct face face;                  /* people alone */
    uint32_t *first_in, *in;           /* n + 1, into `in`: pairs of people alone, by slot */
    int64_t *gain;                     /* per pair */
    struct transport *transport;       /* the network's optimum; NULL = not begun */
    struct budget budget;              /* paths so far; without a limit once it has begun */
    uint32_t *chosen;                  /* per person alone: the plan */
    int64_t *price;                    /* per slot: optimal prices of it */
    struct coupled_place *more, *less; /* per slot, by coupled_slots_weigh */
};

/* `gain` per column of the model. */
void coupled_slots_init(struct coupled_slots *slots, const struct model *model,
                        const int64_t *gain);
void coupled_slots_clear(struct coupled_slots *slots);

uint32_t coupled_slots_of(const struct coupled_slots *slots, uint32_t pair);

/* Begins with the plan and the prices at hand: 0 = there is none for these capacities, or the limit
 * came first. From then on the plan follows coupled_slots_add with coupled_slots_settle; what a
 * place is worth, the plan and its prices are those of the last coupled_slots_read. */
int coupled_slots_begin(struct coupled_slots *slots, const struct budget *limit);
void coupled_slots_add(struct coupled_slots *slots, uint32_t slot, int64_t n);
void coupled_slots_settle(struct coupled_slots *slots);
/* 0 = the plan would be worth less by `most` or more than what the places added and taken away are
 * at their prices: they must be taken back, and that settled. */
int coupled_slots_settle_within(struct coupled_slots *slots, int64_t most);
/* People alone, as settled; a resident without a bed costs more than any plan gains. */
int64_t coupled_slots_value(const struct coupled_slots *slots);
/* One more place would gain no more than that, and one fewer lose no less, as settled. */
int64_t coupled_slots_price(const struct coupled_slots *slots, uint32_t slot);
void coupled_slots_read(struct coupled_slots *slots);
/* People alone per slot. */
void coupled_slots_count(const struct coupled_slots *slots, int64_t *count);
/* What a place is worth, at the plan that was read. */
void coupled_slots_weigh(struct coupled_slots *slots);
/* Somebody leaves a slot for another home, maybe over others who move on: `out` (per slot) is what
 * that slot's home makes of it, `in` what making room costs the other one, below 0; INT64_MIN = it
 * cannot be. Per slot that somebody comes to: the best sum with what is lost on the way, and where
 * they leave (`from`); INT64_MIN = from nowhere. */
void coupled_slots_link(struct coupled_slots *slots, const int64_t *out, const int64_t *in,
                        int64_t *worth, uint32_t *from);

#endif
