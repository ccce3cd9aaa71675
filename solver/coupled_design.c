/* coupled_design.c - see coupled_design.h. */
#include "solver/coupled_design.h"

#include "models/alloc.h"
#include "solver/problem_coupled.h"

#include <stdlib.h>
#include <string.h>

/* Of the places of a home, the most promising are looked at; three at a time of fewer. */
enum { OPTIONS_MAX = 24, THREE_MAX = 14, STEPS_MAX = 3 };
/* Worth of a way that is none. */
#define NO_WAY (-(INT64_MAX / 8))
/* Less than any sum of what steps are worth. */
#define NOTHING (-(INT64_MAX / 2))

/* -- rooms -- */

/* As model_check.c reads them: only the last group of rooms of two is shared. */
static void read_rooms(const struct problem_rooms *from, struct coupled_rooms *rooms)
{
    size_t two = from->n_groups;
    for (size_t g = 0; g < from->n_groups; g++) {
        if (from->groups[g].beds == 2)
            two = g;
        rooms->beds += from->groups[g].rooms * from->groups[g].beds;
    }
    if (two < from->n_groups) {
        rooms->twos = from->groups[two].rooms;
        rooms->beds -= 2 * rooms->twos;
    }
    unsigned char *can = alloc_zero((size_t)rooms->beds + 1, 1);
    can[0] = 1;
    for (size_t g = 0; g < from->n_groups; g++)
        for (int64_t n = 0; g != two && n < from->groups[g].rooms; n++)
            for (int64_t b = rooms->beds; b >= from->groups[g].beds; b--)
                can[b] |= can[b - from->groups[g].beds];
    rooms->for_women = alloc_zero((size_t)rooms->beds + 1, sizeof *rooms->for_women);
    for (int64_t b = 0; b <= rooms->beds; b++)
        if (can[b])
            rooms->for_women[rooms->n++] = b;
    free(can);
}

static int can_split(const struct coupled_rooms *rooms, int64_t twos, int64_t women, int64_t men)
{
    if (rooms->beds + 2 * twos < men)
        return 0;
    for (size_t k = 0; k < rooms->n; k++) {
        int64_t beds = rooms->for_women[k], missing = women > beds ? (women - beds + 1) / 2 : 0;
        if (missing <= twos && rooms->beds + 2 * twos - beds - 2 * missing >= men)
            return 1;
    }
    return 0;
}

static int rooms_hold(const struct coupled_design *design, uint32_t r)
{
    const struct problem_rooms *from = &design->problem->rooms[r];
    const struct coupled_rooms *rooms = &design->rooms[r];
    const int64_t *used = &design->sexes[r * SEX_COUNT];
    int64_t left = from->free_beds + from->residents[SEX_NONE] - used[SEX_NONE];
    int64_t women = used[SEX_FEMALE] - left - from->residents[SEX_FEMALE];
    int64_t men = used[SEX_MALE] - left - from->residents[SEX_MALE];
    int64_t most = design->couples[r] < rooms->twos ? design->couples[r] : rooms->twos;
    for (int64_t shared = 0; left >= 0 && shared <= most; shared++)
        if (can_split(rooms, rooms->twos - shared, women - shared, men - shared))
            return 1;
    return 0;
}

/* -- rows of a home -- */

static int64_t spare_minutes(const struct coupled_design *design, uint32_t home)
{
    uint32_t s = design->staff_of[home];
    if (s == PROBLEM_NONE)
        return INT64_MAX / 4;
    const struct problem_staff *staff = &design->problem->staff[s];
    return staff->free_minutes + staff->resident_minutes - design->minutes[s];
}

static int64_t spare_beds(const struct coupled_design *design, uint32_t home)
{
    int64_t spare = 0;
    for (uint32_t at = design->first_part[home]; at < design->first_part[home + 1]; at++)
        spare +=
            design->problem->parts[design->parts[at]].capacity - design->beds[design->parts[at]];
    return spare;
}

