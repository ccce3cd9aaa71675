/* institutions.c - homes, their pools of beds and the thirty-second posting over HTTP. The rules
 * are in scheduler/usecases/vacancy.c. */
#include "api/handlers.h"
#include "api/page.h"
#include "api/write.h"
#include "models/fields.h"
#include "scheduler/usecases/usecases.h"

#include <string.h>

enum { POSTED_BEDS_MAX = 1000000 };

static void send_one(struct call *call)
{
    call_record(call, 200,
                region_find(call_region(call), auth_type(call->route->object), call->id));
}

void institutions_get(struct call *call)
{
    send_one(call);
}

static int pool_fits(const struct call *call, const struct record *record)
{
    const struct pool *pool = (const struct pool *)record;
    return auth_sees(&call->who, call_region(call), record) &&
           call_query_is(call, "institution", pool->institution_id) &&
           call_query_is(call, "kind", words_name(&words_kind, (int)pool->kind));
}

void institutions_list_pools(struct call *call)
{
    page_send_records(call, RECORD_POOL, NULL, pool_fits);
}

void institutions_get_pool(struct call *call)
{
    send_one(call);
}

/* The whole record from the body, its id from the path. A refused one is answered here. */
static struct write *read_put(struct call *call, write_decide_fn decide)
{
    struct alm_error err;
    err_init(&err);
    enum route_object object = call->route->object;
    struct write *write = NULL;
    struct record *record = NULL;
    if (!*call->id)
        err_issue(&err, "/", "syntax", "the id in the path is not one");
    else if (body_is_json(call, &err) == 0)
        record = record_from_json(auth_type(object), call->request->body, call->request->body_len,
                                  auth_find(&call->who, call_region(call), object, call->id), 0,
                                  call->id, NULL, &err);
    if (record) {
        write = write_new(call, decide);
        write->record = record;
        int creates = gate_header(&call->request->head, "if-none-match") != NULL;
        write->status = creates ? 201 : 200;
    } else {
        call_fail(call, &err);
    }
    err_clear(&err);
    return write;
}

static int decide_institution(const struct write *write, const struct region *region, int64_t now,
                              struct change *change, struct alm_error *err)
{
    return vacancy_put_institution(region, (const struct institution *)write->record, now, change,
                                   err);
}

void institutions_put(struct call *call)
{
    struct write *write = NULL;
    if (call->who.role == ROLE_INSTITUTION && strcmp(call->who.scope, call->id) != 0)
        call_missing(call);
    else
        write = read_put(call, decide_institution);
    if (write)
        write_submit(write);
}

static int decide_pool(const struct write *write, const struct region *region, int64_t now,
                       struct change *change, struct alm_error *err)
{
    const struct pool *pool = (const struct pool *)write->record;
    const struct token *who = &write->call->who;
    if (who->role == ROLE_INSTITUTION && strcmp(pool->institution_id, who->scope) != 0) {
        err_set(err, ERR_FORBIDDEN, "/institution_id: this token is for pools of %s only",
                who->scope);
        return err_issue(err, "/institution_id", "scope", "must be %s for this token", who->scope);
    }
    return vacancy_put_pool(region, pool, now, change, err);
}

void institutions_put_pool(struct call *call)
{
    struct write *write = read_put(call, decide_pool);
    if (write)
        write_submit(write);
}

static int decide_vacancy(const struct write *write, const struct region *region, int64_t now,
                          struct change *change, struct alm_error *err)
{
    if (write->usable < 0 && write->occupied < 0 && write->staffed < 0)
        return err_issue(err, "", "required", "send beds_usable, beds_occupied or beds_staffed");
    return vacancy_post(region, write->id, write->usable, write->occupied, write->staffed, now,
                        change, err);
}

#define COUNT(word, member)                                                                        \
    {                                                                                              \
        .name = word, .read = read_json_int, .offset = offsetof(struct write, member), .min = 0,   \
        .max = POSTED_BEDS_MAX                                                                     \
    }

void institutions_put_vacancy(struct call *call)
{
    static const struct read_json_member members[] = {COUNT("beds_usable", usable),
                                                      COUNT("beds_occupied", occupied),
                                                      COUNT("beds_staffed", staffed)};
    write_action(call, decide_vacancy, members, sizeof members / sizeof *members);
}
