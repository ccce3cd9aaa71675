/* verify_margin.c - see verify_margin.h.
 *
 * Owns the chains of people between the parts of the pools. Delegates: who is where, what counts
 * and the order of ties to verify_seats.h, what a person may have to verify_look.h, what can be
 * seen without prices to verify_margin_shape.c. */
#include "solver/verify_margin.h"

#include "models/alloc.h"
#include "solver/verify_look.h"
#include "solver/verify_seats.h"

#include <stdlib.h>
#include <string.h>

struct link { /* of a chain, to be followed from `from` to `to` */
    size_t from, to;
};

struct links {
    struct link *list;
    size_t n, room;
    size_t *first, *to; /* by `from`, once they are sorted */
};

struct part {
    const struct shadow_price *stated;
    const int64_t *price, *loss; /* loss NULL: without end */
};

struct margin {
    const struct verify_round *round;
    const struct verify_dual *dual;
    struct verify_seats seats;
    struct part *parts;                /* as those of the seats */
    int64_t (*gains)[OBJECTIVE_COUNT]; /* of each person where they are */
    struct links comes;   /* at the prices, from where somebody is to where they might be */
    struct links waiting; /* the same from people without a bed, by their number */
    struct links goes;    /* at the losses, the other way round */
    size_t *next, *last;  /* by part: who is found; NOBODY, or VERIFY_NOWHERE = no chain */
    size_t *queue;
    struct alm_error *err;
};

enum { NOBODY = SIZE_MAX - 1 };

static const int64_t nothing[OBJECTIVE_COUNT];

static int refuse(const struct margin *margin, size_t p, const char *what)
{
    const struct verify_seats_part *part = &margin->seats.parts[p];
    return err_set(margin->err, ERR_REFUSED, "shadow prices: pool %s%s%s: %s",
                   part->pool->pool->record.id, part->own->reserve[0] ? ", class " : "",
                   part->own->reserve, what);
}

/* -1, 0, 1: a - b + c - d, the first component that is not zero decides. */
static int compare(const struct margin *margin, const int64_t *a, const int64_t *b,
                   const int64_t *c, const int64_t *d)
{
    for (size_t k = 0; k < margin->dual->n; k++) {
        __int128 difference = (__int128)a[k] - b[k] + c[k] - d[k];
        if (difference)
            return difference > 0 ? 1 : -1;
    }
    return 0;
}

static int is_left(const struct margin *margin, size_t p)
{
    return margin->seats.parts[p].people < margin->seats.parts[p].beds;
}

/* -- parts and people -- */

static void fill_part(struct margin *margin, size_t p, const struct shadow_price *stated)
{
    struct part *part = &margin->parts[p];
    part->stated = stated;
    part->price = margin->dual->beds[p] ? margin->dual->beds[p] : stated->price;
    part->loss = stated->loss_is == SHADOW_LOSS_STATED ? stated->loss : NULL;
    if (margin->seats.parts[p].is_closed) /* whoever left may as well come back */
        part->loss = is_left(margin, p) ? nothing : NULL;
}

static void fill_parts(struct margin *margin)
{
    const struct plan *plan = margin->round->plan;
    const struct shadow_price *reserve = plan->reserve_prices;
    for (size_t p = 0; p < margin->round->n_pools; p++) {
        size_t first = margin->dual->first_part[p];
        size_t open = margin->round->pools[p].pool->n_reserved;
        for (size_t k = 0; k < open; k++)
            fill_part(margin, first + k, reserve++);
        fill_part(margin, first + open, &plan->prices[p]);
    }
}

/* What everybody counts where they are. */
static void fill_gains(struct margin *margin)
{
    const struct verify_round *round = margin->round;
    for (size_t i = 0; i < round->n_people; i++) {
        const struct placement *placement = round->people[i].placement;
        if (placement && margin->seats.part_of[i] != VERIFY_NOWHERE)
            verify_seats_gains(&margin->seats, &round->people[i], margin->seats.part_of[i],
                               placement->rank, placement->metres, margin->gains[i]);
    }
}

/* -- links -- */

static void add_link(struct links *links, size_t from, size_t to)
{
    ALLOC_GROW(links->list, links->n, links->room);
    links->list[links->n++] = (struct link){from, to};
}

static void sort_links(struct links *links, size_t n_from)
{
    links->first = alloc_zero(n_from + 2, sizeof *links->first);
    links->to = alloc_zero(links->n, sizeof *links->to);
    for (size_t l = 0; l < links->n; l++)
        links->first[links->list[l].from + 2]++;
    for (size_t at = 2; at < n_from + 2; at++)
        links->first[at] += links->first[at - 1];
    for (size_t l = 0; l < links->n; l++)
        links->to[links->first[links->list[l].from + 1]++] = links->list[l].to;
}

