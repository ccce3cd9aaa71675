/* turns.c - see turns.h. Owns the lines, one per record with at least one ticket in it. */
#include "scheduler/turns.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

struct turn_ticket {
    TAILQ_ENTRY(turn_ticket) link;
    struct turn_line *line;
    struct turn *turn;
};

TAILQ_HEAD(ticket_list, turn_ticket);

struct turn_line {
    RB_ENTRY(turn_line) link;
    enum record_type type;
    char id[ID_MAX + 1];
    struct ticket_list tickets;
};

RB_HEAD(line_tree, turn_line);

struct turns {
    struct line_tree lines;
    void (*on_next)(void *arg, struct turn *turn);
    void *arg;
};

static int line_compare(const struct turn_line *a, const struct turn_line *b)
{
    if (a->type != b->type)
        return a->type < b->type ? -1 : 1;
    return strcmp(a->id, b->id);
}

/* not RB_GENERATE_STATIC: libbsd spells its attribute in a way that glibc does not know */
#define TURNS_TREE_SCOPE __attribute__((unused)) static
RB_GENERATE_INTERNAL(line_tree, turn_line, link, line_compare, TURNS_TREE_SCOPE)

struct turns *turns_new(void (*on_next)(void *arg, struct turn *turn), void *arg)
{
    struct turns *turns = alloc_zero(1, sizeof *turns);
    RB_INIT(&turns->lines);
    turns->on_next = on_next;
    turns->arg = arg;
    return turns;
}

void turns_free(struct turns *turns)
{
    free(turns);
}

static struct turn_line *line_get(struct turns *turns, enum record_type type, const char *id)
{
    struct turn_line *line = alloc_zero(1, sizeof *line);
    line->type = type;
    memcpy(line->id, id, strlen(id) + 1);
    struct turn_line *known = RB_INSERT(line_tree, &turns->lines, line);
    if (known) {
        free(line);
        return known;
    }
    TAILQ_INIT(&line->tickets);
    return line;
}

static void line_insert(struct turn_line *line, struct turn_ticket *ticket)
{
    struct turn_ticket *before = TAILQ_LAST(&line->tickets, ticket_list);
    while (before && !before->turn->is_running && before->turn->number > ticket->turn->number)
        before = TAILQ_PREV(before, ticket_list, link);
    if (before)
        TAILQ_INSERT_AFTER(&line->tickets, before, ticket, link);
    else
        TAILQ_INSERT_HEAD(&line->tickets, ticket, link);
}

static void tickets_give_back(struct turns *turns, struct turn_ticket *tickets, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct turn_line *line = tickets[i].line;
        int was_first = TAILQ_FIRST(&line->tickets) == &tickets[i];
        TAILQ_REMOVE(&line->tickets, &tickets[i], link);
        struct turn_ticket *first = TAILQ_FIRST(&line->tickets);
        if (!first) {
            RB_REMOVE(line_tree, &turns->lines, line);
            free(line);
        } else if (was_first && turns_is_next(first->turn)) {
            turns->on_next(turns->arg, first->turn);
        }
    }
    free(tickets);
}

void turns_take(struct turns *turns, struct turn *turn, const struct change *change)
{
    struct turn_ticket *old = turn->tickets;
    size_t n_old = turn->n;
    turn->is_running = 0;
    turn->n = change->n;
    turn->tickets = change->n ? alloc_zero(change->n, sizeof *turn->tickets) : NULL;
    for (size_t i = 0; i < change->n; i++) {
        struct turn_ticket *ticket = &turn->tickets[i];
        ticket->turn = turn;
        ticket->line = line_get(turns, change->items[i].record->type, change->items[i].record->id);
        line_insert(ticket->line, ticket);
    }
    tickets_give_back(turns, old, n_old);
}

int turns_is_next(const struct turn *turn)
{
    for (size_t i = 0; i < turn->n; i++) {
        if (TAILQ_FIRST(&turn->tickets[i].line->tickets) != &turn->tickets[i])
            return 0;
    }
    return 1;
}

void turns_leave(struct turns *turns, struct turn *turn)
{
    struct turn_ticket *old = turn->tickets;
    size_t n_old = turn->n;
    turn->is_running = 0;
    turn->tickets = NULL;
    turn->n = 0;
    tickets_give_back(turns, old, n_old);
}