/* Beds and sexes. */
static int pools_hold(const struct coupled_design *design, uint32_t home)
{
    for (uint32_t at = design->first_part[home]; at < design->first_part[home + 1]; at++) {
        uint32_t part = design->parts[at], rooms = design->rooms_of[part];
        if (design->beds[part] > design->problem->parts[part].capacity)
            return 0;
        if (rooms != PROBLEM_NONE && !rooms_hold(design, rooms))
            return 0;
    }
    return 1;
}

static void use_slot(struct coupled_design *design, uint32_t slot, int64_t n)
{
    const struct coupled_slot *at = &design->slots.slots[slot];
    design->beds[at->part] += n;
    if (design->staff_of[at->home] != PROBLEM_NONE)
        design->minutes[design->staff_of[at->home]] += n * at->minutes;
    if (at->rooms != PROBLEM_NONE)
        design->sexes[at->rooms * SEX_COUNT + at->sex] += n;
}

void coupled_design_add(struct coupled_design *design, uint32_t slot, int64_t n)
{
    use_slot(design, slot, n);
    if (design->slots.transport)
        design->promise += n * coupled_slots_price(&design->slots, slot);
    coupled_slots_add(&design->slots, slot, n);
}

/* -- households -- */

/* How many couples of the household could share a room there, after the member m who is the first
 * of it in that pool. */
static int64_t couples_in(const struct coupled_design *design,
                          const struct problem_household *household, uint32_t rooms)
{
    int64_t n[SEX_COUNT] = {0};
    for (size_t m = 0; m < household->n; m++) {
        uint32_t person = household->people[m], pair = design->pair[person];
        if (pair == PROBLEM_NONE || problem_is_stay(design->problem, pair) ||
            design->rooms_of[design->problem->pairs[pair].part] != rooms)
            continue;
        n[design->problem->people[person].applicant->sex]++;
    }
    return n[SEX_FEMALE] < n[SEX_MALE] ? n[SEX_FEMALE] : n[SEX_MALE];
}

static int is_first_in(const struct coupled_design *design,
                       const struct problem_household *household, size_t member, uint32_t rooms)
{
    for (size_t m = 0; m < member; m++) {
        uint32_t pair = design->pair[household->people[m]];
        if (pair != PROBLEM_NONE && design->rooms_of[design->problem->pairs[pair].part] == rooms)
            return 0;
    }
    return 1;
}

static void use_household(struct coupled_design *design, uint32_t number, int64_t n)
{
    const struct problem_household *household = &design->problem->households[number];
    for (size_t m = 0; m < household->n; m++) {
        uint32_t pair = design->pair[household->people[m]];
        if (pair == PROBLEM_NONE)
            continue;
        uint32_t rooms = design->rooms_of[design->problem->pairs[pair].part];
        use_slot(design, coupled_slots_of(&design->slots, pair), n);
        design->household_gain += n * design->slots.gain[pair];
        design->promise += n * design->slots.gain[pair];
        if (rooms != PROBLEM_NONE && is_first_in(design, household, m, rooms))
            design->couples[rooms] += n * couples_in(design, household, rooms);
    }
}

void coupled_design_put(struct coupled_design *design, uint32_t household)
{
    use_household(design, household, 1);
}

void coupled_design_take(struct coupled_design *design, uint32_t household)
{
    use_household(design, household, -1);
}

int64_t coupled_design_value(const struct coupled_design *design)
{
    return coupled_slots_value(&design->slots) + design->household_gain;
}

/* -- making one -- */

static void list_parts(struct coupled_design *design)
{
    const struct model *model = design->slots.model;
    uint32_t n_parts = design->problem->n_parts, *first;
    first = design->first_part = alloc_zero((size_t)model->n_homes + 2, sizeof *first);
    design->parts = alloc_zero((size_t)n_parts + 1, sizeof *design->parts);
    for (uint32_t part = 0; part < n_parts; part++)
        first[model->home_of_part[part] + 2]++;
    for (uint32_t home = 0; home < model->n_homes; home++)
        first[home + 2] += first[home + 1];
    for (uint32_t part = 0; part < n_parts; part++)
        design->parts[first[model->home_of_part[part] + 1]++] = part;
}

