/* verify_load.h - the nursing minutes of one institution: what the people who could be there are
 * worth at most, as many of them as its staff can look after.
 *
 * People who need equally many minutes count alike, so a plan is a number of people per class. All
 * numbers are tried (a table over the minutes taken), in whole numbers: the answer is exact, or,
 * where the table would be too long, a bound on it. */
#ifndef ALMONER_VERIFY_LOAD_H
#define ALMONER_VERIFY_LOAD_H

#include <stddef.h>
#include <stdint.h>

struct verify_load_class {
    int64_t minutes;       /* > 0 */
    int64_t people;        /* who need so many and could be there */
    int64_t price;         /* what one of them there is worth to the staff; any sign */
    __int128 loss;         /* of the worth, at least, when one of them is there: set by weighing */
    const int64_t *stated; /* the prices of all objectives; NULL = 0 */
};

struct verify_load {
    struct verify_load_class *classes; /* by minutes */
    size_t n;
    int64_t limit;          /* minutes of all who are there, at most */
    int64_t unit, cells;    /* of the table: minutes a cell, cells; 0 cells = none */
    unsigned char *allowed; /* by cell: minutes that the people of a plan can take in all */
    __int128 *most;         /* by cell: what people who take just so much are worth at most */
    __int128 worth;
};

/* Takes `classes` (ascending minutes, each once, with their people); free with verify_load_clear.
 */
void verify_load_init(struct verify_load *load, int64_t limit, struct verify_load_class *classes,
                      size_t n);
void verify_load_clear(struct verify_load *load);

/* NULL when nobody who could be there needs so many. */
struct verify_load_class *verify_load_find(const struct verify_load *load, int64_t minutes);

/* At the prices and numbers of the classes as they are now: sets `worth` and each class's loss. */
void verify_load_weigh(struct verify_load *load);
/* After that: from now on only minutes are allowed at which no more than `gap` is lost of the
 * worth. */
void verify_load_restrict(struct verify_load *load, __int128 gap);

#endif
