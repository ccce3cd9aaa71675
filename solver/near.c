/* near.c - see near.h. Owns the looks; what they find is put in order in near_graph.c. */
#include "solver/near.h"

#include "models/alloc.h"
#include "models/slices.h"

#include <stdlib.h>
#include <string.h>

/* Fewer are not worth a thread; so many people make a sample; the first who wait for a part are
 * found among so many times as many. */
enum {
    SLICE_PEOPLE = 2000,
    SAMPLE_PEOPLE = 100,
    SAMPLE_UNPLACED = 1000,
    TIMES_FIRST = 8,
    FEW_NEAR = 1000,
    LOOK_AHEAD = 4
};

/* Less than any pair leaves, and nothing overflows when it is added to some prices. */
#define NOTHING_LEFT (INT64_MIN / 2)

struct first { /* of the unplaced, for a part: who loses least; of equal ones the first pairs */
    int64_t gain[NEAR_FIRST];
    uint32_t person[NEAR_FIRST], pair[NEAR_FIRST];
    uint32_t n;
};

struct slice_of_look {
    struct near_list list;
    struct first *first; /* by part; NULL in another look */
    int64_t *bar; /* by part: pairs of the unplaced that gain more are near, or of the first */
    int is_too_much;
};

struct look {
    const struct near_view *view;
    int64_t least_price; /* of a part with beds */
    int64_t waiting;     /* enough people who gain so much are unplaced to ask them alone */
    struct slice_of_look slices[SLICES_MAX];
};

/* A person under the eye, and where their pairs begin to be near. */
struct eye {
    const struct near_view *view;
    uint32_t person;
    int64_t base;   /* what pairs gain before metres */
    int64_t floor;  /* what near pairs leave */
    int64_t beyond; /* what the best of the others leaves */
};

static void add(struct near_list *list, const struct near_pair *pair)
{
    ALLOC_GROW(list->pairs, list->n, list->room);
    list->pairs[list->n++] = *pair;
}

static void make_room(struct near_list *list, size_t n)
{
    if (list->n + n < list->room)
        return;
    list->room = 2 * list->room + n + FEW_NEAR;
    list->pairs = alloc_resize(list->pairs, list->room, sizeof *list->pairs);
}

static uint32_t last_of(const struct first *first)
{
    uint32_t last = 0;
    for (uint32_t k = 1; k < NEAR_FIRST; k++) {
        int is_later = first->gain[k] == first->gain[last] && first->pair[k] > first->pair[last];
        last = first->gain[k] < first->gain[last] || is_later ? k : last;
    }
    return last;
}

/* Somebody unplaced, in place of whoever is the last of the first. */
static void put_first(struct first *first, int64_t gain, uint32_t person, uint32_t pair)
{
    uint32_t at = first->n < NEAR_FIRST ? first->n++ : last_of(first);
    first->gain[at] = gain;
    first->person[at] = person;
    first->pair[at] = pair;
}

static void offer_first(struct slice_of_look *look, const struct near_pair *pair)
{
    struct first *first = &look->first[pair->part];
    put_first(first, pair->gain, pair->person, pair->pair);
    if (first->n == NEAR_FIRST)
        look->bar[pair->part] = first->gain[last_of(first)];
}

/* The first pair from `pair` on that gains more than the bar of its part; what those before it
 * leave at most is noted. Nothing but this is done for most of all pairs. */
static uint32_t next_above(struct eye *eye, uint32_t pair, uint32_t end, const int64_t *bar,
                           int64_t *gain)
{
    const struct packed packed = *eye->view->packed;
    const struct problem_pair *pairs = packed.problem->pairs;
    const int64_t *price = eye->view->price;
    int64_t beyond = eye->beyond;
    for (; pair < end; pair++) {
        *gain = packed_gain(&packed, eye->base, &pairs[pair]);
        if (*gain > bar[pairs[pair].part])
            break;
        int64_t left = *gain - price[pairs[pair].part];
        beyond = left > beyond ? left : beyond;
    }
    eye->beyond = beyond;
    return pair;
}

