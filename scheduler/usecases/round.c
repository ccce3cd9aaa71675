/* round.c - the record of a round: made when it starts, filled when it ends. See usecases.h. */
#include "scheduler/usecases/usecases.h"

#include "models/alloc.h"
#include "scheduler/usecases/usecase.h"

#include <stdlib.h>

int round_open(const struct region *region, const struct round *round, int64_t now,
               struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    if (region_find(region, RECORD_ROUND, round->record.id))
        return err_set(err, ERR_CONFLICT, "round %s has been started by another daemon",
                       round->record.id);
    change_add(change, &round->record);
    usecase_event(&uc, EVENT_ROUND_STARTED, round->record.id);
    return 0;
}

int round_record(const struct region *region, const struct round *round, int64_t now,
                 struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    const struct record *held = region_find(region, RECORD_ROUND, round->record.id);
    if (!held)
        return err_set(err, ERR_NOT_FOUND, "round %s was never started", round->record.id);
    change_replace(change, held, &round->record);
    usecase_event(&uc, EVENT_ROUND_FINISHED, round->record.id);
    return 0;
}

int round_close_left(const struct region *region, int64_t now, struct change *change,
                     struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    const struct record *record = region_first(region, RECORD_ROUND);
    for (; record; record = region_next(record)) {
        if (round_state((const struct round *)record) == ROUND_FINISHED)
            continue;
        struct round *left = (struct round *)change_edit(change, record);
        left->finished_at = now;
        free(left->message);
        left->message = alloc_string("the daemon ended in the middle of it");
        usecase_event(&uc, EVENT_ROUND_FINISHED, record->id);
    }
    return 0;
}
