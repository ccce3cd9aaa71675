/* exchange.h - who may change places with whom on a face, while people settle one after the other.
 * Inside ties.c only.
 *
 * Nodes are the parts and one more for everything outside (components.h). A person may have another
 * part when its surplus can travel, along people who may move and have not settled, or spare beds,
 * to where the person comes from. Who has settled keeps the pool, but still changes between its
 * parts. Only people who have a choice within their component are `open`; nobody else ever moves.
 */
#ifndef ALMONER_EXCHANGE_H
#define ALMONER_EXCHANGE_H

#include "solver/face.h"

struct exchange_set {      /* nodes that may all reach each other, as far as is known */
    uint32_t first, words; /* its component's nodes in `order`; length of a row of bits */
    size_t mask;           /* in `masks`: which of them */
};

struct exchange {
    const struct face *face;
    uint32_t *chosen;
    uint32_t *where;         /* by person: the node of what they have */
    uint32_t n, outside;     /* nodes; outside = n - 1 */
    uint32_t *set_of;        /* by node; a set is split when a search within it fails */
    uint32_t *order, *local; /* nodes by component; place of a node within its component */
    struct exchange_set *sets;
    size_t n_sets, room_sets;
    uint64_t *masks;
    size_t n_masks, room_masks;
    size_t *row_at; /* by node: where its row is; components of one node have none */
    uint64_t *rows; /* bits: where its people can go, and perhaps some nodes more */
    uint32_t *left; /* by node: how many left or settled since its row was made */
    int64_t *used;  /* by node: people there, open or not */
    const uint32_t *first_way, *ways; /* by person: pairs within the component, ascending */
    const uint32_t *way_to;           /* by way: its node, to be read quickly */
    uint32_t *kept;                   /* all three, where they are not just those of the face */
    unsigned char *is_settled;
    uint32_t *head, *n_open; /* by node: the open people there, a list */
    uint32_t *next, *before; /* by person */
    uint64_t *unseen;        /* of a search */
    uint32_t *from, *queue;  /* of a search: the node before; nodes in the order they came in */
    uint32_t *mover, *mover_pair; /* by node on a path: who comes in */
};

/* `chosen`, an assignment on the face, is lent and changed by what follows. */
void exchange_init(struct exchange *exchange, const struct face *face, uint32_t *chosen);
void exchange_clear(struct exchange *exchange);

int exchange_is_open(const struct exchange *exchange, uint32_t person);
/* The pairs of an open person which they may perhaps have. */
const uint32_t *exchange_ways(const struct exchange *exchange, uint32_t person, uint32_t *n);
/* An open person can certainly have none but ways of the set where they are now. */
uint32_t exchange_set_of(const struct exchange *exchange, uint32_t person);
static inline uint32_t exchange_set_of_way(const struct exchange *exchange, uint32_t person,
                                           uint32_t way)
{
    return exchange->set_of[exchange->way_to[exchange->first_way[person] + way]];
}
/* 1: the set of an open person is one node by now, so that they keep what they have and nobody
 * comes or goes there; seen where the component had few nodes. */
int exchange_is_alone(const struct exchange *exchange, uint32_t person);
/* Their turn comes soon: their ways lie anywhere in memory. */
void exchange_look_ahead(const struct exchange *exchange, uint32_t person);

/* 1: the open person has the pair now, and others have made room. 0: nobody can make room, and
 * the pair is of another set from now on. */
int exchange_take(struct exchange *exchange, uint32_t person, uint32_t pair);

/* The open person keeps the pool they have. */
void exchange_settle(struct exchange *exchange, uint32_t person);

#endif
