/* list.c - see list.h. */
#include "models/list.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

void list_clear(struct list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct list){0};
}

void list_add(struct list *list, const char *text, size_t len)
{
    /* the room is not kept: it is the least power of two that holds n */
    if ((list->n & (list->n - 1)) == 0)
        list->items = alloc_resize(list->items, list->n ? list->n * 2 : 1, sizeof *list->items);
    list->items[list->n++] = alloc_string_n(text, len);
}

void list_copy(struct list *to, const struct list *from)
{
    *to = (struct list){0};
    for (size_t i = 0; i < from->n; i++)
        list_add(to, from->items[i], strlen(from->items[i]));
}

int list_has(const struct list *list, const char *text)
{
    return list_index(list, text) < list->n;
}

size_t list_index(const struct list *list, const char *text)
{
    size_t i = 0;
    while (i < list->n && strcmp(list->items[i], text) != 0)
        i++;
    return i;
}
