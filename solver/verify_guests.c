/* verify_guests.c - see verify_guests.h. Pure. */
#include "solver/verify_guests.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

/* Of a table: beds x minutes. */
enum { PLACES_MOST = 1 << 20 };
static const __int128 impossible = -((__int128)1 << 120);

struct table {
    int64_t unit, cells; /* minutes a cell; cells, for 0 minutes to all */
    size_t beds;         /* of the part at hand */
    __int128 *value;     /* (beds taken in it) x (minutes taken so far): the most; cell by cell */
};

static int by_worth(const void *a, const void *b)
{
    const struct verify_guest *one = a, *two = b;
    if (one->row != two->row)
        return one->row < two->row ? -1 : 1;
    if (one->minutes != two->minutes)
        return one->minutes < two->minutes ? -1 : 1;
    return one->worth > two->worth ? -1 : one->worth < two->worth;
}

static int64_t unit_of(const struct verify_guests *guests)
{
    int64_t unit = 0;
    for (size_t g = 0; g < guests->n; g++)
        for (int64_t rest = guests->items[g].minutes; rest;) {
            int64_t next = unit % rest;
            unit = rest;
            rest = next;
        }
    return unit ? unit : 1;
}

static size_t part_end(const struct verify_guests *guests, size_t begin)
{
    size_t end = begin;
    while (end < guests->n && guests->items[end].row == guests->items[begin].row)
        end++;
    return end;
}

static size_t beds_of(const struct verify_guests *guests, size_t begin)
{
    __int128 free = guests->items[begin].beds;
    size_t people = part_end(guests, begin) - begin;
    return free < 0 ? 0 : free < (__int128)people ? (size_t)free : people;
}

static size_t most_beds(const struct verify_guests *guests)
{
    size_t most = 0;
    for (size_t at = 0; at < guests->n; at = part_end(guests, at)) {
        size_t here = beds_of(guests, at);
        most = here > most ? here : most;
    }
    return most;
}

/* Comes or does not. */
static void take(struct table *table, const struct verify_guest *guest)
{
    size_t width = (size_t)(guest->minutes / table->unit), cells = (size_t)table->cells;
    for (size_t n = table->beds; n > 0; n--)
        for (size_t b = width; b < cells; b++) {
            __int128 with = table->value[(n - 1) * cells + b - width] + guest->worth;
            if (with > table->value[n * cells + b])
                table->value[n * cells + b] = with;
        }
}

/* The first row becomes what it is worth, for all numbers of minutes, to have seen this part too.
 */
static void close_part(struct table *table)
{
    size_t cells = (size_t)table->cells;
    for (size_t at = cells; at < (table->beds + 1) * cells; at++)
        if (table->value[at] > table->value[at % cells])
            table->value[at % cells] = table->value[at];
}

/* Of people into one part who need the same minutes only the first can matter, as many as it has
 * beds. */
static size_t take_part(struct table *table, const struct verify_guests *guests, size_t begin)
{
    size_t end = part_end(guests, begin), alike = 0, cells = (size_t)table->cells;
    for (size_t at = cells; at < (table->beds + 1) * cells; at++)
        table->value[at] = impossible;
    for (size_t g = begin; g < end; g++) {
        const struct verify_guest *guest = &guests->items[g];
        alike = g > begin && guest->minutes == guest[-1].minutes ? alike + 1 : 0;
        if (alike < table->beds && guest->minutes / table->unit < table->cells)
            take(table, guest);
    }
    close_part(table);
    return end;
}

static int is_too_much(const struct verify_guests *guests)
{
    for (size_t g = 0; g < guests->n; g++)
        if (guests->items[g].worth > VERIFY_GUEST_WORTH_MOST)
            return 1;
    return 0;
}

int verify_guests_most(struct verify_guests *guests, int64_t minutes, __int128 *most)
{
    *most = 0;
    if (guests->n == 0)
        return 1;
    qsort(guests->items, guests->n, sizeof *guests->items, by_worth);
    struct table table = {.unit = unit_of(guests)};
    size_t rows = most_beds(guests) + 1;
    table.cells = minutes / table.unit + 1;
    if (minutes < 0 || rows > PLACES_MOST || table.cells > PLACES_MOST / (int64_t)rows ||
        is_too_much(guests))
        return 0;
    table.value = alloc_zero(rows * (size_t)table.cells, sizeof *table.value);
    for (size_t at = 0; at < guests->n;) {
        table.beds = beds_of(guests, at);
        at = take_part(&table, guests, at);
    }
    for (int64_t b = 0; b < table.cells; b++)
        *most = table.value[b] > *most ? table.value[b] : *most;
    free(table.value);
    return 1;
}