static void find_rows(struct coupled_design *design)
{
    const struct problem *problem = design->problem;
    const struct model *model = design->slots.model;
    for (uint32_t part = 0; part < problem->n_parts; part++) {
        design->staff_of[model->home_of_part[part]] = problem_coupled_staff(problem, part);
        design->rooms_of[part] = problem_coupled_rooms(problem, part);
    }
    for (uint32_t r = 0; r < problem->n_rooms; r++)
        read_rooms(&problem->rooms[r], &design->rooms[r]);
}

static void read_plan(struct coupled_design *design, const uint32_t *chosen)
{
    const struct problem *problem = design->problem;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        design->pair[i] = chosen[i];
        if (problem->people[i].household != PROBLEM_NONE)
            continue;
        design->slots.chosen[i] = chosen[i];
        if (chosen[i] != PROBLEM_NONE)
            coupled_design_add(design, coupled_slots_of(&design->slots, chosen[i]), 1);
    }
    for (uint32_t h = 0; h < problem->n_households; h++)
        coupled_design_put(design, h);
}

void coupled_design_init(struct coupled_design *design, const struct model *model,
                         const int64_t *gain, const uint32_t *chosen)
{
    const struct problem *problem = model->problem;
    *design = (struct coupled_design){.problem = problem};
    coupled_slots_init(&design->slots, model, gain);
    design->staff_of = alloc_zero((size_t)model->n_homes + 1, sizeof *design->staff_of);
    design->pair = alloc_zero((size_t)problem->n_people + 1, sizeof *design->pair);
    design->beds = alloc_zero((size_t)problem->n_parts + 1, sizeof *design->beds);
    design->minutes = alloc_zero(problem->n_staff + 1, sizeof *design->minutes);
    design->sexes = alloc_zero((problem->n_rooms + 1) * SEX_COUNT, sizeof *design->sexes);
    design->couples = alloc_zero(problem->n_rooms + 1, sizeof *design->couples);
    design->rooms = alloc_zero(problem->n_rooms + 1, sizeof *design->rooms);
    design->rooms_of = alloc_zero((size_t)problem->n_parts + 1, sizeof *design->rooms_of);
    design->more = alloc_zero((size_t)model->n_homes + 1, sizeof *design->more);
    design->less = alloc_zero((size_t)model->n_homes + 1, sizeof *design->less);
    list_parts(design);
    find_rows(design);
    read_plan(design, chosen);
}

void coupled_design_clear(struct coupled_design *design)
{
    for (uint32_t home = 0; home < design->slots.model->n_homes; home++) {
        free(design->more[home].items);
        free(design->less[home].items);
    }
    for (size_t r = 0; r < design->problem->n_rooms; r++)
        free(design->rooms[r].for_women);
    free(design->more);
    free(design->less);
    free(design->rooms);
    free(design->rooms_of);
    free(design->staff_of);
    free(design->first_part);
    free(design->parts);
    free(design->pair);
    free(design->beds);
    free(design->minutes);
    free(design->sexes);
    free(design->couples);
    coupled_slots_clear(&design->slots);
}

/* -- places -- */

int coupled_design_is_coupled(const struct coupled_design *design, uint32_t slot)
{
    const struct coupled_slot *at = &design->slots.slots[slot];
    return at->rooms != PROBLEM_NONE || design->staff_of[at->home] != PROBLEM_NONE;
}

void coupled_design_trim(struct coupled_design *design)
{
    struct coupled_slots *slots = &design->slots;
    int64_t *count = alloc_zero((size_t)slots->n + 1, sizeof *count);
    coupled_slots_count(slots, count);
    for (uint32_t s = 0; s < slots->n; s++)
        if (coupled_design_is_coupled(design, s) && count[s] != slots->network.parts[s].capacity)
            coupled_design_add(design, s, count[s] - slots->network.parts[s].capacity);
    free(count);
}

