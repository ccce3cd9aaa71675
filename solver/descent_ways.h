/* descent_ways.h - the ways to fill a home with whole people that are worth about the most: how
 * many of each class it takes. Inside descent*.c only.
 *
 * A home has parts with beds, and minutes for all of them. Classes are people of one part who need
 * equal minutes. Owns its tables, which serve one home after the other. */
#ifndef ALMONER_DESCENT_WAYS_H
#define ALMONER_DESCENT_WAYS_H

#include <stddef.h>

struct descent_ways_class {
    size_t size, most;   /* minutes of one; who come at most */
    const double *sum;   /* [most + 1]: what the best of them are worth */
    size_t first, last;  /* found: so many come at least, at most */
    const double *mixes; /* from first to last: weight of all so many beside the best */
    double *chance;      /* [most + 1]; from first to last: that so many come */
};
struct descent_ways_part {
    size_t beds;
    struct descent_ways_class *classes;
    size_t n_classes;
};
struct descent_ways_home {
    size_t limit; /* of minutes */
    struct descent_ways_part *parts;
    size_t n_parts;
};
struct descent_ways *descent_ways_new(void);
void descent_ways_free(struct descent_ways *ways);
/* Those worth the most less `reach` or more; returns the most. */
double descent_ways_find(struct descent_ways *ways, const struct descent_ways_home *home,
                         double reach);
/* How likely each is; `mixes` are set. */
void descent_ways_weigh(struct descent_ways *ways, double heat);

#endif