static void scan_unplaced(struct eye *eye, uint32_t pair, uint32_t end, struct slice_of_look *look)
{
    int64_t gain;
    for (; (pair = next_above(eye, pair, end, look->bar, &gain)) < end; pair++) {
        uint32_t part = eye->view->packed->problem->pairs[pair].part;
        int64_t left = gain - eye->view->price[part];
        const struct near_pair found = {gain, eye->person, part, pair};
        if (left >= eye->floor) {
            add(&look->list, &found);
            continue;
        }
        eye->beyond = left > eye->beyond ? left : eye->beyond;
        offer_first(look, &found);
    }
}

/* Some pairs of many people are near, and nobody can foretell which: each is written down, and
 * stays if it is. */
static void scan(struct eye *eye, uint32_t pair, uint32_t end, struct near_list *list)
{
    const struct packed packed = *eye->view->packed;
    const struct problem_pair *pairs = packed.problem->pairs;
    const int64_t *price = eye->view->price;
    int64_t base = eye->base, beyond = eye->beyond, floor = eye->floor;
    uint32_t person = eye->person;
    make_room(list, end - pair);
    struct near_pair *next = list->pairs + list->n;
    for (; pair < end; pair++) {
        uint32_t part = pairs[pair].part;
        int64_t gain = packed_gain(&packed, base, &pairs[pair]), left = gain - price[part];
        int is_near = left >= floor;
        *next = (struct near_pair){gain, person, part, pair};
        next += is_near;
        left = is_near ? NOTHING_LEFT : left;
        beyond = left > beyond ? left : beyond;
    }
    list->n = (size_t)(next - list->pairs);
    eye->beyond = beyond;
}

/* The person, and what they have more than the prices; near is what leaves as much. */
static struct eye open_eye(const struct near_view *view, uint32_t i, int64_t base)
{
    const struct problem *problem = view->packed->problem;
    uint32_t own = view->chosen[i];
    struct eye eye = {view, i, base, 0, NOTHING_LEFT};
    if (own != PROBLEM_NONE) {
        const struct problem_pair *at = &problem->pairs[own];
        int is_stay = own == problem->people[i].stay_pair;
        int64_t gain = is_stay ? 0 : packed_gain(view->packed, eye.base, at);
        eye.floor = gain - view->price[at->part] - view->limit;
    }
    return eye;
}

static void look_at_stay(struct eye *eye, uint32_t stay, struct near_list *list)
{
    uint32_t home = eye->view->packed->problem->pairs[stay].part;
    int64_t left = -eye->view->price[home];
    if (left >= eye->floor)
        add(list, &(struct near_pair){0, eye->person, home, stay});
    else if (left > eye->beyond)
        eye->beyond = left;
}

static void look_at(const struct near_view *view, uint32_t i, struct slice_of_look *mine)
{
    const struct problem_person *person = &view->packed->problem->people[i];
    uint32_t end = person->first_pair + person->n_pairs, stay = person->stay_pair;
    struct eye eye = open_eye(view, i, view->beyond[i]);
    if (view->chosen[i] == PROBLEM_NONE) {
        scan_unplaced(&eye, person->first_pair, end, mine);
    } else if (stay == PROBLEM_NONE) {
        scan(&eye, person->first_pair, end, &mine->list);
    } else {
        scan(&eye, person->first_pair, stay, &mine->list);
        look_at_stay(&eye, stay, &mine->list);
        scan(&eye, stay + 1, end, &mine->list);
    }
    view->beyond[i] = eye.beyond;
}

/* Those who have to be looked at; what their pairs gain before metres is noted for the look. No
 * pair gains more than one of no metres for whom rank and class are best: who is unplaced, could
 * not even have the cheapest part for that, and is not among the first who wait, is left out. */
static size_t choose_people(const struct look *look, size_t first, size_t end, uint32_t *people)
{
    const struct near_view *view = look->view;
    int64_t kept = view->packed->kept;
    size_t n = 0;
    for (size_t i = first; i < end; i++) {
        int64_t base = view->beyond[i] = packed_base(view->packed, (uint32_t)i);
        people[n] = (uint32_t)i;
        if (view->chosen[i] != PROBLEM_NONE || base >= look->waiting ||
            base + kept >= look->least_price)
            n++;
        else
            view->beyond[i] = base + kept - look->least_price;
    }
    return n;
}

