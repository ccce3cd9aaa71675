/* auth.c - see auth.h. */
#include "api/auth.h"

#include <string.h>
#include <strings.h>

static const struct {
    const char *word;
    enum record_type type;
} objects[] = {
    [ROUTE_APPLICANT] = {"applicant", RECORD_APPLICANT},
    [ROUTE_INSTITUTION] = {"institution", RECORD_INSTITUTION},
    [ROUTE_POOL] = {"pool", RECORD_POOL},
    [ROUTE_OFFER] = {"offer", RECORD_OFFER},
    [ROUTE_RESIDENT] = {"resident", RECORD_APPLICANT},
    [ROUTE_ROUND] = {"round", RECORD_ROUND},
};

enum record_type auth_type(enum route_object object)
{
    return objects[object].type;
}

int auth_missing(enum route_object object, const char *id, struct alm_error *err)
{
    return err_set(err, ERR_NOT_FOUND, "there is no %s %s", objects[object].word, id);
}

int auth_who(const struct tokens *tokens, const struct http_request *request, struct token *who,
             struct alm_error *err)
{
    const char *value = gate_header(&request->head, "authorization");
    if (!value || strncasecmp(value, "Bearer ", 7) != 0)
        return err_set(err, ERR_UNAUTHORIZED, "send `Authorization: Bearer <token>`");
    const struct token *token = tokens_find(tokens, value + 7);
    if (!token)
        return err_set(err, ERR_UNAUTHORIZED, "this token is not known here");
    *who = *token;
    return 0;
}

static int district_sees(const char *district, const struct region *region,
                         const struct record *record)
{
    if (record->type == RECORD_OFFER)
        record = region_find(region, RECORD_APPLICANT,
                             ((const struct offer *)record)->applicant_id);
    if (!record || record->type != RECORD_APPLICANT)
        return record != NULL;
    return strcmp(((const struct applicant *)record)->district, district) == 0;
}

/* The home that a record belongs to; "" = to none. */
static const char *home_of(const struct region *region, const struct record *record)
{
    if (record->type == RECORD_INSTITUTION)
        return record->id;
    if (record->type == RECORD_POOL)
        return ((const struct pool *)record)->institution_id;
    if (record->type == RECORD_OFFER)
        return ((const struct offer *)record)->institution_id;
    if (record->type != RECORD_APPLICANT)
        return "";
    const struct pool *pool = region_pool(region, ((const struct applicant *)record)->current_pool);
    return pool ? pool->institution_id : "";
}

int auth_sees(const struct token *who, const struct region *region, const struct record *record)
{
    if (who->role == ROLE_DISTRICT)
        return district_sees(who->scope, region, record);
    if (who->role != ROLE_INSTITUTION || record->type == RECORD_ROUND ||
        record->type == RECORD_POLICY)
        return 1;
    const char *home = home_of(region, record);
    return *home && strcmp(home, who->scope) == 0;
}

const struct record *auth_find(const struct token *who, const struct region *region,
                               enum route_object object, const char *id)
{
    const struct record *record = *id ? region_find(region, objects[object].type, id) : NULL;
    return record && auth_sees(who, region, record) ? record : NULL;
}
