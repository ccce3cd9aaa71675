/* talk.c - see talk.h. */
#include "tests/talk.h"

#include "tests/api_seed.h"
#include "tests/check.h"
#include "tests/http_client.h"

#include <stdio.h>
#include <string.h>

struct api_server talk_server;

void talk_begin(void)
{
    struct region *region = api_seed_region();
    api_seed_applicant(region, "A1", "North");
    api_seed_applicant(region, "B1", "South");
    api_server_start(&talk_server, region, 0);
}

void talk_end(void)
{
    CU_ASSERT_EQUAL(api_server_stop(&talk_server), 0);
}

json_t *talk_say(const char *who, const char *method, const char *path, const char *headers,
                 const char *body, int status)
{
    struct http_answer answer;
    http_client_ask(talk_server.port, method, path, who, headers, body, &answer);
    CU_ASSERT_EQUAL(answer.status, status);
    if (answer.status != status)
        printf("\n    %s %s: %d, expected %d: %.300s", method, path, answer.status, status,
               answer.body ? answer.body : "");
    json_t *json = answer.body ? json_loads(answer.body, 0, NULL) : NULL;
    http_answer_clear(&answer);
    return json;
}

void talk_tell(const char *who, const char *method, const char *path, const char *headers,
               const char *body, int status)
{
    json_decref(talk_say(who, method, path, headers, body, status));
}

const char *talk_text(const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return text ? text : "";
}

const char *talk_north(void)
{
    return talk_server.tokens[ROLE_DISTRICT];
}

const char *talk_home(void)
{
    return talk_server.tokens[ROLE_INSTITUTION];
}

const char *talk_planner(void)
{
    return talk_server.tokens[ROLE_PLANNER];
}

const char *talk_admin(void)
{
    return talk_server.tokens[ROLE_ADMIN];
}

size_t talk_walk(const char *base, const char *who, const char *key, char last[ID_MAX + 1])
{
    char path[256], cursor[ID_MAX + 1] = "";
    size_t n = 0;
    last[0] = '\0';
    do {
        snprintf(path, sizeof path, "%s%s%s", base, *cursor ? "&cursor=" : "", cursor);
        json_t *page = talk_say(who, "GET", path, "", NULL, 200), *item;
        size_t i;
        json_array_foreach(json_object_get(page, "items"), i, item)
        {
            CU_ASSERT(strcmp(talk_text(item, key), last) > 0);
            CU_ASSERT(*talk_text(item, "etag") == '"');
            snprintf(last, ID_MAX + 1, "%s", talk_text(item, key));
            n++;
        }
        snprintf(cursor, sizeof cursor, "%s", talk_text(page, "next"));
        json_decref(page);
    } while (*cursor);
    return n;
}
