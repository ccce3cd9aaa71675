/* test_repair_rows.c - the steps between parts stay right while people move: never too dear, and as
 * they are once mended; prices of a region move together when it has beds or people too many; who
 * is found not to be content goes when those before have settled. */
#include "solver/repair_rows.h"

#include "models/alloc.h"
#include "solver/repair_search.h"
#include "solver/repair_shift.h"
#include "tests/check.h"
#include "tests/large_problem.h"
#include "tests/small_problem.h"

#include <stdlib.h>
#include <string.h>

enum { SEEDS = 20, MOVES = 300 };

struct moving { /* people who move about, and the rows that follow them */
    struct large_problem *large;
    struct near_graph graph;
    struct near_seat seats[LARGE_PEOPLE];
    struct repair_rows rows;
    uint64_t random;
};

static uint32_t draw(struct moving *moving, uint32_t n)
{
    return (uint32_t)(check_random(&moving->random) % n);
}

/* Every second pair, or the others; gains are drawn. */
static struct near_list draw_pairs(struct moving *moving, uint32_t first)
{
    const struct problem *problem = &moving->large->problem;
    struct near_list list = {0};
    for (uint32_t pair = first; pair < problem->n_pairs; pair += 2) {
        const struct problem_pair *at = &problem->pairs[pair];
        ALLOC_GROW(list.pairs, list.n, list.room);
        list.pairs[list.n++] = (struct near_pair){draw(moving, 5000), at->person, at->part, pair};
    }
    return list;
}

/* To one of their pairs, or out. */
static void move_somebody(struct moving *moving)
{
    const struct near_graph *graph = &moving->graph;
    uint32_t person = draw(moving, LARGE_PEOPLE), first = graph->of_person[person];
    uint32_t n = graph->of_person[person + 1] - first, at = draw(moving, n + 1);
    const struct near_pair *pair = &graph->list.pairs[first + at];
    moving->seats[person] = at < n ? (struct near_seat){pair->gain, pair->pair, pair->part}
                                   : (struct near_seat){0, PROBLEM_NONE, PROBLEM_NONE};
    repair_rows_change(&moving->rows, person);
}

/* The cheapest step as it is. */
static int64_t true_step(const struct moving *moving, uint32_t from, uint32_t to)
{
    int64_t cheapest = REPAIR_NOBODY;
    for (size_t at = 0; at < moving->graph.list.n; at++) {
        const struct near_pair *pair = &moving->graph.list.pairs[at];
        int64_t raw = moving->seats[pair->person].gain - pair->gain;
        if (pair->part == to && moving->seats[pair->person].part == from && raw < cheapest)
            cheapest = raw;
    }
    return cheapest;
}

static size_t ask_step(struct moving *moving, uint32_t from, uint32_t to, struct repair_row *row,
                       uint32_t end)
{
    int64_t truth = true_step(moving, from, to);
    for (uint32_t s = 0; s < row->n; s++) {
        if (row->steps[s].part != end)
            continue;
        size_t wrong = row->steps[s].raw > truth;
        repair_rows_mend(&moving->rows, from, to, &row->steps[s]);
        return wrong + (row->steps[s].raw != truth);
    }
    return truth != REPAIR_NOBODY;
}

static size_t ask_end(struct moving *moving, const struct repair_row *row, uint32_t part,
                      int64_t least, int (*mend)(struct repair_rows *rows, uint32_t part))
{
    size_t wrong = row->end != PROBLEM_NONE && row->end_raw > least;
    int is_there = mend(&moving->rows, part);
    return wrong + (is_there != (least != REPAIR_NOBODY) || (is_there && row->end_raw != least));
}

/* The newcomer in the part who has least; of the unplaced, who would have most. */
static size_t ask_ends(struct moving *moving, uint32_t part)
{
    int64_t out = REPAIR_NOBODY, in = REPAIR_NOBODY;
    for (size_t at = 0; at < moving->graph.list.n; at++) {
        const struct near_pair *pair = &moving->graph.list.pairs[at];
        uint32_t seat = moving->seats[pair->person].pair;
        if (pair->part != part)
            continue;
        if (seat == pair->pair && pair->gain < out &&
            moving->large->people[pair->person].stay_pair == PROBLEM_NONE)
            out = pair->gain;
        if (seat == PROBLEM_NONE && -pair->gain < in)
            in = -pair->gain;
    }
    return ask_end(moving, &moving->rows.out[part], part, out, repair_rows_mend_out_end) +
           ask_end(moving, &moving->rows.in[part], part, in, repair_rows_mend_in_end);
}

