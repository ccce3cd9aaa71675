/* candidates.h - which pools are worth asking the rules about, for one person after another.
 *
 * Pools lie in groups that take the same kind, sex and levels, each sorted by its place on the
 * sphere; a person looks into the groups that take them and there only where the home may be near
 * enough. What is left out is certainly not eligible: wrong kind, level or sex, or farther away
 * than the limit. What is left in is for the rules to judge (eligibility.h). */
#ifndef ALMONER_CANDIDATES_H
#define ALMONER_CANDIDATES_H

#include "models/geo.h"
#include "solver/problem.h"

struct candidates;

/* From the parts of the problem alone; const from then on, so that threads may share it. `asked`:
 * by pool, which there are for a person at all, the caller's as long as this lives; NULL = all. */
struct candidates *candidates_new(const struct problem *problem, const unsigned char *asked);
void candidates_free(struct candidates *candidates);

/* What one person sees. One per thread. */
struct candidates_view {
    const struct candidates *candidates;
    const struct applicant *applicant;
    struct geo_point at;
    uint64_t *bits; /* one per pool, by number: asked about */
    size_t n_words;
    int64_t *row_metres; /* per home: what travel.csv says */
    uint32_t *row_of;    /* per home: the look that found the row */
    uint32_t n_looks;
};
void candidates_view_init(struct candidates_view *view, const struct candidates *candidates);
void candidates_view_clear(struct candidates_view *view);

/* Turns to a person who goes at most `limit_m` metres. */
void candidates_look(struct candidates_view *view, const struct applicant *applicant,
                     int64_t limit_m);
/* One more pool to ask about. */
void candidates_add(struct candidates_view *view, uint32_t pool);
/* The first pool from that number on that is left in; PROBLEM_NONE = no more. */
uint32_t candidates_next(const struct candidates_view *view, uint32_t pool);
/* What region_metres says for the person and that pool's home. */
int64_t candidates_metres(const struct candidates_view *view, uint32_t pool);

#endif
