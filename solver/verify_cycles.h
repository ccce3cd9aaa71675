/* verify_cycles.h - which nodes of a graph lead to which, while its arcs come in one after another.
 *
 * Only ways that could be part of a cycle are kept: all arcs that will ever come are named first,
 * and arcs between two strongly connected components of these are left out. */
#ifndef ALMONER_VERIFY_CYCLES_H
#define ALMONER_VERIFY_CYCLES_H

#include <stddef.h>
#include <stdint.h>

struct verify_arc {
    uint32_t from, to;
};

struct verify_cycles;

/* Of n nodes and all arcs that may come; none has come yet. The arcs stay the caller's, and are
 * sorted by `from`. */
struct verify_cycles *verify_cycles_new(size_t n, struct verify_arc *arcs, size_t n_arcs);
void verify_cycles_free(struct verify_cycles *cycles);

/* Could one arc between them be part of a cycle? */
int verify_cycles_are_together(const struct verify_cycles *cycles, uint32_t a, uint32_t b);
/* The arc has come; nothing when no cycle has it. */
void verify_cycles_add(struct verify_cycles *cycles, uint32_t from, uint32_t to);
/* Of two that are together: is there a way along arcs that have come? */
int verify_cycles_leads(const struct verify_cycles *cycles, uint32_t from, uint32_t to);

#endif
