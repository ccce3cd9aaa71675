/* write_json.h - JSON text straight into a buffer, for documents too big for a tree. */
#ifndef ALMONER_WRITE_JSON_H
#define ALMONER_WRITE_JSON_H

#include "models/alloc.h"

#include <stdint.h>

/* A JSON string with its quotes; UTF-8 passes as it is. NULL is written as "". */
void write_json_text(struct buffer *out, const char *text);
void write_json_int(struct buffer *out, int64_t number);
/* `"name": ` with nothing before or behind it. */
void write_json_name(struct buffer *out, const char *name);

#endif