static void clear_links(struct links *links)
{
    free(links->list);
    free(links->first);
    free(links->to);
}

/* One more bed in p: does somebody come as gladly as they are where they are? */
static void link_price(struct margin *margin, size_t i, size_t p, const int64_t *gains)
{
    const int64_t *person = margin->dual->people[i];
    size_t from = margin->seats.part_of[i];
    if (compare(margin, margin->parts[p].price, gains, person, nothing) != 0)
        return;
    if (from == VERIFY_NOWHERE)
        add_link(&margin->waiting, i, p);
    else
        add_link(&margin->comes, from, p);
}

/* One bed fewer where i is: what do they lose by going to p instead, and whoever goes then? */
static int link_loss(struct margin *margin, size_t i, size_t p, const int64_t *gains)
{
    size_t at = margin->seats.part_of[i];
    if (at == VERIFY_NOWHERE || !margin->parts[p].loss)
        return 0;
    const int64_t *loss = margin->parts[at].loss;
    int sign = loss ? compare(margin, loss, margin->parts[p].loss, gains, margin->gains[i]) : 1;
    if (sign > 0 && !margin->seats.parts[at].is_closed)
        return refuse(margin, at, "one bed fewer would cost less than the stated loss");
    if (sign == 0)
        add_link(&margin->goes, p, at);
    return 0;
}

static int link_part(struct margin *margin, size_t i, size_t p, const int64_t *gains)
{
    if (p == margin->seats.part_of[i])
        return 0;
    link_price(margin, i, p, gains);
    return link_loss(margin, i, p, gains);
}

static int link_pool(struct margin *margin, size_t i, const struct verify_choice *choice)
{
    const struct verify_round *round = margin->round;
    const struct verify_person *person = &round->people[i];
    const struct verify_pool *pool = &round->pools[choice->pool];
    int64_t gains[OBJECTIVE_COUNT];
    int64_t rank = applicant_rank(person->applicant, pool->home->record.id,
                                  round->rules.policy->unlisted_rank);
    for (size_t k = 0; k <= pool->pool->n_reserved; k++) {
        size_t p = margin->dual->first_part[choice->pool] + k;
        if (margin->seats.parts[p].beds == 0 || !verify_round_may_use(round, person, pool, k))
            continue;
        verify_seats_gains(&margin->seats, person, p, rank, choice->metres, gains);
        if (link_part(margin, i, p, gains) != 0)
            return -1;
    }
    return 0;
}

static int link_person(struct margin *margin, size_t i, struct verify_look *look)
{
    const struct verify_round *round = margin->round;
    const struct verify_person *person = &round->people[i];
    verify_look_at(look, person);
    for (size_t c = 0; c < look->n_choices; c++)
        if (link_pool(margin, i, &look->choices[c]) != 0)
            return -1;
    if (person->own == VERIFY_NOWHERE)
        return 0;
    return link_part(margin, i,
                     margin->dual->first_part[person->own] + verify_round_own_part(round, person),
                     nothing);
}

static int link_all(struct margin *margin)
{
    struct verify_look look;
    int result = 0;
    verify_look_init(&look, margin->round);
    for (size_t i = 0; i < margin->round->n_people && result == 0; i++)
        result = link_person(margin, i, &look);
    verify_look_clear(&look);
    sort_links(&margin->comes, margin->seats.n_parts);
    sort_links(&margin->waiting, margin->round->n_people);
    sort_links(&margin->goes, margin->seats.n_parts);
    return result;
}

/* -- chains -- */

/* Everything that a chain leads to from p, and that no other has led to before. */
static void follow(struct margin *margin, const struct links *links, size_t p, size_t who,
                   size_t *found)
{
    size_t head = 0, tail = 0;
    if (found[p] != VERIFY_NOWHERE)
        return;
    found[p] = who;
    margin->queue[tail++] = p;
    while (head < tail) {
        size_t at = margin->queue[head++];
        for (size_t l = links->first[at]; l < links->first[at + 1]; l++) {
            if (found[links->to[l]] != VERIFY_NOWHERE)
                continue;
            found[links->to[l]] = who;
            margin->queue[tail++] = links->to[l];
        }
    }
}

