/* write.h - one change on its way: preconditions, a use case, the writer, the answer.
 *
 * Handlers fill in what the use case needs and submit; role and scope are checked again on the
 * region that the change is decided on. Owned by the submit once called. */
#ifndef ALMONER_WRITE_H
#define ALMONER_WRITE_H

#include "api/body.h"
#include "api/call.h"

struct write;

/* Calls a use case with what the handler put into the write. */
typedef int (*write_decide_fn)(const struct write *write, const struct region *region, int64_t now,
                               struct change *change, struct alm_error *err);

/* A use case that asks for nothing but the record's id; one that also asks why somebody leaves. */
typedef int (*write_step_fn)(const struct region *region, const char *id, int64_t now,
                             struct change *change, struct alm_error *err);
typedef int (*write_close_fn)(const struct region *region, const char *id,
                              enum closed_reason reason, int64_t now, struct change *change,
                              struct alm_error *err);

struct write {
    struct call *call;
    enum record_type type; /* the record that the answer shows */
    char id[ID_MAX + 1];
    int status; /* of a success */
    write_decide_fn decide;
    /* inputs; each handler uses what it needs */
    write_step_fn step;
    write_close_fn close;
    struct record *record; /* freed with the write */
    char *person_json;     /* freed with the write */
    char reason[ID_MAX + 1];
    int closed_reason;
    int64_t until;                     /* STAMP_NONE = not sent */
    int64_t usable, occupied, staffed; /* -1 = not sent */
};

/* For the {id} of the call's route, with its success status. */
struct write *write_new(struct call *call, write_decide_fn decide);
/* Takes the write and its call. */
void write_submit(struct write *write);

/* An action whose body, if any, fills the inputs by `members` (offsets within struct write). Takes
 * the call: submits, or answers what is wrong with the body. */
void write_action(struct call *call, write_decide_fn decide, const struct read_json_member *members,
                  size_t n);
/* An action that is one such use case. */
void write_step(struct call *call, write_step_fn step);
/* The body may say why, by a word of closed_reason; `reason` when it does not. */
void write_close(struct call *call, write_close_fn close, enum closed_reason reason);

/* What the path's id names, as the use cases see it; for decide functions of PATCH and PUT. */
const struct record *write_held(const struct write *write, const struct region *region);

#endif
