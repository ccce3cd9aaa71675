/* data_dir.h - the daemon's own folder: made when missing, locked while somebody works in it. */
#ifndef ALMONER_DATA_DIR_H
#define ALMONER_DATA_DIR_H

#include "models/err.h"

/* Makes the folder (mode 0700) and takes its lock, waiting up to three seconds for one that is just
 * ending. `path` receives the absolute path (caller frees). The descriptor that holds the lock,
 * closed on exec; or -1. */
int data_dir_lock(const char *dir, char **path, struct alm_error *err);

char *data_dir_below(const char *dir, const char *name); /* "dir/name"; caller frees */

#endif