void coupled_design_open(struct coupled_design *design, uint32_t home)
{
    const struct coupled_slots *slots = &design->slots;
    for (uint32_t at = slots->first_of_home[home]; at < slots->first_of_home[home + 1]; at++) {
        uint32_t slot = slots->of[at], part = slots->slots[slot].part;
        int64_t n = design->problem->parts[part].capacity - design->beds[part];
        if (n && !coupled_design_is_coupled(design, slot))
            coupled_design_add(design, slot, n);
    }
}

int coupled_design_holds(const struct coupled_design *design, uint32_t home)
{
    const struct coupled_slots *slots = &design->slots;
    for (uint32_t at = slots->first_of_home[home]; at < slots->first_of_home[home + 1]; at++)
        if (slots->network.parts[slots->of[at]].capacity < 0)
            return 0;
    return spare_minutes(design, home) >= 0 && pools_hold(design, home);
}

int coupled_design_has_room(struct coupled_design *design, uint32_t slot)
{
    uint32_t home = design->slots.slots[slot].home;
    use_slot(design, slot, 1);
    int holds = spare_minutes(design, home) >= 0 && pools_hold(design, home);
    use_slot(design, slot, -1);
    return holds;
}

int coupled_design_helps(const struct coupled_design *design, uint32_t slot)
{
    const struct coupled_slot *at = &design->slots.slots[slot];
    return design->beds[at->part] > design->problem->parts[at->part].capacity ||
           (at->minutes > 0 && spare_minutes(design, at->home) < 0) ||
           (at->rooms != PROBLEM_NONE && !rooms_hold(design, at->rooms));
}

/* -- what a home could do -- */

struct option {
    int64_t worth[COUPLED_WAYS]; /* below 0: what is lost */
    uint32_t slot, end[COUPLED_WAYS];
};

static int by_worth(const void *a, const void *b)
{
    const struct option *one = a, *two = b;
    if (one->worth[0] != two->worth[0])
        return one->worth[0] > two->worth[0] ? -1 : 1;
    return (one->slot > two->slot) - (one->slot < two->slot);
}

static int by_step(const void *a, const void *b)
{
    const struct coupled_step *one = a, *two = b;
    if (one->worth != two->worth)
        return one->worth > two->worth ? -1 : 1;
    if (one->n != two->n)
        return one->n < two->n ? -1 : 1;
    return memcmp(one->slots, two->slots, sizeof one->slots);
}

static void add_step(struct coupled_steps *steps, struct coupled_step step)
{
    ALLOC_GROW(steps->items, steps->n, steps->room);
    steps->items[steps->n++] = step;
}

/* All of them together: ways with different ends, those that are worth most. */
static void set_ways(const struct option *const *options, struct coupled_step *step)
{
    int n_choices = 1;
    for (uint32_t k = 0; k < step->n; k++)
        n_choices *= COUPLED_WAYS;
    step->worth = NO_WAY;
    for (int choice = 0; choice < n_choices; choice++) {
        uint32_t ends[STEPS_MAX] = {0}, is_twice = 0;
        int64_t worth = 0;
        for (int k = 0, rest = choice; k < (int)step->n; k++, rest /= COUPLED_WAYS) {
            int64_t one = options[k]->worth[rest % COUPLED_WAYS];
            ends[k] = options[k]->end[rest % COUPLED_WAYS];
            worth = one <= NO_WAY || worth <= NO_WAY ? NO_WAY : worth + one;
            for (int before = 0; before < k; before++)
                is_twice |= ends[before] == ends[k];
        }
        if (!is_twice && worth > step->worth)
            step->worth = worth;
    }
}

