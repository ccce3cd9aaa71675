/* round.c - the record of a round. See usecases.h. */
#include "scheduler/usecases/usecases.h"

#include "scheduler/usecases/usecase.h"

int round_record(const struct region *region, const struct round *round, int64_t now,
                 struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    if (region_find(region, RECORD_ROUND, round->record.id))
        return err_set(err, ERR_CONFLICT, "round %s has been recorded already", round->record.id);
    change_add(change, &round->record);
    usecase_event(&uc, EVENT_ROUND_FINISHED, round->record.id);
    return 0;
}
