/* coupled_design.h - a round with coupled rows decided as far as it is no network: which home each
 * household takes, and how many people alone each slot may take (coupled_slots.h).
 *
 * Owns the sums over the rows of the round: beds of parts, staff minutes, the sexes in pools with
 * rooms. As long as they hold with every slot full, every plan of the network is a plan of the
 * round. Also what is the best small change of one home's slots at the worth of places. */
#ifndef ALMONER_COUPLED_DESIGN_H
#define ALMONER_COUPLED_DESIGN_H

#include "solver/coupled_slots.h"

/* Places of one home: some more, some fewer; three of them at most are looked for, one may be
 * given. */
enum { COUPLED_DESIGN_STEPS = 4 };
struct coupled_step {
    int64_t worth; /* what they gain, or lose */
    int64_t minutes;
    uint32_t n, slots[COUPLED_DESIGN_STEPS];
};
struct coupled_change {
    int64_t worth;
    struct coupled_step more, less;
};

enum { COUPLED_STEPS_SHARES = 32 };
struct coupled_steps { /* what a home could do, the best first; the first is nothing at all */
    struct coupled_step *items;
    size_t n, room;
    int64_t widest; /* minutes of one of them */
    /* What one of so many places or more is worth at most that has such a share of those minutes,
     * or more. */
    int64_t most[COUPLED_DESIGN_STEPS][COUPLED_STEPS_SHARES + 1];
};

struct coupled_rooms {  /* of one pool, in short */
    int64_t twos;       /* rooms of two that couples may share */
    int64_t beds;       /* of the other rooms */
    int64_t *for_women; /* what rooms among these can have for women, ascending */
    size_t n;
};

struct coupled_design {
    struct coupled_slots slots;
    const struct problem *problem;
    uint32_t *staff_of;           /* per home; PROBLEM_NONE */
    uint32_t *first_part, *parts; /* n_homes + 1: its parts */
    uint32_t *pair;               /* per person of a household: where they are */
    int64_t *beds;                /* per part: taken */
    int64_t *minutes;             /* per staff row */
    int64_t *sexes;               /* per rooms x SEX_COUNT */
    int64_t promise;              /* what the changes since it was set to 0 can gain at most */
    int64_t household_gain;       /* of all households, where they are */
    int64_t *couples;             /* per rooms: women and men of one household who come */
    struct coupled_rooms *rooms;
    uint32_t *rooms_of;                /* per part */
    struct coupled_steps *more, *less; /* per home, at the worth of places */
};

/* From a plan that breaks no row. */
void coupled_design_init(struct coupled_design *design, const struct model *model,
                         const int64_t *gain, const uint32_t *chosen);
void coupled_design_clear(struct coupled_design *design);

/* The slots' places without anybody are given up, so that others of the home can have them. */
void coupled_design_trim(struct coupled_design *design);
/* Lists what each home could do, at the worth of places (coupled_slots_weigh). */
void coupled_design_list(struct coupled_design *design);

/* n more places of a slot (or fewer). */
void coupled_design_add(struct coupled_design *design, uint32_t slot, int64_t n);
/* A household comes to where its `pair`s say, or leaves that. */
void coupled_design_put(struct coupled_design *design, uint32_t household);
void coupled_design_take(struct coupled_design *design, uint32_t household);
/* Of everybody, as settled. */
int64_t coupled_design_value(const struct coupled_design *design);

/* The change of a home that is worth most and keeps its rows: 1. It may be none, worth 0. 0 = they
 * cannot be kept. What is worth no more than `least` is not looked for. */
int coupled_design_best(struct coupled_design *design, uint32_t home, int64_t least,
                        struct coupled_change *change);
/* The same with one place of the slot more (n = 1) or fewer (-1), whatever that is worth. */
int coupled_design_best_with(struct coupled_design *design, uint32_t slot, int n, int64_t least,
                             struct coupled_change *change);
/* Once (n = 1), or back (-1). */
void coupled_design_change(struct coupled_design *design, const struct coupled_change *change,
                           int n);

/* The beds of the home that no row but their part's counts are there for people alone, as far as
 * no household has them. */
void coupled_design_open(struct coupled_design *design, uint32_t home);
/* Has the slot a row beside its part's? */
int coupled_design_is_coupled(const struct coupled_design *design, uint32_t slot);
/* Do the rows of the home hold, with every slot full? */
int coupled_design_holds(const struct coupled_design *design, uint32_t home);
/* Would they, with one place more in the slot? */
int coupled_design_has_room(struct coupled_design *design, uint32_t slot);
/* Where they do not hold: would one place fewer in the slot bring them nearer? */
int coupled_design_helps(const struct coupled_design *design, uint32_t slot);

#endif
