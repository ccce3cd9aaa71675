/* coupled_slots.c - see coupled_slots.h. */
#include "solver/coupled_slots.h"

#include "models/alloc.h"
#include "solver/heap.h"
#include "solver/members.h"
#include "solver/problem_coupled.h"
#include "solver/transport.h"

#include <stdlib.h>
#include <string.h>

/* -- making them -- */

struct seat { /* a pair, by the slot that it belongs to */
    struct coupled_slot slot;
    uint32_t pair; /* PROBLEM_NONE = of a part that nothing splits */
};

struct maker {
    struct coupled_slots *slots;
    const struct problem *problem;
    uint32_t *rooms_of; /* per part */
    unsigned char *has_staff;
    struct seat *seats;
    size_t n, room;
};

static void find_rows(struct maker *maker)
{
    const struct problem *problem = maker->problem;
    maker->rooms_of = alloc_zero((size_t)problem->n_parts + 1, sizeof *maker->rooms_of);
    maker->has_staff = alloc_zero((size_t)problem->n_parts + 1, 1);
    for (uint32_t part = 0; part < problem->n_parts; part++) {
        maker->rooms_of[part] = problem_coupled_rooms(problem, part);
        maker->has_staff[part] = problem_coupled_staff(problem, part) != PROBLEM_NONE;
    }
}

static void add_seat(struct maker *maker, uint32_t part, uint32_t pair)
{
    struct coupled_slot slot = {part, maker->slots->model->home_of_part[part],
                                maker->rooms_of[part], SEX_NONE, 0};
    if (pair != PROBLEM_NONE) {
        const struct problem_person *person =
            &maker->problem->people[maker->problem->pairs[pair].person];
        slot.sex = slot.rooms == PROBLEM_NONE ? SEX_NONE : person->applicant->sex;
        slot.minutes = maker->has_staff[part] ? person->care_minutes : 0;
    }
    ALLOC_GROW(maker->seats, maker->n, maker->room);
    maker->seats[maker->n++] = (struct seat){slot, pair};
}

static int compare_slots(const struct coupled_slot *a, const struct coupled_slot *b)
{
    if (a->part != b->part)
        return a->part < b->part ? -1 : 1;
    if (a->sex != b->sex)
        return a->sex < b->sex ? -1 : 1;
    return (a->minutes > b->minutes) - (a->minutes < b->minutes);
}

static int by_slot(const void *a, const void *b)
{
    const struct seat *one = a, *two = b;
    int order = compare_slots(&one->slot, &two->slot);
    return order ? order : (one->pair > two->pair) - (one->pair < two->pair);
}

static int is_split(const struct maker *maker, uint32_t part)
{
    return maker->rooms_of[part] != PROBLEM_NONE || maker->has_staff[part];
}

static void number_slots(struct maker *maker)
{
    struct coupled_slots *slots = maker->slots;
    const struct problem *problem = maker->problem;
    uint32_t *whole = alloc_zero((size_t)problem->n_parts + 1, sizeof *whole);
    for (uint32_t part = 0; part < problem->n_parts; part++)
        if (!is_split(maker, part))
            add_seat(maker, part, PROBLEM_NONE);
    for (uint32_t pair = 0; pair < problem->n_pairs; pair++)
        if (is_split(maker, problem->pairs[pair].part))
            add_seat(maker, problem->pairs[pair].part, pair);
    if (maker->n)
        qsort(maker->seats, maker->n, sizeof *maker->seats, by_slot);
    slots->slots = alloc_zero(maker->n + 1, sizeof *slots->slots);
    for (size_t k = 0; k < maker->n; k++) {
        const struct seat *seat = &maker->seats[k];
        if (k == 0 || compare_slots(&seat->slot, &maker->seats[k - 1].slot))
            slots->slots[slots->n++] = seat->slot;
        if (seat->pair == PROBLEM_NONE)
            whole[seat->slot.part] = slots->n - 1;
        else
            slots->network.pairs[seat->pair].part = slots->n - 1;
    }
    for (uint32_t pair = 0; pair < problem->n_pairs; pair++)
        if (!is_split(maker, problem->pairs[pair].part))
            slots->network.pairs[pair].part = whole[problem->pairs[pair].part];
    free(whole);
}

static void make_network(struct coupled_slots *slots)
{
    const struct problem *problem = slots->model->problem;
    struct maker maker = {.slots = slots, .problem = problem};
    slots->network = *problem;
    slots->network.pairs = alloc_zero((size_t)problem->n_pairs + 1, sizeof *problem->pairs);
    for (uint32_t pair = 0; pair < problem->n_pairs; pair++)
        slots->network.pairs[pair] = problem->pairs[pair];
    find_rows(&maker);
    number_slots(&maker);
    slots->network.parts = alloc_zero((size_t)slots->n + 1, sizeof *slots->network.parts);
    slots->network.n_parts = slots->n;
    for (uint32_t s = 0; s < slots->n; s++) {
        slots->network.parts[s] = problem->parts[slots->slots[s].part];
        slots->network.parts[s].capacity = 0;
    }
    free(maker.rooms_of);
    free(maker.has_staff);
    free(maker.seats);
}

