/* near.c - see near.h. Owns the first look; the first who wait for a part are kept in
 * near_waiting.c, what is found is put in order in near_graph.c, another look is near_again.c. */
#include "solver/near.h"

#include "models/alloc.h"
#include "models/slices.h"
#include "solver/near_inside.h"
#include "solver/near_waiting.h"

#include <stdlib.h>

/* Fewer are not worth a thread; so many people make a sample; the first who wait for a part are
 * found among so many times as many; so many near pairs a person are room to begin with; so many
 * pairs are asked for before they are read. */
enum {
    SLICE_PEOPLE = 2000,
    SAMPLE_PEOPLE = 100,
    SAMPLE_UNPLACED = 1000,
    TIMES_FIRST = 8,
    FEW_NEAR = 1000,
    OFTEN_NEAR = 3,
    PAIRS_AHEAD = 256
};

struct slice_of_look {
    struct near_list list;
    struct near_waiting waiting;
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

static void make_room(struct near_list *list, size_t n)
{
    if (list->n + n < list->room)
        return;
    list->room = 2 * list->room + n + FEW_NEAR;
    list->pairs = alloc_resize(list->pairs, list->room, sizeof *list->pairs);
}

/* What a pair gains, `packed` being at hand: nothing is asked about beds of one's own class where
 * they do not count, which is known before a loop begins. */
static inline __attribute__((always_inline)) int64_t
gain_of(const struct packed *packed, int is_plain, int64_t base, const struct problem_pair *pair)
{
    return is_plain ? base - pair->metres * packed->metre - pair->rank * packed->rank
                    : packed_gain(packed, base, pair);
}

/* The first pair from `pair` on that gains more than the bar of its part; what those before it
 * leave at most is noted. Nothing but this is done for most of all pairs. */
static inline __attribute__((always_inline)) uint32_t
next_above(struct eye *eye, int is_plain, uint32_t pair, uint32_t end, const struct near_bar *bars)
{
    const struct packed packed = *eye->view->packed;
    const struct problem_pair *pairs = packed.problem->pairs, *at = pairs + pair;
    int64_t base = eye->base, beyond = eye->beyond;
    for (; at < pairs + end; at++) {
        int64_t gain = gain_of(&packed, is_plain, base, at), left = gain - bars[at->part].price;
        if (gain > bars[at->part].gain)
            break;
        beyond = left > beyond ? left : beyond;
    }
    eye->beyond = beyond;
    return (uint32_t)(at - pairs);
}

static void scan_unplaced(struct eye *eye, uint32_t pair, uint32_t end, struct slice_of_look *look)
{
    const struct packed *packed = eye->view->packed;
    const struct near_bar *bars = look->waiting.bars;
    for (;; pair++) {
        pair = packed->kept ? next_above(eye, 0, pair, end, bars)
                            : next_above(eye, 1, pair, end, bars);
        if (pair == end)
            return;
        uint32_t part = packed->problem->pairs[pair].part;
        int64_t gain = packed_gain(packed, eye->base, &packed->problem->pairs[pair]);
        int64_t left = gain - bars[part].price;
        const struct near_pair found = {gain, eye->person, part, pair};
        if (left >= eye->floor) {
            near_list_add(&look->list, &found);
            continue;
        }
        eye->beyond = left > eye->beyond ? left : eye->beyond;
        near_waiting_offer(&look->waiting, &found);
    }
}

/* Some pairs of many people are near, and nobody can foretell which: each is written down, and
 * stays if it is. */
static inline __attribute__((always_inline)) void
scan_all(struct eye *eye, int is_plain, uint32_t pair, uint32_t end, struct near_list *list)
{
    const struct packed packed = *eye->view->packed;
    const struct problem_pair *pairs = packed.problem->pairs;
    const int64_t *price = eye->view->price;
    int64_t base = eye->base, beyond = eye->beyond, floor = eye->floor;
    uint32_t person = eye->person;
    struct near_pair *next = list->pairs + list->n;
    for (; pair < end; pair++) {
        uint32_t part = pairs[pair].part;
        int64_t gain = gain_of(&packed, is_plain, base, &pairs[pair]), left = gain - price[part];
        int is_near = left >= floor;
        *next = (struct near_pair){gain, person, part, pair};
        next += is_near;
        left = is_near ? NEAR_NOTHING_LEFT : left;
        beyond = left > beyond ? left : beyond;
    }
    list->n = (size_t)(next - list->pairs);
    eye->beyond = beyond;
}

static void scan(struct eye *eye, uint32_t pair, uint32_t end, struct near_list *list)
{
    make_room(list, end - pair);
    if (eye->view->packed->kept)
        scan_all(eye, 0, pair, end, list);
    else
        scan_all(eye, 1, pair, end, list);
}

/* The person, and what they have more than the prices; near is what leaves as much. */
static struct eye open_eye(const struct near_view *view, uint32_t i, int64_t base)
{
    const struct problem *problem = view->packed->problem;
    uint32_t own = view->chosen[i];
    struct eye eye = {view, i, base, 0, NEAR_NOTHING_LEFT};
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
        near_list_add(list, &(struct near_pair){0, eye->person, home, stay});
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

/* Has this person to be looked at? What their pairs gain before metres is noted for the look. No
 * pair gains more than one of no metres for whom rank and class are best: who is unplaced, could
 * not even have the cheapest part for that, and is not among the first who wait, is left out. */
static int is_asked(const struct look *look, uint32_t i)
{
    const struct near_view *view = look->view;
    int64_t base = packed_base(view->packed, i), most = base + view->packed->kept;
    int is_asked =
        view->chosen[i] != PROBLEM_NONE || base >= look->waiting || most >= look->least_price;
    view->beyond[i] = is_asked ? base : most - look->least_price;
    return is_asked;
}

/* All that lies before `end` in memory and a little more, what is not looked at as well: memory
 * that is read from one end to the other comes twice as fast as that of every second person. */
static uint32_t ask_ahead(const struct problem *problem, uint32_t asked, uint32_t end)
{
    uint32_t step = PROBLEM_CACHE_LINE / sizeof *problem->pairs;
    for (; asked < end + PAIRS_AHEAD && asked < problem->n_pairs; asked += step)
        __builtin_prefetch(&problem->pairs[asked]);
    return asked;
}

static void look_at_people(void *context, size_t slice, size_t first, size_t end)
{
    struct look *look = context;
    struct slice_of_look mine = {0};
    const struct near_view *view = look->view;
    const struct problem *problem = view->packed->problem;
    uint32_t asked = first < end ? problem->people[first].first_pair : 0;
    near_waiting_init(&mine.waiting, problem->n_parts, view->price);
    make_room(&mine.list, (end - first) * OFTEN_NEAR);
    for (size_t i = first; i < end && mine.list.n <= view->most; i++) {
        const struct problem_person *person = &problem->people[i];
        asked = ask_ahead(problem, asked, person->first_pair + person->n_pairs);
        if (is_asked(look, (uint32_t)i))
            look_at(view, (uint32_t)i, &mine);
    }
    look->slices[slice] = mine;
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

/* The first of all stretches who wait. */
static void take_waiting(struct look *look, size_t n_slices, struct near_list *list)
{
    struct near_waiting *all = &look->slices[0].waiting;
    for (size_t s = 1; s < n_slices; s++) {
        near_waiting_join(all, &look->slices[s].waiting);
        near_waiting_clear(&look->slices[s].waiting);
    }
    near_waiting_list(all, list);
    near_waiting_clear(all);
}

int near_look(const struct near_view *view, struct near_list *list)
{
    const struct problem *problem = view->packed->problem;
    struct look look = {.view = view, .least_price = least_price(view)};
    size_t n_slices = slices_count(problem->n_people, SLICE_PEOPLE);
    struct near_list first = {0};
    look.waiting = base_of(view, (size_t)problem->n_parts * NEAR_FIRST * TIMES_FIRST);
    slices_run(problem->n_people, n_slices, look_at_people, &look);
    for (size_t s = 0; s < n_slices; s++)
        near_list_append(list, &look.slices[s].list);
    take_waiting(&look, n_slices, &first);
    near_list_merge(list, &first);
    near_list_clear(&first);
    return list->n <= view->most;
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
