/* transport_sample.h - smaller rounds that are like the whole one: every second person with every
 * second bed, every fourth, and so on. Inside transport*.c only.
 *
 * People who have most at the same parts stand next to each other in a line, and so do parts that
 * the same people would choose first and second; every second one of such a line is like the whole,
 * here as well as there. It depends on the gains alone, and each sample contains the next. */
#ifndef ALMONER_TRANSPORT_SAMPLE_H
#define ALMONER_TRANSPORT_SAMPLE_H

#include "solver/transport_rows.h"

struct transport_sample {
    uint32_t *place; /* by person: in the line of the people; PROBLEM_NONE = has no way at all */
    uint32_t *parts; /* the line of the parts */
    uint32_t n_parts, n_people; /* people in the line */
};

void transport_sample_init(struct transport_sample *sample, const struct transport_rows *rows);
void transport_sample_clear(struct transport_sample *sample);

/* Is the person, who has a way, in the sample that was halved so often? */
int transport_sample_has(const struct transport_sample *sample, uint32_t person, unsigned halvings);

/* Makes the beds of each part in the round those in that sample: along the line their sum is never
 * a bed off. */
void transport_sample_beds(const struct transport_sample *sample, unsigned halvings,
                           int64_t *capacity);

#endif
