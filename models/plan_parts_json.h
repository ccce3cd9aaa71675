/* plan_parts_json.h - what plans and certificates are written and read alike: members, lists with
 * one element a line, objectives. For plan_json.c, which has them, and certificate_json.c. */
#ifndef ALMONER_PLAN_PARTS_JSON_H
#define ALMONER_PLAN_PARTS_JSON_H

#include "models/alloc.h"
#include "models/plan.h"
#include "models/read_json.h"

enum { PLAN_TEXT_MAX = 4000 };

/* -- writing -- */

void plan_json_member(struct buffer *out, const char *name, const char *text);
/* `"name": [` + one line per element + `]`; `write` is given the context. */
void plan_json_list(struct buffer *out, const char *name, const void *list, size_t n, size_t size,
                    void (*write)(struct buffer *out, const void *element, const void *context),
                    const void *context);
void plan_json_objective(struct buffer *out, const void *element, const void *context);

/* -- reading -- */

void plan_json_read_format(struct read_json *at, const json_t *value, const char *format);
/* An array of objects with the same members; `list` gets room for all, each at zero. */
void plan_json_read_list(struct read_json *at, const json_t *value,
                         const struct read_json_member *members, size_t n_members, size_t size,
                         void **list, size_t *n);
/* Each objective once; returns how many there are, 0 with issues. */
size_t plan_json_read_objectives(struct read_json *at, const json_t *value,
                                 struct objective_value objectives[OBJECTIVE_COUNT]);

#endif
