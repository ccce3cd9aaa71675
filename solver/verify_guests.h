/* verify_guests.h - the most that people can be worth whom one institution takes: so many beds in
 * each part, so many nursing minutes in all, whole people only.
 *
 * Everything that is possible is tried (a table over beds and minutes), in whole numbers. Knows no
 * prices and owns only its table. */
#ifndef ALMONER_VERIFY_GUESTS_H
#define ALMONER_VERIFY_GUESTS_H

#include <stddef.h>
#include <stdint.h>

/* No guest is worth more. */
#define VERIFY_GUEST_WORTH_MOST ((__int128)1 << 90)

struct verify_guest {
    size_t row;    /* of the part that they would be in */
    __int128 beds; /* of that part */
    int64_t minutes;
    __int128 worth; /* > 0 */
};

struct verify_guests {
    struct verify_guest *items;
    size_t n, room;
};

/* With so many minutes in all. Sorts the guests. *most: never below 0, since all can stay away.
 * 0 = the table would be too large, or somebody is worth too much, and nothing is said. */
int verify_guests_most(struct verify_guests *guests, int64_t minutes, __int128 *most);

#endif
