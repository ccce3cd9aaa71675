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
    SAMPLE_PEOPLE = 200,
    TIMES_FIRST = 8,
    FEW_NEAR = 1000,
    OFTEN_NEAR = 3,
    PAIRS_AHEAD = 256
};

struct slice_of_look {
    struct near_view view; /* of the pairs that the people of this stretch have */
    struct packed packed;
    struct problem problem;
    struct near_list list;
    struct near_waiting waiting;
};

struct near_looking {
    int64_t least_price; /* of a part with beds */
    int64_t waiting;     /* enough people who gain so much are unplaced to ask them alone */
    size_t n_slices;
    struct slice_of_look slices[SLICES_MAX + 1]; /* the last one is of people looked at anew */
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

static void look_at(struct slice_of_look *mine, uint32_t i)
{
    const struct near_view *view = &mine->view;
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
static int is_asked(const struct near_looking *look, const struct near_view *view, uint32_t i)
{
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
    struct near_looking *look = context;
    struct slice_of_look *mine = &look->slices[slice];
    const struct problem *problem = &mine->problem;
    uint32_t asked = first < end ? problem->people[first].first_pair : 0;
    make_room(&mine->list, (end - first) * OFTEN_NEAR);
    for (size_t i = first; i < end && mine->list.n <= mine->view.most; i++) {
        const struct problem_person *person = &problem->people[i];
        asked = ask_ahead(problem, asked, person->first_pair + person->n_pairs);
        if (is_asked(look, &mine->view, (uint32_t)i))
            look_at(mine, (uint32_t)i);
    }
}

static int by_fall(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;
    return (one < two) - (one > two);
}

uint32_t near_sample_step(const struct problem *problem)
{
    return problem->n_people / SAMPLE_PEOPLE + 1;
}

/* From a sample: the base above which the unplaced have so many pairs. */
static int64_t base_of(const struct near_view *view, size_t n_pairs)
{
    const struct problem *problem = view->packed->problem;
    uint32_t step = near_sample_step(problem);
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
static void take_waiting(struct near_looking *look, struct near_list *list)
{
    struct near_waiting *all = &look->slices[0].waiting;
    for (size_t s = 1; s <= look->n_slices; s++)
        near_waiting_join(all, &look->slices[s].waiting);
    near_waiting_list(all, list);
}

static void look_from(struct slice_of_look *mine, const struct near_view *view,
                      const struct problem *problem)
{
    mine->problem = *problem;
    mine->packed = *view->packed;
    mine->packed.problem = &mine->problem;
    mine->view = *view;
    mine->view.packed = &mine->packed;
}

struct near_looking *near_looking_new(const struct near_view *sample, size_t n_slices)
{
    const struct problem *problem = sample->packed->problem;
    struct near_looking *look = alloc_zero(1, sizeof *look);
    look->least_price = least_price(sample);
    look->waiting = base_of(sample, (size_t)problem->n_parts * NEAR_FIRST * TIMES_FIRST);
    look->n_slices = n_slices;
    for (size_t s = 0; s <= n_slices; s++) {
        look_from(&look->slices[s], sample, problem);
        near_waiting_init(&look->slices[s].waiting, problem->n_parts, sample->price);
    }
    return look;
}

void near_looking_free(struct near_looking *look)
{
    for (size_t s = 0; look && s <= look->n_slices; s++) {
        near_list_clear(&look->slices[s].list);
        near_waiting_clear(&look->slices[s].waiting);
    }
    free(look);
}

void near_looking_see(struct near_looking *look, size_t slice, const struct problem *view,
                      uint32_t person)
{
    struct slice_of_look *mine = &look->slices[slice];
    mine->problem.pairs = view->pairs;
    if (mine->list.n <= mine->view.most && is_asked(look, &mine->view, person))
        look_at(mine, person);
}

void near_looking_shift(struct near_looking *look, size_t slice, uint32_t offset)
{
    struct slice_of_look *mine = &look->slices[slice];
    for (size_t at = 0; at < mine->list.n; at++)
        mine->list.pairs[at].pair += offset;
    near_waiting_shift(&mine->waiting, offset);
}

/* The people of the stretch who are not where they were taken to be are struck from its list. */
static void strike_out(struct slice_of_look *mine, const struct near_view *view,
                       const uint32_t *assumed)
{
    size_t kept = 0;
    for (size_t at = 0; at < mine->list.n; at++) {
        uint32_t i = mine->list.pairs[at].person;
        if (view->chosen[i] == assumed[i])
            mine->list.pairs[kept++] = mine->list.pairs[at];
    }
    mine->list.n = kept;
}

/* ... and looked at anew. */
static void look_at_moved(struct near_looking *look, const struct near_view *view,
                          const uint32_t *assumed)
{
    struct slice_of_look *mine = &look->slices[look->n_slices];
    const struct problem *problem = view->packed->problem;
    size_t n_moved = 0;
    look_from(mine, view, problem);
    for (uint32_t i = 0; i < problem->n_people; i++) {
        if (view->chosen[i] == assumed[i])
            continue;
        n_moved++;
        if (is_asked(look, view, i))
            look_at(mine, i);
    }
    for (size_t s = 0; n_moved && s < look->n_slices; s++)
        strike_out(&look->slices[s], view, assumed);
}

static int end_look(struct near_looking *look, size_t most, struct near_list *list)
{
    struct near_list first = {0};
    int is_whole = 1;
    for (size_t s = 0; s < look->n_slices; s++) {
        is_whole &= look->slices[s].list.n <= look->slices[s].view.most;
        near_list_append(list, &look->slices[s].list);
    }
    near_list_append(&first, &look->slices[look->n_slices].list);
    take_waiting(look, &first);
    near_list_merge(list, &first);
    near_list_clear(&first);
    near_looking_free(look);
    return is_whole && list->n <= most;
}

int near_looking_end(struct near_looking *look, const struct near_view *view,
                     const uint32_t *assumed, struct near_list *list)
{
    look_at_moved(look, view, assumed);
    return end_look(look, view->most, list);
}

int near_look(const struct near_view *view, struct near_list *list)
{
    uint32_t n_people = view->packed->problem->n_people;
    struct near_looking *look = near_looking_new(view, slices_count(n_people, SLICE_PEOPLE));
    slices_run(n_people, look->n_slices, look_at_people, look);
    return end_look(look, view->most, list);
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
    uint32_t step = near_sample_step(problem);
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