/* An empty bed hurts nobody; then the newcomers who would as soon have none, the last first. */
static int find_last(struct margin *margin)
{
    for (size_t p = 0; p < margin->seats.n_parts; p++) {
        const struct part *part = &margin->parts[p];
        if (!is_left(margin, p))
            continue;
        if (!part->loss || compare(margin, part->loss, nothing, nothing, nothing) > 0)
            return refuse(margin, p, "it has an empty bed, so one bed fewer costs nothing");
        follow(margin, &margin->goes, p, NOBODY, margin->last);
    }
    for (size_t t = margin->round->n_people; t-- > 0;) {
        size_t i = margin->seats.order[t], p = margin->seats.part_of[i];
        if (p == VERIFY_NOWHERE || margin->round->people[i].own != VERIFY_NOWHERE)
            continue;
        const int64_t *loss = margin->parts[p].loss;
        int sign = loss ? compare(margin, loss, margin->gains[i], nothing, nothing) : 1;
        if (sign > 0)
            return refuse(margin, p, "one bed fewer would cost less than the stated loss");
        if (sign == 0)
            follow(margin, &margin->goes, p, i, margin->last);
    }
    return 0;
}

static void find_next(struct margin *margin)
{
    for (size_t t = 0; t < margin->round->n_people; t++) {
        size_t i = margin->seats.order[t];
        for (size_t l = margin->waiting.first[i]; l < margin->waiting.first[i + 1]; l++)
            follow(margin, &margin->comes, margin->waiting.to[l], i, margin->next);
    }
    for (size_t p = 0; p < margin->seats.n_parts; p++)
        if (compare(margin, margin->parts[p].price, nothing, nothing, nothing) == 0)
            follow(margin, &margin->comes, p, NOBODY, margin->next);
}

/* -- is it what the plan states? -- */

static int is_named(const struct margin *margin, size_t person, const char *stated)
{
    return strcmp(stated,
                  person < NOBODY ? margin->round->people[person].applicant->record.id : "") == 0;
}

static int check_part(const struct margin *margin, size_t p)
{
    const struct part *part = &margin->parts[p];
    const struct verify_seats_part *beds = &margin->seats.parts[p];
    int has_price = compare(margin, part->price, nothing, nothing, nothing) != 0;
    int has_no_bed = beds->beds == 0 || beds->is_closed;
    if (beds->beds == 0 && !beds->is_closed) /* nobody has a pair: of a price nothing is proved */
        return part->loss ? refuse(margin, p, "nobody there could go, and a loss is stated") : 0;
    if (has_price && (has_no_bed || margin->next[p] == VERIFY_NOWHERE))
        return refuse(margin, p, "one bed more would gain less than the stated price");
    if (!is_named(margin, has_price ? margin->next[p] : NOBODY, part->stated->next))
        return refuse(margin, p, "`next` is not who would get a place by one bed more");
    if (part->loss && !has_no_bed && margin->last[p] == VERIFY_NOWHERE)
        return refuse(margin, p, "one bed fewer would cost more than the stated loss");
    if (!is_named(margin, part->loss && !has_no_bed ? margin->last[p] : NOBODY, part->stated->last))
        return refuse(margin, p, "`last` is not who would be left out by one bed fewer");
    return 0;
}

static int check(struct margin *margin)
{
    fill_parts(margin);
    fill_gains(margin);
    for (size_t p = 0; p < margin->seats.n_parts; p++)
        margin->next[p] = margin->last[p] = VERIFY_NOWHERE;
    if (link_all(margin) != 0 || find_last(margin) != 0)
        return -1;
    find_next(margin);
    for (size_t p = 0; p < margin->seats.n_parts; p++)
        if (check_part(margin, p) != 0)
            return -1;
    return 0;
}

int verify_margin_check(const struct verify_round *round, const struct verify_dual *dual,
                        struct alm_error *err)
{
    struct margin margin = {.round = round, .dual = dual, .err = err};
    verify_seats_init(&margin.seats, round, dual);
    margin.parts = alloc_zero(margin.seats.n_parts, sizeof *margin.parts);
    margin.gains = alloc_zero(round->n_people, sizeof *margin.gains);
    margin.next = alloc_zero(margin.seats.n_parts, sizeof *margin.next);
    margin.last = alloc_zero(margin.seats.n_parts, sizeof *margin.last);
    margin.queue = alloc_zero(margin.seats.n_parts, sizeof *margin.queue);
    int result = check(&margin);
    clear_links(&margin.comes);
    clear_links(&margin.waiting);
    clear_links(&margin.goes);
    verify_seats_clear(&margin.seats);
    free(margin.parts);
    free(margin.gains);
    free(margin.next);
    free(margin.last);
    free(margin.queue);
    return result;
}
