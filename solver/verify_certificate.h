/* verify_certificate.h - the proof that no other plan is better: prices of beds and people, and the
 * duality of integer vectors in lexicographic order.
 *
 * Each person and each part of a pool has a price vector, one integer per objective, all as
 * maximisation. Beds: price >= 0; newcomers: >= 0; every pair gains at most the price of its part
 * plus that of its person (a resident who stays gains 0). Then no plan gains more than the sum of
 * beds x price + prices of people; when the plan gains exactly that, it is optimal. Rows that
 * couple people only take plans away, so the proof holds for them too. */
#ifndef ALMONER_VERIFY_CERTIFICATE_H
#define ALMONER_VERIFY_CERTIFICATE_H

#include "solver/verify_margin.h"

/* 0 and *proved = 1 when the plan is proved optimal; 0 and *proved = 0 when there are no prices and
 * the round is coupled, or was stopped by a limit; -1 with REFUSED and the first thing wrong. */
int verify_certificate_check(const struct verify_round *round,
                             const struct certificate *certificate, int *proved,
                             struct alm_error *err);

/* Do these prices, of all people and of all parts with a bed, prove that no plan of the round has
 * more than its plan states? 0, or -1 with REFUSED. */
int verify_certificate_dual(const struct verify_round *round, const struct verify_dual *dual,
                            struct alm_error *err);

/* Given a certificate that proves the plan: that of all best plans it is the one of the order of
 * ties (verify_ties.h), and of all prices that prove it those published are the least, and losses
 * the greatest (verify_margin.h). Bounds prove no such thing. 0, or -1 with REFUSED. */
int verify_certificate_unique(const struct verify_round *round,
                              const struct certificate *certificate, struct alm_error *err);

#endif