/* 0 = they cannot be had together. */
static int make_step(const struct coupled_slots *slots, const struct option *const *options,
                     uint32_t n, int is_less, struct coupled_step *step)
{
    *step = (struct coupled_step){.n = n};
    for (uint32_t k = 0; k < n; k++) {
        int64_t same = 1;
        step->slots[k] = options[k]->slot;
        step->minutes += slots->slots[options[k]->slot].minutes;
        for (uint32_t before = 0; before < k; before++)
            same += options[before] == options[k];
        if (is_less && slots->network.parts[options[k]->slot].capacity < same)
            return 0;
    }
    set_ways(options, step);
    return step->worth > NO_WAY;
}

static void add_threes(const struct coupled_slots *slots, const struct option *first,
                       const struct option *end, const struct option **used, int is_less,
                       struct coupled_steps *steps)
{
    struct coupled_step step;
    for (used[2] = first; used[2] < end; used[2]++)
        if (make_step(slots, used, 3, is_less, &step))
            add_step(steps, step);
}

/* None, one, two or three of the options. */
static void list_steps(const struct coupled_design *design, struct option *options, size_t n,
                       int is_less, struct coupled_steps *steps)
{
    const struct option *used[STEPS_MAX];
    struct coupled_step step;
    if (n)
        qsort(options, n, sizeof *options, by_worth);
    n = n < OPTIONS_MAX ? n : OPTIONS_MAX;
    steps->n = 0;
    add_step(steps, (struct coupled_step){0});
    for (size_t a = 0; a < n; a++) {
        used[0] = &options[a];
        if (make_step(&design->slots, used, 1, is_less, &step))
            add_step(steps, step);
        for (size_t b = a; b < n; b++) {
            used[1] = &options[b];
            if (!make_step(&design->slots, used, 2, is_less, &step))
                continue;
            add_step(steps, step);
            add_threes(&design->slots, &options[b], options + (n < THREE_MAX ? n : THREE_MAX), used,
                       is_less, steps);
        }
    }
    qsort(steps->items, steps->n, sizeof *steps->items, by_step);
}

static size_t share_of(const struct coupled_steps *steps, int64_t minutes)
{
    return minutes > 0 ? (size_t)(minutes * COUPLED_STEPS_SHARES / steps->widest) : 0;
}

/* Notes what those of the home are worth at most, by places and minutes. */
static void sum_up_steps(struct coupled_steps *steps)
{
    steps->widest = 0;
    for (size_t k = 0; k < steps->n; k++)
        if (steps->items[k].minutes > steps->widest)
            steps->widest = steps->items[k].minutes;
    for (uint32_t n = 0; n <= STEPS_MAX; n++)
        for (size_t share = 0; share <= COUPLED_STEPS_SHARES; share++)
            steps->most[n][share] = NOTHING;
    for (size_t k = steps->n; k-- > 0;) /* the best last */
        steps->most[steps->items[k].n][share_of(steps, steps->items[k].minutes)] =
            steps->items[k].worth;
    for (uint32_t n = STEPS_MAX + 1; n-- > 0;)
        for (size_t share = COUPLED_STEPS_SHARES + 1; share-- > 0;) {
            int64_t *most = &steps->most[n][share];
            if (n < STEPS_MAX && steps->most[n + 1][share] > *most)
                *most = steps->most[n + 1][share];
            if (share < COUPLED_STEPS_SHARES && steps->most[n][share + 1] > *most)
                *most = steps->most[n][share + 1];
        }
}

/* None that frees so many beds and minutes is worth more than that. */
static int64_t most_of(const struct coupled_steps *steps, int64_t n, int64_t minutes)
{
    if (n > STEPS_MAX || minutes > steps->widest)
        return NOTHING;
    return steps->most[n > 0 ? n : 0][share_of(steps, minutes)];
}