static void look_at_people(void *context, size_t slice, size_t first, size_t end)
{
    struct look *look = context;
    struct slice_of_look mine = {0};
    const struct near_view *view = look->view;
    const struct problem *problem = view->packed->problem;
    size_t parts = (size_t)problem->n_parts + 1;
    uint32_t *people = alloc_resize(NULL, end - first + 1, sizeof *people);
    size_t n = choose_people(look, first, end, people);
    mine.first = alloc_zero(parts, sizeof *mine.first);
    mine.bar = alloc_resize(NULL, parts, sizeof *mine.bar);
    for (size_t p = 0; p < parts; p++)
        mine.bar[p] = INT64_MIN;
    for (size_t at = 0; at < n && mine.list.n <= view->most; at++) {
        if (at + LOOK_AHEAD < n)
            problem_ask_for_pairs(problem, people[at + LOOK_AHEAD]);
        look_at(view, people[at], &mine);
    }
    mine.is_too_much = mine.list.n > view->most;
    look->slices[slice] = mine;
    free(people);
}

static int by_fall(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;
    return (one < two) - (one > two);
}

/* From a sample: the base above which the unplaced have so many pairs. */
static int64_t base_of(const struct near_view *view, size_t n_pairs)
{
    const struct problem *problem = view->packed->problem;
    uint32_t step = problem->n_people / SAMPLE_UNPLACED + 1;
    size_t n = 0, n_all = 0;
    int64_t *bases = alloc_zero((size_t)problem->n_people / step + 1, sizeof *bases);
    for (uint32_t i = step / 2; i < problem->n_people; i += step) {
        if (view->chosen[i] != PROBLEM_NONE || !problem->people[i].n_pairs)
            continue;
        bases[n++] = packed_base(view->packed, i);
        n_all += (size_t)problem->people[i].n_pairs * step;
    }
    qsort(bases, n, sizeof *bases, by_fall);
    int64_t base = n && n_pairs < n_all ? bases[n_pairs * n / n_all] : INT64_MIN;
    free(bases);
    return base;
}

/* A part without beds has no pairs. */
static int64_t least_price(const struct near_view *view)
{
    const struct problem *problem = view->packed->problem;
    int64_t least = INT64_MAX;
    for (uint32_t p = 0; p < problem->n_parts; p++)
        if (problem->parts[p].capacity > 0 && view->price[p] < least)
            least = view->price[p];
    return least;
}

/* The first of this slice join those of the slices before. */
static void join_first(struct first *all, const struct first *more)
{
    for (uint32_t k = 0; k < more->n; k++)
        if (all->n < NEAR_FIRST || more->gain[k] > all->gain[last_of(all)])
            put_first(all, more->gain[k], more->person[k], more->pair[k]);
}

static void append_first(const struct look *look, size_t n_slices, struct near_list *list)
{
    uint32_t n_parts = look->view->packed->problem->n_parts;
    for (uint32_t p = 0; p < n_parts; p++) {
        struct first *first = &look->slices[0].first[p];
        for (size_t s = 1; s < n_slices; s++)
            join_first(first, &look->slices[s].first[p]);
        for (uint32_t k = 0; k < first->n; k++)
            add(list, &(struct near_pair){first->gain[k], first->person[k], p, first->pair[k]});
    }
    for (size_t s = 0; s < n_slices; s++) {
        free(look->slices[s].first);
        free(look->slices[s].bar);
    }
}

static void append(struct near_list *list, struct near_list *more)
{
    if (!list->n && !list->room) {
        *list = *more;
        *more = (struct near_list){0};
        return;
    }
    if (list->n + more->n > list->room) {
        list->room = list->n + more->n;
        list->pairs = alloc_resize(list->pairs, list->room, sizeof *list->pairs);
    }
    if (more->n)
        memcpy(list->pairs + list->n, more->pairs, more->n * sizeof *list->pairs);
    list->n += more->n;
    near_list_clear(more);
}

/* 0 = some slice had too much. */
static int join(struct slice_of_look *slices, size_t n_slices, struct near_list *list)
{
    int is_whole = 1;
    for (size_t s = 0; s < n_slices; s++) {
        is_whole &= !slices[s].is_too_much;
        append(list, &slices[s].list);
    }
    return is_whole;
}

