/* body.c - see body.h. */
#include "api/body.h"

#include <string.h>
#include <strings.h>

int body_is_json(const struct call *call, struct alm_error *err)
{
    const char *type = gate_header(&call->request->head, "content-type");
    if (!type || !call->request->body_len)
        return 0;
    size_t len = strcspn(type, "; ");
    /* curl -d says form-urlencoded unless told otherwise: what counts is that it reads as JSON */
    static const char *const known[] = {"application/json", "application/merge-patch+json",
                                        "application/x-www-form-urlencoded"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i]) == len && strncasecmp(type, known[i], len) == 0)
            return 0;
    return err_set(err, ERR_MEDIA_TYPE, "Content-Type: application/json is expected");
}

int body_read(const struct call *call, const struct read_json_member *members, size_t n,
              void *target, struct alm_error *err)
{
    const struct http_request *request = call->request;
    int is_empty = request->body_len == 0;
    struct read_json at;
    if (body_is_json(call, err) != 0)
        return -1;
    read_json_init(&at, err);
    json_t *value =
        read_json_parse(is_empty ? "{}" : request->body, is_empty ? 2 : request->body_len, &at);
    if (value)
        read_json_members(&at, value, members, n, target);
    json_decref(value);
    return at.n_issues ? -1 : 0;
}
