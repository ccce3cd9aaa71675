/* write.c - see write.h. */
#include "api/write.h"

#include "models/alloc.h"
#include "models/stamp.h"

#include <stdlib.h>
#include <string.h>

struct write *write_new(struct call *call, write_decide_fn decide)
{
    struct write *write = alloc_zero(1, sizeof *write);
    write->call = call;
    write->type = auth_type(call->route->object);
    write->status = call->route->status;
    write->decide = decide;
    write->until = STAMP_NONE;
    write->usable = write->occupied = write->staffed = -1;
    memcpy(write->id, call->id, sizeof write->id);
    return write;
}

/* The write alone: a refused handler still answers its call. */
static void write_free(struct write *write)
{
    if (!write)
        return;
    record_free(write->record);
    free(write->person_json);
    free(write);
}

const struct record *write_held(const struct write *write, const struct region *region)
{
    return region_find(region, write->type, write->id);
}

/* Does an If-Match value name this version? `"3"`, a list of such, or `*`. */
static int names_version(const char *value, uint64_t version)
{
    if (strcmp(value, "*") == 0)
        return 1;
    for (const char *tag = strchr(value, '"'); tag; tag = strchr(tag, '"')) {
        char *end;
        uint64_t number = strtoull(++tag, &end, 10);
        if (*end != '"')
            return 0;
        if (end > tag && number == version)
            return 1;
        tag = end + 1;
    }
    return 0;
}

static int check_match(const char *if_match, const struct record *held, struct alm_error *err)
{
    if (names_version(if_match, held->version))
        return 0;
    return err_set(err, ERR_PRECONDITION,
                   "If-Match: the record is at version %llu by now: read it again",
                   (unsigned long long)held->version);
}

/* A PUT says whether it means to replace or to create. */
static int check_put(const struct write *write, const struct record *held,
                     const struct record *visible, struct alm_error *err)
{
    const struct gate_head *head = &write->call->request->head;
    const char *if_match = gate_header(head, "if-match");
    const char *if_none = gate_header(head, "if-none-match");
    if (if_none && strcmp(if_none, "*") == 0)
        return held ? err_set(err, ERR_PRECONDITION,
                              "If-None-Match: there is a record with the id %s already", write->id)
                    : 0;
    if (!if_match)
        return err_set(err, ERR_PRECONDITION_REQUIRED,
                       "send If-Match with the ETag that you read to replace, or "
                       "If-None-Match: * to create");
    if (!visible)
        return auth_missing(write->call->route->object, write->id, err);
    return check_match(if_match, held, err);
}

static int check_conditions(const struct write *write, const struct region *region,
                            struct alm_error *err)
{
    const struct call *call = write->call;
    if (call->route->object == ROUTE_NOTHING)
        return 0;
    const struct record *held = write_held(write, region);
    const struct record *visible = auth_find(&call->who, region, call->route->object, write->id);
    if (call->route->flags & ROUTE_CREATES)
        return check_put(write, held, visible, err);
    if (!visible)
        return auth_missing(call->route->object, write->id, err);
    const char *if_match = gate_header(&call->request->head, "if-match");
    if (if_match)
        return check_match(if_match, held, err);
    if (call->route->flags & ROUTE_IF_MATCH)
        return err_set(err, ERR_PRECONDITION_REQUIRED, "send If-Match with the ETag that you read");
    return 0;
}

static int on_decide(const struct region *region, void *arg, int64_t now, struct change *change,
                     struct alm_error *err)
{
    const struct write *write = arg;
    if (check_conditions(write, region, err) != 0)
        return -1;
    return write->decide(write, region, now, change, err);
}

/* A first answer is given again; what the record became since then is for those who see it. */
static int may_show(const struct call *call, const struct region *region,
                    const struct record *record, const struct change_idempotency *repeated)
{
    return !repeated || record->version == repeated->record_version ||
           auth_sees(&call->who, region, record);
}

/* The first one went to another daemon, whose change has not come here yet? */
static int is_to_come(const struct record *record, const struct change_idempotency *repeated)
{
    return repeated && (!record || record->version < repeated->record_version);
}

static void answer_done(struct write *write, const struct writer_result *result)
{
    struct call *call = write->call;
    const struct change_idempotency *repeated = result->repeated;
    const char *id = repeated ? repeated->record_id : write->id;
    const struct record *record = region_find(result->region, write->type, id);
    if (is_to_come(record, repeated))
        call_refuse(call, ERR_UNAVAILABLE,
                    "this request was done before, but not by this daemon, which has not heard of "
                    "it yet: ask again with the same Idempotency-Key");
    else if (record && may_show(call, result->region, record, repeated))
        call_record(call, repeated ? repeated->status : write->status, record);
    else
        call_refuse(call, ERR_NOT_FOUND, "there is no %s %s",
                    words_name(&words_record_type, write->type), id);
}

static void on_done(void *arg, const struct writer_result *result)
{
    struct write *write = arg;
    if (result->err)
        call_fail(write->call, result->err);
    else
        answer_done(write, result);
    write_free(write);
}

void write_submit(struct write *write)
{
    struct call *call = write->call;
    struct change_idempotency idempotency = {0};
    struct alm_error err;
    err_init(&err);
    if (call->request->head.method == GATE_POST &&
        call_idempotency(call, &idempotency, &err) != 0) {
        call_fail(call, &err);
        write_free(write);
        return;
    }
    idempotency.status = write->status;
    memcpy(idempotency.record_id, write->id, sizeof idempotency.record_id);
    writer_submit(call->context->writer, on_decide, write, idempotency.key[0] ? &idempotency : NULL,
                  on_done, write);
}

/* Fills in what the body says, and submits; or answers what is wrong with it. */
static void read_and_submit(struct write *write, const struct read_json_member *members, size_t n)
{
    struct alm_error err;
    err_init(&err);
    if (body_read(write->call, members, n, write, &err) == 0) {
        write_submit(write);
    } else {
        call_fail(write->call, &err);
        write_free(write);
    }
    err_clear(&err);
}

void write_action(struct call *call, write_decide_fn decide, const struct read_json_member *members,
                  size_t n)
{
    read_and_submit(write_new(call, decide), members, n);
}

static int decide_step(const struct write *write, const struct region *region, int64_t now,
                       struct change *change, struct alm_error *err)
{
    return write->step(region, write->id, now, change, err);
}

void write_step(struct call *call, write_step_fn step)
{
    struct write *write = write_new(call, decide_step);
    write->step = step;
    read_and_submit(write, NULL, 0);
}

static int decide_close(const struct write *write, const struct region *region, int64_t now,
                        struct change *change, struct alm_error *err)
{
    if (write->closed_reason == CLOSED_NONE)
        return err_issue(err, "/reason", "required", "died, withdrew, ineligible or other");
    return write->close(region, write->id, (enum closed_reason)write->closed_reason, now, change,
                        err);
}

void write_close(struct call *call, write_close_fn close, enum closed_reason reason)
{
    static const struct read_json_member members[] = {
        {.name = "reason",
         .read = read_json_word,
         .offset = offsetof(struct write, closed_reason),
         .words = &words_closed_reason}};
    struct write *write = write_new(call, decide_close);
    write->close = close;
    write->closed_reason = (int)reason;
    read_and_submit(write, members, 1);
}
