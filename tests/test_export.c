/* test_export.c - exported models: the DIMACS network, solved here by shortest paths, has the brute
 * force's optimum; MPS and LP files name exactly the rows and columns of the map. */
#include "tests/check.h"
#include "tests/drawn_round.h"

#include "models/alloc.h"
#include "solver/export.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORLDS = 200, NODES = 64, ARCS = 1024 };

/* The text of a model, and of its map where `map` is not NULL; caller frees. NULL with an error. */
static char *export_text(const struct drawn_round *round, enum objective objective,
                         enum export_format format, char **map, struct alm_error *err)
{
    struct buffer text = {0}, meaning = {0};
    char *model = NULL;
    if (export_model(round->region, round->policy, round->world.now, objective, format, &text,
                     &meaning, err) == 0) {
        model = buffer_take(&text, NULL);
        if (map)
            *map = buffer_take(&meaning, NULL);
    }
    buffer_clear(&text);
    buffer_clear(&meaning);
    return model;
}

/* -- a network, by shortest paths with costs below zero
 * --------------------------------------------- */

struct arc {
    int from, to;
    int64_t room, cost; /* the arc back stands beside: number ^ 1 */
};

struct network {
    int n_nodes, n_arcs;
    int64_t supply[NODES];
    struct arc arcs[ARCS];
};

static void add_arc(struct network *network, int from, int to, int64_t room, int64_t cost)
{
    CU_ASSERT_FATAL(network->n_arcs + 2 <= ARCS);
    network->arcs[network->n_arcs++] = (struct arc){from, to, room, cost};
    network->arcs[network->n_arcs++] = (struct arc){to, from, 0, -cost};
}

static void read_network(struct network *network, char *text)
{
    int declared = -1, arcs = 0;
    memset(network, 0, sizeof *network);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        int from, to;
        int64_t low, room, cost, supply;
        if (sscanf(line, "p min %d %d", &network->n_nodes, &declared) == 2)
            CU_ASSERT_FATAL(network->n_nodes < NODES);
        if (sscanf(line, "n %d %" SCNd64, &from, &supply) == 2)
            network->supply[from] = supply;
        if (sscanf(line, "a %d %d %" SCNd64 " %" SCNd64 " %" SCNd64, &from, &to, &low, &room,
                   &cost) != 5)
            continue;
        CU_ASSERT_EQUAL(low, 0);
        CU_ASSERT(from >= 1 && from <= network->n_nodes && to >= 1 && to <= network->n_nodes);
        add_arc(network, from, to, room, cost);
        arcs++;
    }
    CU_ASSERT_EQUAL(arcs, declared);
}

/* The cheapest way from node to node; its last arcs. INT64_MAX = there is none. */
static int64_t cheapest(const struct network *network, int from, int to, int last[NODES])
{
    int64_t cost[NODES];
    for (int node = 0; node < NODES; node++)
        cost[node] = INT64_MAX;
    cost[from] = 0;
    for (int pass = 0; pass < network->n_nodes; pass++)
        for (int a = 0; a < network->n_arcs; a++) {
            const struct arc *arc = &network->arcs[a];
            if (!arc->room || cost[arc->from] == INT64_MAX ||
                cost[arc->from] + arc->cost >= cost[arc->to])
                continue;
            cost[arc->to] = cost[arc->from] + arc->cost;
            last[arc->to] = a;
        }
    return cost[to];
}

/* The least cost of the whole flow: each supply goes, one unit after the other, the cheapest way.
 * That is exact, since a flow that is cheapest stays so when a cheapest way is added, from whatever
 * node. */
static int64_t least_cost(struct network *network)
{
    int64_t sum = 0;
    int end = network->n_nodes, last[NODES];
    int64_t supply = 0;
    for (int node = 1; node < end; node++)
        supply += network->supply[node];
    CU_ASSERT_EQUAL(network->supply[end], -supply);
    for (int node = 1; node < end; node++)
        for (int64_t unit = 0; unit < network->supply[node]; unit++) {
            int64_t cost = cheapest(network, node, end, last);
            CU_ASSERT_NOT_EQUAL_FATAL(cost, INT64_MAX);
            sum += cost;
            for (int at = end; at != node; at = network->arcs[last[at]].from) {
                network->arcs[last[at]].room--;
                network->arcs[last[at] ^ 1].room++;
            }
        }
    return sum;
}

