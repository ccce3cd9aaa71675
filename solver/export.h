/* export.h - the round's model for other solvers: LP (maximised), MPS or DIMACS min-cost flow
 * (minimised, the gains' signs turned). GLPK writes the first two. */
#ifndef ALMONER_EXPORT_H
#define ALMONER_EXPORT_H

#include "models/alloc.h"
#include "models/policy.h"
#include "models/region.h"

enum export_format { EXPORT_MPS, EXPORT_LP, EXPORT_DIMACS };

/* Adds the full model of one objective (all eligible pairs; coupled rows included; DIMACS refuses
 * them with UNSUPPORTED) to `text`, and to `map` one line per row and column: its name and what it
 * means. */
int export_model(const struct region *region, const struct policy *policy, int64_t now,
                 enum objective objective, enum export_format format, struct buffer *text,
                 struct buffer *map, struct alm_error *err);

#endif
