/* demo.h - what --demo adds: the shipped city (drawn, not observed), and one token and link per
 * role. */
#ifndef ALMONER_DEMO_H
#define ALMONER_DEMO_H

#include "scheduler/writer.h"

/* Puts the shipped city into an empty region through the writer, with the use cases that an office
 * would call; a region that has institutions is left as it is. on_done once, err NULL = done, never
 * before this returns. */
void demo_load(struct writer *writer, int64_t now,
               void (*on_done)(void *arg, const struct alm_error *err), void *arg);

/* Makes a token per role in the file at `tokens_path` and prints them with a link each to stdout.
 */
int demo_tokens(const struct region *region, const char *tokens_path, const char *address,
                struct alm_error *err);

#endif