static void check_dimacs(const struct drawn_round *round, int objective)
{
    struct random_world world = round->world;
    struct brute_result brute;
    struct network network;
    struct alm_error err;
    err_init(&err);
    world.policy.n_objectives = 1;
    world.policy.objectives[0] = objective;
    brute_force(&world, &brute);
    const char *name = random_objectives[objective];
    char *text =
        export_text(round, (enum objective)words_find(&words_objective, name, strlen(name)),
                    EXPORT_DIMACS, NULL, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    read_network(&network, text);
    int64_t cost = least_cost(&network);
    CU_ASSERT_EQUAL(-cost, brute.values[0]);
    if (-cost != brute.values[0])
        printf("\n    seed %" PRIu64 ", %s: %" PRId64 ", best is %" PRId64 "\n", world.seed, name,
               -cost, brute.values[0]);
    free(text);
}

static void test_dimacs(void)
{
    long worlds = drawn_round_count(WORLDS);
    for (long seed = 1; seed <= worlds; seed++) {
        struct drawn_round round;
        if (drawn_round_init(&round, (uint64_t)seed, 0) != 0)
            continue;
        for (int objective = 0; objective < 6; objective++) /* those that are maximised */
            check_dimacs(&round, objective);
        drawn_round_clear(&round);
    }
}

/* -- MPS and LP
 * ------------------------------------------------------------------------------------ */

static int has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
        if ((at == text || strchr(" \n", at[-1])) && strchr(" \n:", at[len]))
            return 1;
    return 0;
}

/* Every name of the map is in the file. */
static size_t names_in(const char *map, const char *model, const char *sort)
{
    char copy[64], name[64];
    size_t n = 0;
    for (const char *line = map; *line; line = strchr(line, '\n') + 1) {
        if (sscanf(line, "%63s %63s", copy, name) != 2 || strcmp(copy, sort) != 0)
            continue;
        n++;
        CU_ASSERT(has_word(model, name));
    }
    return n;
}

static size_t lines_between(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from), *end = strstr(text, to);
    size_t n = 0;
    CU_ASSERT_FATAL(at && end);
    for (; at < end; at++)
        n += *at == '\n';
    return n;
}

/* Readers of MPS minimise: whoever is placed has to count below zero there. How many do. */
static size_t check_turned(const struct drawn_round *round)
{
    struct alm_error err;
    size_t below = 0;
    char column[32];
    int gain;
    err_init(&err);
    char *mps = export_text(round, OBJECTIVE_PLACEMENTS, EXPORT_MPS, NULL, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(mps);
    for (const char *line = strstr(mps, "\nCOLUMNS\n"); line; line = strchr(line + 1, '\n'))
        if (sscanf(line, "\n x%31s R0000000 %d", column, &gain) == 2) {
            CU_ASSERT_EQUAL(gain, -1);
            below += gain == -1;
        }
    free(mps);
    return below;
}

static void check_model(const struct drawn_round *round, size_t *columns)
{
    char *map = NULL;
    struct alm_error err;
    err_init(&err);
    char *mps = export_text(round, OBJECTIVE_NEED, EXPORT_MPS, &map, &err);
    char *lp = export_text(round, OBJECTIVE_NEED, EXPORT_LP, NULL, &err);
    CU_ASSERT_FATAL(mps && lp && map);
    size_t rows = names_in(map, mps, "row");
    size_t here = names_in(map, mps, "column");
    *columns += here;
    CU_ASSERT_EQUAL(names_in(map, lp, "column"), here);
    CU_ASSERT_EQUAL(lines_between(mps, "\nROWS\n", "\nCOLUMNS\n"), rows + 2); /* title, objective */
    CU_ASSERT(!here || strstr(lp, "Maximize")); /* GLPK leaves an empty model out */
    free(map);
    free(mps);
    free(lp);
}

static void test_models(void)
{
    size_t columns = 0, turned = 0;
    for (uint64_t seed = 1; seed <= WORLDS; seed++)
        for (int is_coupled = 0; is_coupled < 2; is_coupled++) {
            struct drawn_round round;
            if (drawn_round_init(&round, seed, is_coupled) != 0)
                continue;
            if (round.world.n_people && round.world.n_pools)
                check_model(&round, &columns);
            turned += check_turned(&round);
            drawn_round_clear(&round);
        }
    CU_ASSERT(columns > WORLDS);
    CU_ASSERT(turned > WORLDS);
}

static void test_refusals(void)
{
    struct drawn_round round;
    struct alm_error err;
    int refused = 0;
    err_init(&err);
    for (uint64_t seed = 1; seed < 30; seed++) {
        if (drawn_round_init(&round, seed, 1) != 0)
            continue;
        char *text = export_text(&round, OBJECTIVE_NEED, EXPORT_DIMACS, NULL, &err);
        if (!text) {
            CU_ASSERT_EQUAL(err.code, ERR_UNSUPPORTED);
            refused++;
        }
        free(text);
        drawn_round_clear(&round);
    }
    CU_ASSERT(refused > 5);
    err_clear(&err);
}

static const struct check_test tests[] = {
    {"dimacs", test_dimacs},
    {"models", test_models},
    {"refusals", test_refusals},
};
CHECK_SUITE(suite_export, tests);
