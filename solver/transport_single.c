/* transport_single.c - see transport_single.h. */
#include "solver/transport_single.h"

#include "models/alloc.h"
#include "solver/heap.h"

#include <stdlib.h>
#include <string.h>

struct beds { /* of a part */
    int64_t n;
    struct heap taken; /* by whom that need not be placed: who gains least is the first */
    int64_t left_out;  /* the most that somebody gains who has none; INT64_MIN = nobody has */
};

/* Those who must have their bed have it. 0 = somebody has a choice. */
static int place_musts(const struct face *face, struct beds *beds)
{
    for (uint32_t part = 0; part < face->problem->n_parts; part++)
        beds[part] = (struct beds){.n = face->problem->parts[part].capacity, .left_out = INT64_MIN};
    for (uint32_t i = 0; i < face->problem->n_people; i++) {
        if (face->first[i + 1] - face->first[i] > 1)
            return 0;
        if (face->must_place[i])
            beds[face->parts[face->first[i]]].n--;
    }
    return 1;
}

static void offer_bed(struct beds *beds, int64_t gain, uint32_t person)
{
    struct heap *taken = &beds->taken;
    if ((int64_t)taken->n < beds->n) {
        heap_push(taken, gain, person);
        return;
    }
    if (taken->n && gain > taken->entries[0].distance)
        gain = heap_replace(taken, gain, person).distance;
    beds->left_out = gain > beds->left_out ? gain : beds->left_out;
}

/* Who gains nothing comes only where beds must not be left. */
static void place_others(const struct face *face, const int64_t *gain, struct beds *beds)
{
    for (uint32_t i = 0; i < face->problem->n_people; i++) {
        uint32_t at = face->first[i];
        if (at == face->first[i + 1] || face->must_place[i])
            continue;
        if (face->must_fill[face->parts[at]] || gain[face->pairs[at]] > 0)
            offer_bed(&beds[face->parts[at]], gain[face->pairs[at]], i);
    }
}

static int is_plan(const struct face *face, const struct beds *beds)
{
    uint32_t part = 0;
    while (part < face->problem->n_parts && beds[part].n >= 0 &&
           (!face->must_fill[part] || (int64_t)beds[part].taken.n == beds[part].n))
        part++;
    return part == face->problem->n_parts;
}

/* What the next one would gain; where a part must be full and nobody is next, what its beds gain at
 * the least. */
static int64_t price_of(const struct beds *beds, int must_fill)
{
    if (beds->left_out != INT64_MIN)
        return beds->left_out;
    return must_fill && beds->taken.n ? beds->taken.entries[0].distance : 0;
}

static void write_down(const struct face *face, const struct beds *beds, uint32_t *chosen,
                       int64_t *dual)
{
    for (uint32_t i = 0; i < face->problem->n_people; i++)
        chosen[i] = face->must_place[i] ? face->pairs[face->first[i]] : PROBLEM_NONE;
    for (uint32_t part = 0; part < face->problem->n_parts; part++) {
        const struct heap *taken = &beds[part].taken;
        for (size_t k = 0; k < taken->n; k++)
            chosen[taken->entries[k].node] = face->pairs[face->first[taken->entries[k].node]];
        dual[part] = price_of(&beds[part], face->must_fill[part]);
    }
}

int transport_single(const struct face *face, const int64_t *gain, uint32_t *chosen, int64_t *dual)
{
    uint32_t n_parts = face->problem->n_parts;
    struct beds *beds = alloc_zero((size_t)n_parts + 1, sizeof *beds);
    int solved = place_musts(face, beds);
    if (solved) {
        place_others(face, gain, beds);
        solved = is_plan(face, beds);
    }
    if (solved)
        write_down(face, beds, chosen, dual);
    for (uint32_t part = 0; part < n_parts; part++)
        heap_clear(&beds[part].taken);
    free(beds);
    return solved;
}
