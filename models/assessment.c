/* assessment.c - see assessment.h. */
#include "models/assessment.h"

#include "models/stamp.h"

enum { GBT42195_TOTAL = 90, GBT42195_WORST = 4, GBT42195_RISK_EVENTS = 2 };

int assessment_gbt42195_level(int total, int is_coma, int has_dementia, int has_mental_disorder,
                              int risk_events_30_days)
{
    /* the least total of each level */
    static const int least[GBT42195_WORST + 1] = {90, 66, 46, 30, 0};
    if (total < 0 || total > GBT42195_TOTAL || risk_events_30_days < 0)
        return -1;
    int level = 0;
    while (total < least[level])
        level++;
    level += !!has_dementia + !!has_mental_disorder + (risk_events_30_days >= GBT42195_RISK_EVENTS);
    return is_coma || level > GBT42195_WORST ? GBT42195_WORST : level;
}

int assessment_is_valid(const struct applicant *applicant, int64_t now)
{
    int64_t last_day = applicant->assessment_valid_until;
    return last_day == STAMP_NONE || now < last_day + STAMP_DAY_S;
}
