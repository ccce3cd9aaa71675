/* transport_sample.c - see transport_sample.h. */
#include "solver/transport_sample.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

/* The bits of the place of whoever is in all samples; any would do. */
#define IN_SAMPLES UINT32_C(0x55555555)

/* What orders the people; PROBLEM_NONE where there is no such part. */
struct likes {
    uint32_t *first, *second; /* by person: the parts where they have most */
};

static void find_likes(const struct transport_rows *rows, struct likes *likes)
{
    memset(likes->first, 0xff, rows->n_people * sizeof(uint32_t)); /* PROBLEM_NONE */
    memset(likes->second, 0xff, rows->n_people * sizeof(uint32_t));
    for (uint32_t k = 0; k < rows->n_open; k++) {
        uint32_t i = rows->people[k];
        int64_t most = INT64_MIN, more = INT64_MIN;
        for (uint32_t way = rows->face->first[i]; way < rows->face->first[i + 1]; way++) {
            if (rows->value[way] > most) {
                more = most;
                likes->second[i] = likes->first[i];
                most = rows->value[way];
                likes->first[i] = rows->to[way];
            } else if (rows->value[way] > more) {
                more = rows->value[way];
                likes->second[i] = rows->to[way];
            }
        }
    }
}

/* Stable: `people` in the order of rank[like[person]], those without a part left out. `start` has
 * room for one more than there are ranks. Returns how many there are. */
static uint32_t sort_people(const uint32_t *people, uint32_t n, const uint32_t *like,
                            const uint32_t *rank, uint32_t n_ranks, uint32_t *start,
                            uint32_t *sorted)
{
    uint32_t kept = 0;
    memset(start, 0, ((size_t)n_ranks + 1) * sizeof(uint32_t));
    for (uint32_t k = 0; k < n; k++) {
        if (like[people[k]] == PROBLEM_NONE)
            continue;
        start[rank[like[people[k]]] + 1]++;
        kept++;
    }
    for (uint32_t r = 0; r < n_ranks; r++)
        start[r + 1] += start[r];
    for (uint32_t k = 0; k < n; k++)
        if (like[people[k]] != PROBLEM_NONE)
            sorted[start[rank[like[people[k]]]]++] = people[k];
    return kept;
}

/* Depth first from part to part: from where people have most to where they have second most.
 * `by_first` are the people by their first part, which end[] bounds. */
static void walk_parts(const struct likes *likes, const uint32_t *by_first, const uint32_t *end,
                       uint32_t n_parts, uint32_t *line, uint32_t *rank)
{
    uint32_t *stack = alloc_zero((size_t)n_parts + 1, sizeof(uint32_t));
    uint32_t *next = alloc_zero((size_t)n_parts + 1, sizeof(uint32_t));
    uint32_t n = 0;
    memset(rank, 0xff, (size_t)n_parts * sizeof(uint32_t));
    for (uint32_t part = 0; part < n_parts; part++)
        next[part] = part ? end[part - 1] : 0;
    for (uint32_t root = 0; root < n_parts; root++) {
        uint32_t depth = 0, to = root;
        while (to != PROBLEM_NONE || depth) {
            if (to != PROBLEM_NONE && rank[to] == PROBLEM_NONE) {
                rank[to] = n;
                line[n++] = to;
                stack[depth++] = to;
            }
            if (!depth)
                break;
            uint32_t part = stack[depth - 1];
            to = next[part] < end[part] ? likes->second[by_first[next[part]++]] : PROBLEM_NONE;
            depth -= next[part] == end[part] && to == PROBLEM_NONE;
        }
    }
    free(stack);
    free(next);
}

void transport_sample_init(struct transport_sample *sample, const struct transport_rows *rows)
{
    uint32_t n_people = rows->n_people, n_parts = rows->outside;
    size_t people = (size_t)n_people + 1, parts = (size_t)n_parts + 2;
    struct likes likes = {alloc_zero(people, sizeof(uint32_t)),
                          alloc_zero(people, sizeof(uint32_t))};
    uint32_t *all = alloc_zero(people, sizeof(uint32_t));
    uint32_t *sorted = alloc_zero(people, sizeof(uint32_t));
    uint32_t *end = alloc_zero(parts, sizeof(uint32_t));
    uint32_t *rank = alloc_zero(parts, sizeof(uint32_t));
    sample->place = alloc_zero(people, sizeof(uint32_t));
    sample->parts = alloc_zero(parts, sizeof(uint32_t));
    find_likes(rows, &likes);
    for (uint32_t i = 0; i < n_people; i++)
        all[i] = i;
    for (uint32_t part = 0; part < n_parts; part++)
        rank[part] = part;
    sort_people(all, n_people, likes.first, rank, n_parts, end, sorted);
    walk_parts(&likes, sorted, end, n_parts, sample->parts, rank);
    for (uint32_t i = 0; i < n_people; i++)
        if (likes.second[i] == PROBLEM_NONE)
            likes.second[i] = likes.first[i];
    uint32_t n = sort_people(all, n_people, likes.second, rank, n_parts, end, sorted);
    sample->n_parts = n_parts;
    sample->n_people = sort_people(sorted, n, likes.first, rank, n_parts, end, all);
    memset(sample->place, 0xff, (size_t)n_people * sizeof(uint32_t));
    for (uint32_t k = 0; k < sample->n_people; k++)
        sample->place[all[k]] = k;
    free(likes.first);
    free(likes.second);
    free(all);
    free(sorted);
    free(end);
    free(rank);
}

void transport_sample_clear(struct transport_sample *sample)
{
    free(sample->place);
    free(sample->parts);
}

int transport_sample_has(const struct transport_sample *sample, uint32_t person, unsigned halvings)
{
    uint32_t last_bits = (UINT32_C(1) << halvings) - 1;
    return ((sample->place[person] ^ IN_SAMPLES) & last_bits) == 0;
}

void transport_sample_beds(const struct transport_sample *sample, unsigned halvings,
                           int64_t *capacity)
{
    int64_t beds = (INT64_C(1) << halvings) / 2;
    for (uint32_t k = 0; k < sample->n_parts; k++) {
        int64_t before = beds >> halvings;
        beds += capacity[sample->parts[k]];
        capacity[sample->parts[k]] = (beds >> halvings) - before;
    }
}