static struct option option_of(uint32_t slot, const struct coupled_place *place, int is_less)
{
    struct option option = {.slot = slot};
    for (int way = 0; way < COUPLED_WAYS; way++) {
        option.end[way] = place->end[way];
        option.worth[way] = place->worth[way] == INT64_MAX ? NO_WAY
                            : is_less                      ? -place->worth[way]
                                                           : place->worth[way];
    }
    return option;
}

void coupled_design_list(struct coupled_design *design)
{
    const struct coupled_slots *slots = &design->slots;
    struct option *options = alloc_zero((size_t)slots->n + 1, sizeof *options);
    for (uint32_t home = 0; home < slots->model->n_homes; home++) {
        uint32_t first = slots->first_of_home[home], end = slots->first_of_home[home + 1];
        size_t n = 0;
        for (uint32_t at = first; at < end; at++)
            if (slots->more[slots->of[at]].worth[0] > 0)
                options[n++] = option_of(slots->of[at], &slots->more[slots->of[at]], 0);
        list_steps(design, options, n, 0, &design->more[home]);
        n = 0;
        for (uint32_t at = first; at < end; at++) {
            const struct coupled_place *less = &slots->less[slots->of[at]];
            if (slots->network.parts[slots->of[at]].capacity > 0 && less->worth[0] != INT64_MAX)
                options[n++] = option_of(slots->of[at], less, 1);
        }
        list_steps(design, options, n, 1, &design->less[home]);
        sum_up_steps(&design->less[home]);
    }
    free(options);
}

static int holds_with(struct coupled_design *design, uint32_t home, const struct coupled_step *more,
                      const struct coupled_step *less)
{
    for (uint32_t k = 0; k < more->n; k++)
        use_slot(design, more->slots[k], 1);
    for (uint32_t k = 0; k < less->n; k++)
        use_slot(design, less->slots[k], -1);
    int holds = pools_hold(design, home);
    for (uint32_t k = 0; k < more->n; k++)
        use_slot(design, more->slots[k], -1);
    for (uint32_t k = 0; k < less->n; k++)
        use_slot(design, less->slots[k], 1);
    return holds;
}

int coupled_design_best(struct coupled_design *design, uint32_t home, int64_t least,
                        struct coupled_change *change)
{
    const struct coupled_steps *more = &design->more[home], *less = &design->less[home];
    int64_t spare = spare_minutes(design, home), beds = spare_beds(design, home);
    int is_found = 0;
    for (size_t a = 0; a < more->n; a++) {
        const struct coupled_step *in = &more->items[a];
        int64_t beaten = is_found ? change->worth : least;
        if (in->worth <= beaten)
            break; /* fewer places gain nothing */
        if (in->worth + most_of(less, (int64_t)in->n - beds, in->minutes - spare) <= beaten)
            continue;
        for (size_t b = 0; b < less->n; b++) {
            const struct coupled_step *out = &less->items[b];
            int64_t worth = in->worth + out->worth;
            if (is_found ? worth <= change->worth : worth <= least)
                break;
            if (in->minutes - out->minutes > spare || (int64_t)in->n - (int64_t)out->n > beds ||
                !holds_with(design, home, in, out))
                continue;
            *change = (struct coupled_change){worth, *in, *out};
            is_found = 1;
            break;
        }
    }
    return is_found;
}

int coupled_design_best_with(struct coupled_design *design, uint32_t slot, int n, int64_t least,
                             struct coupled_change *change)
{
    use_slot(design, slot, n);
    int is_found = coupled_design_best(design, design->slots.slots[slot].home, least, change);
    use_slot(design, slot, -n);
    if (is_found) {
        struct coupled_step *step = n > 0 ? &change->more : &change->less;
        step->slots[step->n++] = slot;
    }
    return is_found;
}

void coupled_design_change(struct coupled_design *design, const struct coupled_change *change,
                           int n)
{
    for (uint32_t k = 0; k < change->more.n; k++)
        coupled_design_add(design, change->more.slots[k], n);
    for (uint32_t k = 0; k < change->less.n; k++)
        coupled_design_add(design, change->less.slots[k], -n);
}
