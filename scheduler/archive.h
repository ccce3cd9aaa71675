/* archive.h - what every round leaves behind, so that it can be proved and replayed: DIR/<number>/
 * with snapshot.tar, policy.json, plan.json and certificate.json. Without personal data: none is in
 * a region.
 *
 * A folder appears whole (temporary name, fsync, rename), is never changed afterwards, and goes as
 * a whole. */
#ifndef ALMONER_ARCHIVE_H
#define ALMONER_ARCHIVE_H

#include "models/err.h"
#include "models/region.h"

#include <stdint.h>

/* The policy is the one of the region; plan and certificate are JSON texts. */
int archive_put(const char *dir, int64_t number, const struct region *region, const char *plan,
                const char *certificate, struct alm_error *err);

/* The bytes of one of those files (any other name is NOT_FOUND, like a round that is not there);
 * caller frees. */
char *archive_get(const char *dir, int64_t number, const char *name, size_t *len,
                  struct alm_error *err);

/* The frozen region of a round with its policy; caller frees. */
struct region *archive_region(const char *dir, int64_t number, struct alm_error *err);

/* Removes archives that `is_old` says are, but never the newest: the next round starts from it. At
 * most so many; how many went, with the error of one that cannot be removed. */
size_t archive_prune(const char *dir, int (*is_old)(const void *arg, int64_t number),
                     const void *arg, size_t most, struct alm_error *err);

int64_t archive_last(const char *dir); /* greatest number, 0 = none */

#endif
