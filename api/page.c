/* page.c - see page.h. */
#include "api/page.h"

#include "models/fields.h"
#include "models/write_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT_USUAL = 100, LIMIT_MAX = 1000 };

/* An id, or a travel_id: two ends with a > between. */
static int is_cursor(const char *text)
{
    size_t len = strlen(text);
    return record_id_ok(text, len) || (len <= ID_MAX && strchr(text, '>'));
}

static int read_query(struct page *page, const struct call *call, struct alm_error *err)
{
    char text[32];
    *page = (struct page){.limit = LIMIT_USUAL};
    buffer_init(&page->out);
    if (call_query(call, "limit", text, sizeof text)) {
        char *end;
        long limit = strtol(text, &end, 10);
        if (!*text || *end || limit < 1 || limit > LIMIT_MAX)
            return err_issue(err, "?limit", "range", "must be a whole number from 1 to %d",
                             LIMIT_MAX);
        page->limit = (size_t)limit;
    }
    char cursor[ID_MAX + 2];
    call_query(call, "cursor", cursor, sizeof cursor);
    if (*cursor && !is_cursor(cursor))
        return err_issue(err, "?cursor", "syntax", "send the `next` of the page before");
    memcpy(page->cursor, cursor, sizeof page->cursor);
    return 0;
}

int page_init(struct page *page, struct call *call)
{
    struct alm_error err;
    err_init(&err);
    int result = read_query(page, call, &err);
    if (result != 0)
        call_fail(call, &err);
    else
        buffer_text(&page->out, "{\"items\":[");
    err_clear(&err);
    return result;
}

char *page_splice(char *object, const char *name, const char *json)
{
    struct buffer out;
    buffer_init(&out);
    size_t len = strlen(object);
    buffer_add(&out, object, len - 1);
    if (len > 2)
        buffer_text(&out, ",");
    write_json_text(&out, name);
    buffer_text(&out, ":");
    buffer_text(&out, json);
    buffer_text(&out, "}");
    free(object);
    return buffer_take(&out, NULL);
}

int page_add(struct page *page, const struct record *record)
{
    if (page->n == page->limit) {
        page->has_more = 1;
        return 0;
    }
    char tag[40];
    snprintf(tag, sizeof tag, "\"\\\"%" PRIu64 "\\\"\"", record->version);
    char *item = page_splice(record_to_json(record), "etag", tag);
    if (page->n++)
        buffer_text(&page->out, ",");
    buffer_text(&page->out, item);
    free(item);
    memcpy(page->last, record->id, sizeof page->last);
    return 1;
}

void page_send(struct page *page, struct call *call)
{
    buffer_text(&page->out, "],\"next\":");
    if (page->has_more)
        write_json_text(&page->out, page->last);
    else
        buffer_text(&page->out, "null");
    buffer_text(&page->out, "}");
    call_json(call, 200, buffer_take(&page->out, NULL), NULL);
}

static int refuse(struct call *call, int (*check)(const struct call *call, struct alm_error *err))
{
    struct alm_error err;
    err_init(&err);
    int status = check(call, &err);
    if (status != 0)
        call_fail(call, &err);
    err_clear(&err);
    return status != 0;
}

void page_send_records(struct call *call, enum record_type type,
                       int (*check)(const struct call *call, struct alm_error *err),
                       int (*fits)(const struct call *call, const struct record *record))
{
    struct page page;
    if ((check && refuse(call, check)) || page_init(&page, call) != 0)
        return;
    const struct record *record = region_after(call_region(call), type, page.cursor);
    for (; record; record = region_next(record))
        if (fits(call, record) && !page_add(&page, record))
            break;
    page_send(&page, call);
}
