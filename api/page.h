/* page.h - lists, page by page: ?limit= (1-1000, 100 when not sent) and ?cursor= (the `next` of the
 * page before). */
#ifndef ALMONER_PAGE_H
#define ALMONER_PAGE_H

#include "api/call.h"
#include "models/alloc.h"

struct page {
    struct buffer out;
    size_t limit, n;
    char cursor[ID_MAX + 1]; /* "" = from the start */
    char last[ID_MAX + 1];   /* id of the last item put in */
    int has_more;
};

/* Reads the query: 0, or -1 and the call is answered (taken) with what is wrong with it. */
int page_init(struct page *page, struct call *call);
/* Puts the record in with its ETag. 0 = the page is full: it was not put in, stop. */
int page_add(struct page *page, const struct record *record);
/* Answers {"items":[...],"next":...} (null on the last page). Takes the call, clears the page. */
void page_send(struct page *page, struct call *call);
/* The three in one, over the records of a type in order of id: those that fit. `check`: is the
 * query well-formed? NULL = whatever it asks for, it fits or not. Takes the call. */
void page_send_records(struct call *call, enum record_type type,
                       int (*check)(const struct call *call, struct alm_error *err),
                       int (*fits)(const struct call *call, const struct record *record));

/* Adds a member to the JSON text of an object ("{...}", freed): `json` is the value's JSON text. */
char *page_splice(char *object, const char *name, const char *json);

#endif
