/* plan_prices.h - the shadow prices of a plan in JSON. Inside the *_json.c files only. */
#ifndef ALMONER_PLAN_PRICES_H
#define ALMONER_PLAN_PRICES_H

#include "models/alloc.h"
#include "models/plan.h"
#include "models/read_json.h"

/* `"shadow_prices": [...]`, before it what they are where they are not exact, and `,
 * "reserve_prices": [...]` when there are any. */
void plan_prices_write(const struct plan *plan, struct buffer *out);
/* Both lists of a plan whose objectives have been read. */
void plan_prices_read(struct read_json *at, const json_t *root, struct plan *plan);

#endif
