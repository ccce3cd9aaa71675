/* model_cuts.h - rows that are added to a model because no plan breaks them, though fractions do.
 *
 * They come after the rows that say what a plan is; nothing of the meaning of the model changes,
 * and an export has none of them. */
#ifndef ALMONER_MODEL_CUTS_H
#define ALMONER_MODEL_CUTS_H

#include "solver/model.h"

struct model_cut {
    uint32_t base; /* row of the model that it follows from */
    int64_t upper;
    struct model_entry *entries; /* `row` = column of the model, pairs, loads, rooms */
    size_t n;
};

/* How many more the model has room for, those at rest not counted. */
size_t model_cuts_room(const struct model *model);
/* At most so many, in rows of those at rest and new ones. Entries of columns lie elsewhere
 * afterwards. */
void model_cuts_add(struct model *model, const struct model_cut *cuts, size_t n);
/* A cut that is of no use (any more) limits nothing from now on; its row is there for another. */
void model_cuts_rest(struct model *model, uint32_t row);

#endif