static void list_homes(struct coupled_slots *slots)
{
    uint32_t n_homes = slots->model->n_homes;
    slots->first_of_home = alloc_zero((size_t)n_homes + 2, sizeof(uint32_t));
    slots->of = alloc_zero((size_t)slots->n + 1, sizeof(uint32_t));
    for (uint32_t s = 0; s < slots->n; s++)
        slots->first_of_home[slots->slots[s].home + 2]++;
    for (uint32_t home = 0; home < n_homes; home++)
        slots->first_of_home[home + 2] += slots->first_of_home[home + 1];
    for (uint32_t s = 0; s < slots->n; s++)
        slots->of[slots->first_of_home[slots->slots[s].home + 1]++] = s;
}

static void list_pairs(struct coupled_slots *slots)
{
    const struct face *face = &slots->face;
    uint32_t n = face->first[slots->network.n_people];
    slots->first_in = alloc_zero((size_t)slots->n + 2, sizeof(uint32_t));
    slots->in = alloc_zero((size_t)n + 1, sizeof(uint32_t));
    for (uint32_t at = 0; at < n; at++)
        slots->first_in[face->parts[at] + 2]++;
    for (uint32_t s = 0; s < slots->n; s++)
        slots->first_in[s + 2] += slots->first_in[s + 1];
    for (uint32_t at = 0; at < n; at++)
        slots->in[slots->first_in[face->parts[at] + 1]++] = face->pairs[at];
}

void coupled_slots_init(struct coupled_slots *slots, const struct model *model, const int64_t *gain)
{
    const struct problem *problem = model->problem;
    *slots = (struct coupled_slots){.model = model};
    make_network(slots);
    size_t n = (size_t)slots->n + 1, n_people = (size_t)problem->n_people + 1;
    slots->gain = alloc_zero((size_t)problem->n_pairs + 1, sizeof *slots->gain);
    for (uint32_t j = 0; j < model->n_pair_columns; j++)
        slots->gain[model->columns[j].a] = gain[j];
    slots->chosen = alloc_zero(n_people, sizeof *slots->chosen);
    for (uint32_t i = 0; i < problem->n_people; i++)
        slots->chosen[i] = PROBLEM_NONE;
    slots->price = alloc_zero(n, sizeof *slots->price);
    slots->more = alloc_zero(n, sizeof *slots->more);
    slots->less = alloc_zero(n, sizeof *slots->less);
    face_init(&slots->face, &slots->network);
    face_leave_out_households(&slots->face);
    list_homes(slots);
    list_pairs(slots);
}

void coupled_slots_clear(struct coupled_slots *slots)
{
    transport_free(slots->transport);
    if (slots->network.pairs)
        face_clear(&slots->face);
    free(slots->network.pairs);
    free(slots->network.parts);
    free(slots->slots);
    free(slots->first_of_home);
    free(slots->of);
    free(slots->first_in);
    free(slots->in);
    free(slots->gain);
    free(slots->chosen);
    free(slots->price);
    free(slots->more);
    free(slots->less);
}

uint32_t coupled_slots_of(const struct coupled_slots *slots, uint32_t pair)
{
    return slots->network.pairs[pair].part;
}

/* -- the plan -- */

int coupled_slots_begin(struct coupled_slots *slots, const struct budget *limit)
{
    if (budget_is_spent(limit))
        return 0;
    slots->budget.until_s = limit->until_s;
    slots->budget.work_limit = limit->work_limit ? limit->work_limit - limit->work : 0;
    slots->transport =
        transport_new(&slots->face, slots->gain, slots->price, &slots->budget, slots->chosen);
    slots->budget.until_s = 0;
    slots->budget.work_limit = 0;
    if (!slots->transport)
        return 0;
    coupled_slots_read(slots);
    return 1;
}

void coupled_slots_add(struct coupled_slots *slots, uint32_t slot, int64_t n)
{
    slots->network.parts[slot].capacity += n;
    if (slots->transport)
        transport_change(slots->transport, slot, n);
}

void coupled_slots_settle(struct coupled_slots *slots)
{
    transport_settle(slots->transport);
}

int coupled_slots_settle_within(struct coupled_slots *slots, int64_t most)
{
    return transport_settle_within(slots->transport, most);
}

