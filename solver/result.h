/* result.h - an assignment with its proof, written down as plan and certificate. */
#ifndef ALMONER_RESULT_H
#define ALMONER_RESULT_H

#include "models/plan.h"
#include "solver/coupled_proof.h"
#include "solver/greatest.h"
#include "solver/problem.h"

/* What an engine found. Arrays are lent. */
struct result {
    const struct problem *problem;
    const char *engine, *world; /* world: "sha256:..." */
    enum plan_status status;
    const uint32_t *chosen;
    int64_t values[OBJECTIVE_COUNT], bounds[OBJECTIVE_COUNT]; /* as the contract states them */
    const int64_t *part_price, *person_price;                 /* n_objectives each; NULL = none */
    const int64_t *bound_price; /* of a network round without a proof: whole prices of parts */
    const int64_t *bed_price;   /* what one more bed of a part gains, for the plan; NULL = none */
    const unsigned char *is_priced; /* per pool: it has such prices, as bounds; NULL = all, exact */
    const struct greatest *greatest;   /* where there are bed prices */
    const struct coupled_proof *proof; /* of a round with coupled rows; NULL */
};

/* Fills an initialised plan: everything but the stats. */
void result_plan(const struct result *result, struct plan *plan);
/* Fills an initialised certificate for that plan, but for its hash. With part and person prices it
 * is the proof of an optimum; else it has the prices over 2^s that are known (0 where none are),
 * and verify_plan_certify states what they prove. */
void result_certificate(const struct result *result, const struct plan *plan,
                        struct certificate *certificate);

/* Makes the certificate out to the plan as it is now, by the hash of its text. */
void result_seal(const struct plan *plan, struct certificate *certificate);

/* After that: a bound of the plan that is farther off than what the certificate proves becomes what
 * is proved. */
void result_take_bounds(struct plan *plan, struct certificate *certificate);

#endif
