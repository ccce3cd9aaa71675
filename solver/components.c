/* components.c - see components.h. Tarjan's algorithm without recursion; one look at every pair of
 * the face. */
#include "solver/components.h"

#include "models/alloc.h"
#include "solver/members.h"

#include <stdlib.h>
#include <string.h>

/* So much of all arcs is looked at to see whether everything is one component. */
enum { LOOK_PART = 16 };

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

/* -- all in one --
 *
 * Where everybody can have nearly everything, a few arcs of each node show it. */

/* Marks what arcs from this node lead to, until nothing is left; returns how many that is. */
static uint32_t mark_ends(const struct walk *walk, uint32_t node, uint32_t left, uint32_t *queue,
                          int64_t *arcs)
{
    uint32_t member = walk->members.first[node], next, n = 0;
    struct visit visit = {node, member, first_way(walk, member), 0};
    while (n < left && --*arcs > 0 && (next = next_arc(walk, &visit)) != PROBLEM_NONE) {
        if (walk->number[next])
            continue;
        walk->number[next] = 1;
        queue[n++] = next;
    }
    return n;
}

/* Can every node be reached from the outside? */
static int leads_everywhere(const struct walk *walk, int64_t *arcs)
{
    uint32_t n = 1, n_nodes = walk->n_parts + 1;
    memset(walk->number, 0, n_nodes * sizeof(uint32_t));
    walk->open[0] = walk->outside;
    walk->number[walk->outside] = 1;
    for (uint32_t head = 0; *arcs > 0 && n < n_nodes && head < n; head++)
        n += mark_ends(walk, walk->open[head], n_nodes - n, walk->open + n, arcs);
    return n == n_nodes;
}

/* Does an arc of this node lead to one that is known to lead on to the outside? */
static int leads_out(const struct walk *walk, uint32_t node, int64_t *arcs)
{
    uint32_t member = walk->members.first[node], next;
    struct visit visit = {node, member, first_way(walk, member), 0};
    while (--*arcs > 0 && (next = next_arc(walk, &visit)) != PROBLEM_NONE)
        if (walk->number[next])
            return 1;
    return 0;
}

/* Can the outside be reached from every node? */
static int is_reached_from_all(const struct walk *walk, int64_t *arcs)
{
    uint32_t n = 1, before = 0;
    memset(walk->number, 0, ((size_t)walk->n_parts + 1) * sizeof(uint32_t));
    walk->number[walk->outside] = 1;
    while (n > before && n <= walk->n_parts) {
        before = n;
        for (uint32_t node = 0; node < walk->n_parts; node++)
            if (!walk->number[node] && leads_out(walk, node, arcs)) {
                walk->number[node] = 1;
                n++;
            }
    }
    return n > walk->n_parts;
}

/* 0 = no, or it would take longer to see than the arcs of all. */
static int is_one(const struct walk *walk)
{
    int64_t arcs = walk->face->first[walk->face->problem->n_people] / LOOK_PART;
    int is_all = is_reached_from_all(walk, &arcs) && leads_everywhere(walk, &arcs);
    memset(walk->number, 0, ((size_t)walk->n_parts + 1) * sizeof(uint32_t));
    return is_all;
}

uint32_t components_find(const struct face *face, const uint32_t *parts, uint32_t *component)
{
    size_t n = (size_t)face->problem->n_parts + 1;
    struct walk walk = {.face = face, .n_parts = face->problem->n_parts, .component = component};
    walk.outside = walk.n_parts;
    members_init(&walk.members, face->problem);
    walk.number = alloc_zero(n, sizeof(uint32_t));
    walk.low = alloc_zero(n, sizeof(uint32_t));
    walk.open = alloc_zero(n, sizeof(uint32_t));
    walk.visits = alloc_zero(n, sizeof(struct visit));
    members_list_parts(&walk.members, face->problem, parts);
    int is_all = is_one(&walk);
    for (uint32_t node = 0; node < n; node++) {
        if (is_all)
            component[node] = 0;
        else if (!walk.number[node])
            visit_all(&walk, node);
    }
    members_clear(&walk.members);
    free(walk.number);
    free(walk.low);
    free(walk.open);
    free(walk.visits);
    return is_all ? 1 : walk.n_components;
}