int64_t coupled_slots_value(const struct coupled_slots *slots)
{
    return transport_value(slots->transport);
}

int64_t coupled_slots_price(const struct coupled_slots *slots, uint32_t slot)
{
    int64_t price = transport_price(slots->transport, slot);
    return price > 0 ? price : 0;
}

void coupled_slots_read(struct coupled_slots *slots)
{
    transport_read(slots->transport, slots->chosen, slots->price);
}

void coupled_slots_count(const struct coupled_slots *slots, int64_t *count)
{
    memset(count, 0, slots->n * sizeof *count);
    for (uint32_t i = 0; i < slots->network.n_people; i++)
        if (slots->chosen[i] != PROBLEM_NONE)
            count[coupled_slots_of(slots, slots->chosen[i])]++;
}

/* -- what a place is worth --
 *
 * At optimal prices nobody would rather be elsewhere: what they lose by going there is at least 0.
 * A place more is filled along the chain of moves that loses least, and a place fewer is left along
 * one: two searches for shortest paths among the slots. */

struct label {
    int64_t distance;
    uint32_t end;
    int is_done;
};

struct weigh {
    struct coupled_slots *slots;
    int64_t *has; /* per person: what they have beyond the prices */
    struct members members;
    struct heap heap;
    struct label *labels; /* COUPLED_WAYS per slot, the nearer first */
    const int64_t *out;   /* NULL = chains are not between homes */
};

static int64_t loses(const struct weigh *weigh, uint32_t person, uint32_t pair)
{
    const struct coupled_slots *slots = weigh->slots;
    return weigh->has[person] - slots->gain[pair] + slots->price[coupled_slots_of(slots, pair)];
}

/* Chains that begin in one home are alike. */
static int is_same_end(const struct weigh *weigh, uint32_t one, uint32_t two)
{
    const struct coupled_slot *slots = weigh->slots->slots;
    return one == two || (weigh->out && one != PROBLEM_NONE && slots[one].home == slots[two].home);
}

/* A label of the same end is replaced when this one is nearer, else the farthest one is. */
static void reach(struct weigh *weigh, uint32_t slot, int64_t distance, uint32_t end)
{
    struct label *labels = &weigh->labels[COUPLED_WAYS * slot];
    int at = 0, gone = 0;
    while (at < COUPLED_WAYS && labels[at].distance <= distance)
        if (is_same_end(weigh, labels[at++].end, end))
            return;
    if (at == COUPLED_WAYS)
        return;
    for (gone = at; gone < COUPLED_WAYS - 1; gone++)
        if (labels[gone].end == PROBLEM_NONE || is_same_end(weigh, labels[gone].end, end))
            break;
    memmove(&labels[at + 1], &labels[at], (size_t)(gone - at) * sizeof *labels);
    labels[at] = (struct label){distance, end, 0};
    heap_push(&weigh->heap, distance, slot);
}

static uint32_t room_in(const struct weigh *weigh, uint32_t slot)
{
    return weigh->slots->network.n_people + slot;
}

/* One more: somebody who waits comes, or somebody's place is left empty. */
static void begin_more(struct weigh *weigh)
{
    const struct coupled_slots *slots = weigh->slots;
    const struct face *face = &slots->face;
    for (uint32_t s = 0; s < slots->n; s++)
        reach(weigh, s, slots->price[s], room_in(weigh, s));
    for (uint32_t i = 0; i < slots->network.n_people; i++)
        for (uint32_t at = face->first[i];
             slots->chosen[i] == PROBLEM_NONE && at < face->first[i + 1]; at++)
            reach(weigh, face->parts[at], loses(weigh, i, face->pairs[at]), i);
}

static void go_more(struct weigh *weigh, uint32_t slot, const struct label *label)
{
    const struct face *face = &weigh->slots->face;
    for (uint32_t m = weigh->members.first[slot]; m < weigh->members.first[slot + 1]; m++) {
        uint32_t i = weigh->members.people[m];
        for (uint32_t at = face->first[i]; at < face->first[i + 1]; at++)
            reach(weigh, face->parts[at], label->distance + loses(weigh, i, face->pairs[at]),
                  label->end);
    }
}

/* One fewer: somebody goes without, or where there is room. */
static void begin_less(struct weigh *weigh)
{
    const struct coupled_slots *slots = weigh->slots;
    for (uint32_t s = 0; s < slots->n; s++)
        if (weigh->members.first[s + 1] - weigh->members.first[s] <
            slots->network.parts[s].capacity)
            reach(weigh, s, 0, room_in(weigh, s));
    for (uint32_t i = 0; i < slots->network.n_people; i++)
        if (slots->chosen[i] != PROBLEM_NONE && !slots->face.must_place[i])
            reach(weigh, coupled_slots_of(slots, slots->chosen[i]), weigh->has[i], i);
}

