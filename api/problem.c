/* problem.c - see problem.h. */
#include "api/problem.h"

#include "models/alloc.h"

#include <jansson.h>
#include <stdlib.h>

static const struct {
    int status;
    const char *title;
} titles[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
};

const char *problem_title(int status)
{
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (titles[i].status == status)
            return titles[i].title;
    return "Status";
}

/* What a client sent may come back in a message: it need not be UTF-8. */
static json_t *text(const char *words)
{
    json_t *string = json_string(words);
    return string ? string : json_string("(not UTF-8)");
}

static json_t *issues(const struct alm_error *err)
{
    json_t *list = json_array();
    for (size_t i = 0; i < err->n_issues; i++)
        json_array_append_new(
            list, json_pack("{s:o,s:o,s:o}", "pointer", text(err->issues[i].pointer), "code",
                            text(err->issues[i].code), "detail", text(err->issues[i].detail)));
    return list;
}

char *problem_json(const struct alm_error *err)
{
    int status = err_http_status(err->code);
    json_t *problem =
        json_pack("{s:s,s:s,s:i,s:s,s:o,s:o}", "type", "about:blank", "title",
                  problem_title(status), "status", status, "code", err_word(err->code), "detail",
                  text(err->message), "errors", issues(err));
    if (err->n_dropped)
        json_object_set_new(problem, "errors_left_out", json_integer((json_int_t)err->n_dropped));
    char *line = json_dumps(problem, JSON_COMPACT);
    json_decref(problem);
    return line;
}
