/* near_again.c - another look at the pairs of a round, once prices have moved (near.h). */
#include "solver/near.h"

#include "models/alloc.h"
#include "models/slices.h"
#include "solver/near_inside.h"

#include <stdlib.h>
#include <string.h>

enum { SLICE_PEOPLE = 2000 }; /* fewer are not worth a thread */

struct fall { /* how far prices fell since the last look; below 0: they rose */
    int64_t low, high;
};

struct other_look {
    const struct near_again *again;
    struct fall *falls; /* by part */
    struct fall longest;
    struct near_list lists[SLICES_MAX];
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
            near_list_add(list, &pairs[at]);
}

static void list_all(struct glance *glance, struct near_list *list)
{
    const struct near_again *again = glance->again;
    const struct problem *problem = again->packed->problem;
    const struct problem_person *person = &problem->people[glance->person];
    const struct near_pair *known = again->graph->list.pairs;
    int64_t base = packed_base(again->packed, glance->person);
    int64_t beyond = NEAR_NOTHING_LEFT, beyond_high = NEAR_NOTHING_LEFT;
    uint32_t end = person->first_pair + person->n_pairs;
    for (uint32_t pair = person->first_pair; pair < end; pair++) {
        const struct problem_pair *at = &problem->pairs[pair];
        int64_t gain = pair == person->stay_pair ? 0 : packed_gain(again->packed, base, at);
        int64_t left = gain - again->price[at->part], left_high = gain - again->high[at->part];
        if (is_near(glance, at->part, gain))
            near_list_add(list, &(struct near_pair){gain, glance->person, at->part, pair});
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
    struct near_list mine = {0};
    for (size_t i = first; i < end && mine.n <= look->again->most; i++)
        look_again_at(look, (uint32_t)i, &mine);
    look->lists[slice] = mine;
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
    for (size_t s = 0; s < n_slices; s++)
        near_list_append(list, &look.lists[s]);
    memcpy(again->seen, again->price, (size_t)problem->n_parts * sizeof *again->seen);
    memcpy(again->seen_high, again->high, (size_t)problem->n_parts * sizeof *again->seen_high);
    return list->n <= again->most;
}