static void go_less(struct weigh *weigh, uint32_t slot, const struct label *label)
{
    const struct coupled_slots *slots = weigh->slots;
    for (uint32_t at = slots->first_in[slot]; at < slots->first_in[slot + 1]; at++) {
        uint32_t pair = slots->in[at], person = slots->network.pairs[pair].person;
        uint32_t now = slots->chosen[person];
        if (now != PROBLEM_NONE && now != pair)
            reach(weigh, coupled_slots_of(slots, now), label->distance + loses(weigh, person, pair),
                  label->end);
    }
}

static void search(struct weigh *weigh, void begin(struct weigh *),
                   void go(struct weigh *, uint32_t, const struct label *))
{
    for (uint32_t s = 0; s < COUPLED_WAYS * weigh->slots->n; s++)
        weigh->labels[s] = (struct label){INT64_MAX, PROBLEM_NONE, 0};
    begin(weigh);
    while (weigh->heap.n) {
        struct heap_entry next = heap_pop(&weigh->heap);
        for (uint32_t s = COUPLED_WAYS * next.node; s < COUPLED_WAYS * (next.node + 1); s++) {
            struct label label = weigh->labels[s];
            if (label.distance != next.distance || label.is_done)
                continue;
            weigh->labels[s].is_done = 1;
            go(weigh, next.node, &label);
        }
    }
}

static void begin_link(struct weigh *weigh)
{
    for (uint32_t s = 0; s < weigh->slots->n; s++)
        if (weigh->out[s] != INT64_MIN)
            reach(weigh, s, weigh->slots->price[s] - weigh->out[s], s);
}

static void weigh_init(struct weigh *weigh, struct coupled_slots *slots)
{
    *weigh = (struct weigh){.slots = slots};
    weigh->has = alloc_zero((size_t)slots->network.n_people + 1, sizeof *weigh->has);
    weigh->labels = alloc_zero(COUPLED_WAYS * (size_t)slots->n + 1, sizeof *weigh->labels);
    for (uint32_t i = 0; i < slots->network.n_people; i++)
        if (slots->chosen[i] != PROBLEM_NONE)
            weigh->has[i] = slots->gain[slots->chosen[i]] -
                            slots->price[coupled_slots_of(slots, slots->chosen[i])];
    members_init(&weigh->members, &slots->network);
    members_list(&weigh->members, &slots->network, slots->chosen);
}

static void weigh_clear(struct weigh *weigh)
{
    members_clear(&weigh->members);
    heap_clear(&weigh->heap);
    free(weigh->has);
    free(weigh->labels);
}

void coupled_slots_weigh(struct coupled_slots *slots)
{
    struct weigh weigh;
    weigh_init(&weigh, slots);
    search(&weigh, begin_more, go_more);
    for (uint32_t s = 0; s < COUPLED_WAYS * slots->n; s++) {
        struct coupled_place *place = &slots->more[s / COUPLED_WAYS];
        int64_t fall = weigh.labels[s].distance, price = slots->price[s / COUPLED_WAYS];
        place->worth[s % COUPLED_WAYS] = fall < price ? price - fall : 0;
        place->end[s % COUPLED_WAYS] = weigh.labels[s].end;
    }
    search(&weigh, begin_less, go_less);
    for (uint32_t s = 0; s < COUPLED_WAYS * slots->n; s++) {
        struct coupled_place *place = &slots->less[s / COUPLED_WAYS];
        int64_t rise = weigh.labels[s].distance, price = slots->price[s / COUPLED_WAYS];
        place->worth[s % COUPLED_WAYS] = rise == INT64_MAX ? INT64_MAX : price + rise;
        place->end[s % COUPLED_WAYS] = weigh.labels[s].end;
    }
    weigh_clear(&weigh);
}

void coupled_slots_link(struct coupled_slots *slots, const int64_t *out, const int64_t *in,
                        int64_t *worth, uint32_t *from)
{
    struct weigh weigh;
    weigh_init(&weigh, slots);
    weigh.out = out;
    search(&weigh, begin_link, go_more);
    for (uint32_t s = 0; s < slots->n; s++) {
        worth[s] = INT64_MIN;
        for (int way = COUPLED_WAYS; way-- > 0;) {
            const struct label *label = &weigh.labels[COUPLED_WAYS * s + (uint32_t)way];
            if (in[s] == INT64_MIN || label->distance == INT64_MAX ||
                slots->slots[label->end].home == slots->slots[s].home)
                continue;
            worth[s] = in[s] + slots->price[s] - label->distance;
            from[s] = label->end;
        }
    }
    weigh_clear(&weigh);
}
