/* assessment.h - need assessments: the national scale, and how long one is valid. */
#ifndef ALMONER_ASSESSMENT_H
#define ALMONER_ASSESSMENT_H

#include "models/record.h"

/* Ability level by GB/T 42195-2022: total 0..90 over 26 items; level 0 = 90, 1 = 66-89, 2 = 46-65,
 * 3 = 30-45, 4 = 0-29; coma = 4; dementia (F00-F03), another mental disorder (F04-F99), or >= 2
 * care-risk events in 30 days each make it one level worse (at most 4). -1 when total is outside
 * 0..90 or events are negative. */
int assessment_gbt42195_level(int total, int is_coma, int has_dementia, int has_mental_disorder,
                              int risk_events_30_days);

/* Valid through the whole of assessment_valid_until; an empty one is valid. */
int assessment_is_valid(const struct applicant *applicant, int64_t now);

#endif
