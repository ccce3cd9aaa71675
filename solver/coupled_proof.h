/* coupled_proof.h - the prices of a round with coupled rows that go into its certificate: of each
 * objective those with the best bound that was seen.
 *
 * Owns which rows of the model have a place in a certificate: beds, one class of minutes, rooms,
 * kept objectives. What a person, a household or the staff as a whole are worth follows from these,
 * so rows that only tie columns together need none; nor do rows that follow from others. Any prices
 * prove some bound, so a row that is not known here makes the bound weaker, never wrong. */
#ifndef ALMONER_COUPLED_PROOF_H
#define ALMONER_COUPLED_PROOF_H

#include "models/plan.h"
#include "solver/bound.h"
#include "solver/descent.h"

struct coupled_proof {
    size_t n_objectives;
    int64_t *part_price; /* n_objectives per part, in 1/2^BOUND_SHIFT */
    struct certificate_staff *staff;
    size_t n_staff;
    struct certificate_rooms *rooms;
    size_t n_rooms;
    struct certificate_kept *kept;
    size_t n_kept;
    int64_t **place; /* by row of the model: its vector of prices; NULL = has none */
    size_t objective;
    bound_wide total;              /* of the prices that are kept for it */
    struct coupled_proof *offered; /* prices beside offers; NULL = none */
    struct descent_offers offers[OBJECTIVE_COUNT];
    size_t n_offered; /* beyond these objectives there are none */
};

/* All prices are 0. The model's own rows; those of kept objectives come later. */
void coupled_proof_init(struct coupled_proof *proof, const struct model *model);
void coupled_proof_clear(struct coupled_proof *proof);

void coupled_proof_begin(struct coupled_proof *proof, size_t objective);
/* Keeps the prices when they are the first for the objective, or their bound is the best. */
void coupled_proof_see(struct coupled_proof *proof, const struct model *model,
                       const struct bound *bound);
/* Takes offers for the objective that has begun. */
void coupled_proof_offer(struct coupled_proof *proof, const struct model *model,
                         struct descent_offers *offers);

#endif
