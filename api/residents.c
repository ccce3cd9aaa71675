/* residents.c - people who live in a home, over HTTP. The rules are in
 * scheduler/usecases/resident.c. */
#include "api/handlers.h"
#include "api/write.h"
#include "scheduler/usecases/usecases.h"

static int decide_discharge(const struct write *write, const struct region *region, int64_t now,
                            struct change *change, struct alm_error *err)
{
    if (write->word == CLOSED_NONE)
        return err_issue(err, "/reason", "required", "died, withdrew, ineligible or other");
    return resident_discharge(region, write->id, (enum closed_reason)write->word, now, change, err);
}

void residents_discharge(struct call *call)
{
    static const struct read_json_member members[] = {{.name = "reason",
                                                       .read = read_json_word,
                                                       .offset = offsetof(struct write, word),
                                                       .words = &words_closed_reason}};
    write_action(call, decide_discharge, CLOSED_OTHER, members, 1);
}

static int decide_leave(const struct write *write, const struct region *region, int64_t now,
                        struct change *change, struct alm_error *err)
{
    return resident_leave(region, write->id, now, change, err);
}

void residents_leave(struct call *call)
{
    write_action(call, decide_leave, 0, NULL, 0);
}

static int decide_return(const struct write *write, const struct region *region, int64_t now,
                         struct change *change, struct alm_error *err)
{
    return resident_return(region, write->id, now, change, err);
}

void residents_return(struct call *call)
{
    write_action(call, decide_return, 0, NULL, 0);
}