int near_look(const struct near_view *view, struct near_list *list)
{
    const struct problem *problem = view->packed->problem;
    struct look look = {.view = view, .least_price = least_price(view)};
    size_t n_slices = slices_count(problem->n_people, SLICE_PEOPLE);
    struct near_list first = {0};
    look.waiting = base_of(view, (size_t)problem->n_parts * NEAR_FIRST * TIMES_FIRST);
    slices_run(problem->n_people, n_slices, look_at_people, &look);
    int is_whole = join(look.slices, n_slices, list);
    append_first(&look, n_slices, &first);
    near_list_merge(list, &first);
    near_list_clear(&first);
    return is_whole && list->n <= view->most;
}

static int by_size(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;
    return (one > two) - (one < two);
}

/* What a newcomer would lose by each of their other pairs. */
static size_t sample_losses(const struct near_view *view, uint32_t i, int64_t *losses)
{
    const struct problem *problem = view->packed->problem;
    const struct problem_person *person = &problem->people[i];
    struct eye eye = open_eye(view, i, packed_base(view->packed, i));
    size_t n = 0;
    for (uint32_t at = person->first_pair; at < person->first_pair + person->n_pairs; at++) {
        const struct problem_pair *pair = &problem->pairs[at];
        if (at != view->chosen[i])
            losses[n++] =
                eye.floor - (packed_gain(view->packed, eye.base, pair) - view->price[pair->part]);
    }
    return n;
}

int64_t near_limit(const struct near_view *view, size_t wanted)
{
    const struct problem *problem = view->packed->problem;
    uint32_t step = problem->n_people / SAMPLE_PEOPLE + 1;
    size_t n = 0, room = 0;
    int64_t *losses = NULL;
    for (uint32_t i = step / 2; i < problem->n_people; i += step) {
        const struct problem_person *person = &problem->people[i];
        if (view->chosen[i] == PROBLEM_NONE || person->stay_pair != PROBLEM_NONE)
            continue;
        if (n + person->n_pairs > room) {
            room = 2 * room + person->n_pairs;
            losses = alloc_resize(losses, room, sizeof *losses);
        }
        n += sample_losses(view, i, losses + n);
    }
    if (n)
        qsort(losses, n, sizeof *losses, by_size);
    size_t at = wanted / step;
    int64_t limit = n ? losses[at < n ? at : n - 1] : 0;
    free(losses);
    return limit > 0 ? limit : 0;
}

/* -- another look -- */

struct fall { /* how far prices fell since the last look; below 0: they rose */
    int64_t low, high;
};

struct other_look {
    const struct near_again *again;
    struct fall *falls; /* by part */
    struct fall longest;
    struct slice_of_look slices[SLICES_MAX];
};

/* A person, what they have, and their pairs of the graph from `at` on. */
struct glance {
    const struct near_again *again;
    uint32_t person, at, end;
    int is_placed;
    int64_t floor, high;
};

static struct glance open_glance(const struct near_again *again, uint32_t i)
{
    const struct near_seat *seat = &again->seats[i];
    struct glance glance = {.again = again, .person = i};
    glance.at = again->graph->of_person[i];
    glance.end = again->graph->of_person[i + 1];
    glance.is_placed = seat->pair != PROBLEM_NONE;
    if (glance.is_placed) {
        glance.floor = seat->gain - again->price[seat->part];
        glance.high = seat->gain - again->high[seat->part];
    }
    return glance;
}

static int is_near(const struct glance *glance, uint32_t part, int64_t gain)
{
    const struct near_again *again = glance->again;
    return gain - again->price[part] >= glance->floor ||
           (glance->is_placed && gain - again->high[part] >= glance->high);
}

static void list_known(const struct glance *glance, struct near_list *list)
{
    const struct near_pair *pairs = glance->again->graph->list.pairs;
    for (uint32_t at = glance->at; at < glance->end; at++)
        if (is_near(glance, pairs[at].part, pairs[at].gain))
            add(list, &pairs[at]);
}

