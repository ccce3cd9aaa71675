/* components.c - see components.h. Tarjan's algorithm without recursion; one look at every pair of
 * the face. */
#include "solver/components.h"

#include "models/alloc.h"
#include "solver/members.h"

#include <stdlib.h>

struct visit { /* of a node: how far its arcs have been followed */
    uint32_t node, member, at, spare;
};

struct walk {
    const struct face *face;
    uint32_t n_parts, outside;
    struct members members;
    uint32_t *number, *low; /* by node; number 0 = not seen yet */
    uint32_t *open, n_open; /* nodes seen whose component is not complete */
    struct visit *visits;   /* the way to the node at hand */
    uint32_t n_visits, n_seen, n_components;
    uint32_t *component;
};

static uint32_t first_way(const struct walk *walk, uint32_t member)
{
    return member < walk->members.first[walk->outside + 1]
               ? walk->face->first[walk->members.people[member]]
               : 0;
}

static void enter(struct walk *walk, uint32_t node)
{
    uint32_t member = walk->members.first[node];
    walk->number[node] = walk->low[node] = ++walk->n_seen;
    walk->component[node] = PROBLEM_NONE;
    walk->open[walk->n_open++] = node;
    walk->visits[walk->n_visits++] = (struct visit){node, member, first_way(walk, member), 0};
}

/* Spare beds: one in use lets a person out of its part; one may be left free in any part that need
 * not be full. */
static uint32_t next_spare(const struct walk *walk, struct visit *visit)
{
    const struct face *face = walk->face;
    uint32_t node = visit->node;
    if (node != walk->outside) {
        uint32_t used = walk->members.first[node + 1] - walk->members.first[node];
        return !visit->spare++ && used < face->problem->parts[node].capacity ? walk->outside
                                                                             : PROBLEM_NONE;
    }
    while (visit->spare < walk->n_parts)
        if (!face->must_fill[visit->spare++])
            return visit->spare - 1;
    return PROBLEM_NONE;
}

/* The node at the end of the next arc; PROBLEM_NONE = there is none left. */
static uint32_t next_arc(const struct walk *walk, struct visit *visit)
{
    const struct face *face = walk->face;
    while (visit->member < walk->members.first[visit->node + 1]) {
        uint32_t person = walk->members.people[visit->member];
        if (visit->at < face->first[person + 1])
            return face->parts[visit->at++];
        visit->at = first_way(walk, ++visit->member);
        if (visit->node != walk->outside && !face->must_place[person])
            return walk->outside;
    }
    return next_spare(walk, visit);
}

/* All that was seen since this node and is not complete makes a component with it. */
static void close_component(struct walk *walk, uint32_t node)
{
    uint32_t last;
    do {
        last = walk->open[--walk->n_open];
        walk->component[last] = walk->n_components;
    } while (last != node);
    walk->n_components++;
}

static void leave(struct walk *walk)
{
    uint32_t node = walk->visits[--walk->n_visits].node;
    if (walk->low[node] == walk->number[node])
        close_component(walk, node);
    if (walk->n_visits) {
        uint32_t before = walk->visits[walk->n_visits - 1].node;
        if (walk->low[node] < walk->low[before])
            walk->low[before] = walk->low[node];
    }
}

static void visit_all(struct walk *walk, uint32_t start)
{
    enter(walk, start);
    while (walk->n_visits) {
        struct visit *visit = &walk->visits[walk->n_visits - 1];
        uint32_t next = next_arc(walk, visit);
        if (next == PROBLEM_NONE)
            leave(walk);
        else if (!walk->number[next])
            enter(walk, next);
        else if (walk->component[next] == PROBLEM_NONE &&
                 walk->number[next] < walk->low[visit->node])
            walk->low[visit->node] = walk->number[next];
    }
}

uint32_t components_find(const struct face *face, const uint32_t *chosen, uint32_t *component)
{
    size_t n = (size_t)face->problem->n_parts + 1;
    struct walk walk = {.face = face, .n_parts = face->problem->n_parts, .component = component};
    walk.outside = walk.n_parts;
    members_init(&walk.members, face->problem);
    walk.number = alloc_zero(n, sizeof(uint32_t));
    walk.low = alloc_zero(n, sizeof(uint32_t));
    walk.open = alloc_zero(n, sizeof(uint32_t));
    walk.visits = alloc_zero(n, sizeof(struct visit));
    members_list(&walk.members, face->problem, chosen);
    for (uint32_t node = 0; node < n; node++)
        if (!walk.number[node])
            visit_all(&walk, node);
    members_clear(&walk.members);
    free(walk.number);
    free(walk.low);
    free(walk.open);
    free(walk.visits);
    return walk.n_components;
}
