/* core_basis.h - a basis that is one: out of columns and rows that were basic in some other
 * relaxation, and slack where they do not suffice. */
#ifndef ALMONER_CORE_BASIS_H
#define ALMONER_CORE_BASIS_H

#include "solver/core.h"

/* column_basic (by column of the core), row_basic (by row; 1 = its slack): flags, corrected here
 * until they are n_rows independent columns. */
void core_basis_repair(const struct core *core, unsigned char *column_basic,
                       unsigned char *row_basic);

#endif