static size_t ask_rows(struct moving *moving)
{
    uint32_t from = draw(moving, LARGE_POOLS), to = draw(moving, LARGE_POOLS);
    if (from == to)
        return ask_ends(moving, from);
    return ask_step(moving, from, to, &moving->rows.out[from], to) +
           ask_step(moving, from, to, &moving->rows.in[to], from);
}

static void test_rows(void)
{
    size_t wrong = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct moving moving = {.large = large_problem_new(seed, LARGE_DRAWN), .random = seed};
        struct near_list list = draw_pairs(&moving, 0), more = draw_pairs(&moving, 1);
        near_graph_init(&moving.graph, &moving.large->problem);
        near_graph_take(&moving.graph, &list);
        for (uint32_t i = 0; i < LARGE_PEOPLE; i++)
            moving.seats[i] = (struct near_seat){0, PROBLEM_NONE, PROBLEM_NONE};
        repair_rows_init(&moving.rows, &moving.graph, moving.seats);
        repair_rows_change_all(&moving.rows);
        repair_rows_make(&moving.rows);
        for (uint32_t move = 0; move < MOVES; move++) {
            if (move == MOVES / 2) {
                near_graph_add(&moving.graph, &more);
                repair_rows_add(&moving.rows, &more);
            }
            move_somebody(&moving);
            wrong += ask_rows(&moving);
        }
        near_list_clear(&more);
        repair_rows_clear(&moving.rows);
        near_graph_clear(&moving.graph);
        free(moving.large);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* -- regions -- */

enum { A, B, C, REGION_PARTS };

struct region_round { /* three have a bed: in A and B, who may swap, and in C; one waits for A */
    struct problem problem;
    struct problem_part parts[REGION_PARTS];
    struct problem_person people[4];
    struct problem_pair pairs[6];
    struct packed packed;
    int64_t price[REGION_PARTS];
    struct repair repair;
};

/* Returns whether prices moved. */
static int region_round_init(struct region_round *round, int64_t beds_in_a, int64_t limit)
{
    static const struct near_pair near[] = {{107, 0, A, 0}, {107, 0, B, 1}, {120, 1, A, 2},
                                            {120, 1, B, 3}, {60, 2, C, 4},  {95, 3, A, 5}};
    static const uint32_t chosen[] = {0, 3, 4, PROBLEM_NONE};
    *round = (struct region_round){.price = {100, 100, 50}};
    round->problem = (struct problem){.people = round->people,
                                      .n_people = 4,
                                      .parts = round->parts,
                                      .n_parts = REGION_PARTS,
                                      .pairs = round->pairs,
                                      .n_pairs = 6};
    round->packed.problem = &round->problem;
    struct near_list list = {0};
    for (uint32_t p = 0; p < REGION_PARTS; p++)
        round->parts[p].capacity = p == A ? beds_in_a : 1;
    for (uint32_t i = 0; i < 4; i++)
        round->people[i].stay_pair = PROBLEM_NONE;
    for (uint32_t pair = 0; pair < 6; pair++) {
        round->pairs[pair] = (struct problem_pair){near[pair].person, near[pair].part, 0, 0};
        ALLOC_GROW(list.pairs, list.n, list.room);
        list.pairs[list.n++] = near[pair];
    }
    repair_init(&round->repair, &round->packed, round->price);
    repair_take(&round->repair, &list);
    repair_seat_people(&round->repair, chosen);
    repair_rows_make(&round->repair.rows);
    return repair_shift(&round->repair, limit);
}

static void test_regions(void)
{
    struct region_round round;
    CU_ASSERT_FALSE(region_round_init(&round, 1, 0)); /* as many beds as people */
    CU_ASSERT(round.price[A] == 100 && round.price[B] == 100 && round.price[C] == 50);
    repair_clear(&round.repair);
    CU_ASSERT_TRUE(region_round_init(&round, 2, 4)); /* one more: as far as the one who waits */
    CU_ASSERT(round.price[A] == 95 && round.price[B] == 95 && round.price[C] == 50);
    repair_clear(&round.repair);
    CU_ASSERT_FALSE(region_round_init(&round, 2, 5)); /* that is near enough */
    CU_ASSERT(round.price[A] == 100 && round.price[B] == 100 && round.price[C] == 50);
    repair_clear(&round.repair);
    CU_ASSERT_TRUE(
        region_round_init(&round, 0, 6)); /* one fewer: until the first of the two goes */
    CU_ASSERT(round.price[A] == 107 && round.price[B] == 107 && round.price[C] == 50);
    repair_clear(&round.repair);
}

/* Five beds cost 100 each and nobody has one: the price falls until the fifth of those who wait
 * comes. */
static void test_the_last_who_comes(void)
{
    static const int64_t gains[] = {91, 97, 93, 99, 95, 90, 98};
    enum { WAITING = sizeof gains / sizeof *gains };
    struct problem_part part = {.capacity = 5};
    struct problem_person people[WAITING];
    uint32_t chosen[WAITING];
    struct problem problem = {.people = people, .n_people = WAITING, .parts = &part, .n_parts = 1};
    struct packed packed = {.problem = &problem};
    struct near_list list = {0};
    struct repair repair;
    int64_t price[] = {100, 0};
    for (uint32_t i = 0; i < WAITING; i++) {
        people[i].stay_pair = chosen[i] = PROBLEM_NONE;
        ALLOC_GROW(list.pairs, list.n, list.room);
        list.pairs[list.n++] = (struct near_pair){gains[i], i, 0, i};
    }
    repair_init(&repair, &packed, price);
    repair_take(&repair, &list);
    repair_seat_people(&repair, chosen);
    repair_rows_make(&repair.rows);
    CU_ASSERT_TRUE(repair_shift(&repair, 0));
    CU_ASSERT_EQUAL(price[0], 93);
    CU_ASSERT(repair.used[0] >= 4 && repair.seats[0].pair == PROBLEM_NONE);
    repair_clear(&repair);
}

/* -- people who are found not to be content -- */

/* A has one bed and B two. The first lives in A; the others in B, and both would gain in A at the
 * prices there are. The first to go finds out what A is worth, and then the other stays. */
static void test_one_after_the_other(void)
{
    static const struct near_pair near[] = {
        {50, 0, A, 0}, {149, 1, A, 1}, {150, 1, B, 2}, {149, 2, A, 3}, {150, 2, B, 4}};
    static const uint32_t chosen[] = {0, 2, 4};
    struct problem_part parts[] = {{.capacity = 1}, {.capacity = 2}};
    struct problem_person people[] = {
        {.stay_pair = PROBLEM_NONE}, {.stay_pair = PROBLEM_NONE}, {.stay_pair = PROBLEM_NONE}};
    struct problem problem = {.people = people, .n_people = 3, .parts = parts, .n_parts = 2};
    struct packed packed = {.problem = &problem};
    struct near_list list = {0}, missed = {0};
    struct repair repair;
    int64_t price[] = {5, 100, 0};
    for (size_t at = 0; at < sizeof near / sizeof *near; at++) {
        ALLOC_GROW(list.pairs, list.n, list.room);
        list.pairs[list.n++] = near[at];
        ALLOC_GROW(missed.pairs, missed.n, missed.room);
        if (at == 1 || at == 3)
            missed.pairs[missed.n++] = near[at];
    }
    repair_init(&repair, &packed, price);
    repair_take(&repair, &list);
    repair_seat_people(&repair, chosen);
    repair_rows_make(&repair.rows);
    CU_ASSERT_FALSE(repair_content(&repair, &missed)); /* no looks are allowed */
    repair_seat_people(&repair, chosen);
    price[A] = 5;
    price[B] = 100;
    repair.looks_left = 1000;
    repair.paths = 0;
    CU_ASSERT_TRUE(repair_content(&repair, &missed));
    CU_ASSERT_EQUAL(repair.paths, 2);
    CU_ASSERT_EQUAL(repair_misfits(&repair), 0);
    CU_ASSERT(price[A] == 50 && price[B] == 51);
    CU_ASSERT(repair.seats[0].part == A && repair.seats[1].part == B && repair.seats[2].part == B);
    repair_clear(&repair);
    near_list_clear(&missed);
}

static const struct check_test tests[] = {
    {"rows_follow_people", test_rows},
    {"regions_move_together", test_regions},
    {"the_last_who_comes", test_the_last_who_comes},
    {"one_after_the_other", test_one_after_the_other},
};
CHECK_SUITE(suite_repair_rows, tests);
