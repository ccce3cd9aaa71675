/* list.h - a small ordered list of strings (ids, flags, capability codes) inside a record. */
#ifndef ALMONER_LIST_H
#define ALMONER_LIST_H

#include <stddef.h>

struct list {
    char **items;
    size_t n;
};

void list_clear(struct list *list);
void list_add(struct list *list, const char *text, size_t len);
void list_copy(struct list *to, const struct list *from); /* `to` is overwritten, not freed */
int list_has(const struct list *list, const char *text);
size_t list_index(const struct list *list, const char *text); /* list->n when it is not there */

#endif
