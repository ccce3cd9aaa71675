/* near_inside.h - what both looks at pairs share. Inside near*.c only. */
#ifndef ALMONER_NEAR_INSIDE_H
#define ALMONER_NEAR_INSIDE_H

#include "models/alloc.h"
#include "solver/near.h"

/* Less than any pair leaves, and nothing overflows when it is added to some prices. */
#define NEAR_NOTHING_LEFT (INT64_MIN / 2)

static inline void near_list_add(struct near_list *list, const struct near_pair *pair)
{
    ALLOC_GROW(list->pairs, list->n, list->room);
    list->pairs[list->n++] = *pair;
}

/* `more` comes after what is there, and is empty then. */
void near_list_append(struct near_list *list, struct near_list *more);

#endif
