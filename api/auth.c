/* auth.c - see auth.h. */
#include "api/auth.h"

#include <stdio.h>
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

static const struct applicant *person_of(const struct region *region, const struct record *record)
{
    if (record->type == RECORD_APPLICANT)
        return (const struct applicant *)record;
    if (record->type == RECORD_OFFER)
        return region_applicant(region, ((const struct offer *)record)->applicant_id);
    return NULL;
}

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

void auth_tag(const struct region *region, const struct record *record, struct auth_tag *tag)
{
    const struct applicant *person = person_of(region, record);
    tag->type = record->type;
    snprintf(tag->district, sizeof tag->district, "%s", person ? person->district : "");
    snprintf(tag->home, sizeof tag->home, "%s", home_of(region, record));
}

/* Supply is public among districts; people and their offers are not. */
int auth_sees_tag(const struct token *who, const struct auth_tag *tag)
{
    int is_of_person = tag->type == RECORD_APPLICANT || tag->type == RECORD_OFFER;
    int is_of_all = tag->type == RECORD_ROUND || tag->type == RECORD_POLICY;
    if (who->role == ROLE_DISTRICT)
        return !is_of_person || strcmp(tag->district, who->scope) == 0;
    if (who->role == ROLE_INSTITUTION)
        return is_of_all || strcmp(tag->home, who->scope) == 0;
    return 1;
}

int auth_sees(const struct token *who, const struct region *region, const struct record *record)
{
    struct auth_tag tag;
    auth_tag(region, record, &tag);
    return auth_sees_tag(who, &tag);
}

const struct record *auth_find(const struct token *who, const struct region *region,
                               enum route_object object, const char *id)
{
    const struct record *record = *id ? region_find(region, objects[object].type, id) : NULL;
    return record && auth_sees(who, region, record) ? record : NULL;
}