static void list_all(struct glance *glance, struct near_list *list)
{
    const struct near_again *again = glance->again;
    const struct problem *problem = again->packed->problem;
    const struct problem_person *person = &problem->people[glance->person];
    const struct near_pair *known = again->graph->list.pairs;
    int64_t base = packed_base(again->packed, glance->person);
    int64_t beyond = NOTHING_LEFT, beyond_high = NOTHING_LEFT;
    uint32_t end = person->first_pair + person->n_pairs;
    for (uint32_t pair = person->first_pair; pair < end; pair++) {
        const struct problem_pair *at = &problem->pairs[pair];
        int64_t gain = pair == person->stay_pair ? 0 : packed_gain(again->packed, base, at);
        int64_t left = gain - again->price[at->part], left_high = gain - again->high[at->part];
        if (is_near(glance, at->part, gain))
            add(list, &(struct near_pair){gain, glance->person, at->part, pair});
        if (glance->at < glance->end && known[glance->at].pair == pair) {
            glance->at++;
            continue;
        }
        beyond = left > beyond ? left : beyond;
        beyond_high = left_high > beyond_high ? left_high : beyond_high;
    }
    again->beyond[glance->person] = beyond;
    again->beyond_high[glance->person] = beyond_high;
}

/* Could a pair that is not in the graph be near after such a fall? */
static int may_be_near(const struct glance *glance, const struct fall *fall)
{
    const struct near_again *again = glance->again;
    uint32_t i = glance->person;
    return again->beyond[i] + fall->low >= glance->floor ||
           (glance->is_placed && again->beyond_high[i] + fall->high >= glance->high);
}

/* Of the parts that this person could be in. */
static struct fall fall_for(const struct other_look *look, uint32_t i)
{
    const struct problem *problem = look->again->packed->problem;
    const struct problem_pair *pair = &problem->pairs[problem->people[i].first_pair];
    const struct problem_pair *end = pair + problem->people[i].n_pairs;
    struct fall longest = {-PACKED_MOST, -PACKED_MOST};
    for (; pair < end; pair++) {
        const struct fall *fall = &look->falls[pair->part];
        longest.low = fall->low > longest.low ? fall->low : longest.low;
        longest.high = fall->high > longest.high ? fall->high : longest.high;
    }
    return longest;
}

static void look_again_at(const struct other_look *look, uint32_t i, struct near_list *list)
{
    struct glance glance = open_glance(look->again, i);
    struct fall fall = look->longest;
    if (may_be_near(&glance, &fall))
        fall = fall_for(look, i);
    if (may_be_near(&glance, &fall)) {
        list_all(&glance, list);
        return;
    }
    list_known(&glance, list);
    look->again->beyond[i] += fall.low;
    look->again->beyond_high[i] += fall.high;
}

static void look_again_at_people(void *context, size_t slice, size_t first, size_t end)
{
    struct other_look *look = context;
    struct slice_of_look mine = {0};
    size_t most = look->again->most;
    for (size_t i = first; i < end && mine.list.n <= most; i++)
        look_again_at(look, (uint32_t)i, &mine.list);
    mine.is_too_much = mine.list.n > most;
    look->slices[slice] = mine;
}

static void measure_falls(struct other_look *look)
{
    const struct near_again *again = look->again;
    uint32_t n_parts = again->packed->problem->n_parts;
    struct fall longest = {-PACKED_MOST, -PACKED_MOST};
    look->falls = alloc_resize(NULL, (size_t)n_parts + 1, sizeof *look->falls);
    for (uint32_t p = 0; p < n_parts; p++) {
        const struct fall fall = {again->seen[p] - again->price[p],
                                  again->seen_high[p] - again->high[p]};
        longest.low = fall.low > longest.low ? fall.low : longest.low;
        longest.high = fall.high > longest.high ? fall.high : longest.high;
        look->falls[p] = fall;
    }
    look->longest = longest;
}

int near_look_again(const struct near_again *again, struct near_list *list)
{
    const struct problem *problem = again->packed->problem;
    struct other_look look = {.again = again};
    size_t n_slices = slices_count(problem->n_people, SLICE_PEOPLE);
    measure_falls(&look);
    slices_run(problem->n_people, n_slices, look_again_at_people, &look);
    free(look.falls);
    int is_whole = join(look.slices, n_slices, list);
    memcpy(again->seen, again->price, (size_t)problem->n_parts * sizeof *again->seen);
    memcpy(again->seen_high, again->high, (size_t)problem->n_parts * sizeof *again->seen_high);
    return is_whole && list->n <= again->most;
}
