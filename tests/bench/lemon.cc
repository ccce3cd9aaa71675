/* lemon.cc - the bench's peer: LEMON's network simplex or cost scaling on exported DIMACS files.
 *
 *     lemon simplex|scaling FILE...
 *
 * The files are the same round with one objective each, the most important first; they must have
 * the same arcs. Owns the packing of their costs into one and the check that it cannot overflow;
 * the algorithms are LEMON's, with their defaults (block search, partial augment). The packed cost
 * of an arc is the sum of weight x cost, where the weight of an objective is one more than all
 * later ones together can ever be worth: W_k = 1 + sum over l > k of W_l R_l, R_l = the most by
 * which two plans can differ in objective l. At most as many people have a bed as there are beds,
 * and the others cost nothing, so R_l is at most the sum of the greatest (and of the least) cost of
 * that many people. So a plan of least packed cost is lexicographically optimal.
 *
 * Costs are 64 bits wide when that fits, else 128, else refused (exit code 3). Prints the width,
 * the seconds of the algorithm alone, the total of each objective and the newcomers placed. */
#include <lemon/cost_scaling.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace
{

typedef __int128 wide;

struct arc {
    int from, to, capacity;
};

struct network {
    int n_nodes = 0;
    std::vector<int> supply;
    std::vector<arc> arcs;
    std::vector<std::vector<int64_t>> costs; /* per objective, per arc */
};

void fail(int code, const std::string &message)
{
    fprintf(stderr, "lemon: %s\n", message.c_str());
    exit(code);
}

/* -- reading -- */

void read_line(const char *line, bool is_first, network &net, std::vector<int64_t> &costs)
{
    long a = 0, b = 0, capacity = 0, nodes = 0, arcs = 0;
    long long cost = 0;
    if (line[0] == 'p' && sscanf(line, "p min %ld %ld", &nodes, &arcs) == 2) {
        net.n_nodes = int(nodes);
        net.supply.resize(size_t(nodes) + 1);
        costs.reserve(size_t(arcs));
    } else if (line[0] == 'n' && sscanf(line, "n %ld %ld", &a, &b) == 2) {
        net.supply.at(size_t(a)) = int(b);
    } else if (line[0] == 'a' &&
               sscanf(line, "a %ld %ld 0 %ld %lld", &a, &b, &capacity, &cost) == 4) {
        arc next = {int(a), int(b), int(capacity)};
        if (is_first)
            net.arcs.push_back(next);
        else if (costs.size() >= net.arcs.size() ||
                 memcmp(&net.arcs[costs.size()], &next, sizeof next) != 0)
            fail(1, "the files are not of the same round");
        costs.push_back(cost);
    }
}

void read_file(const char *path, network &net)
{
    FILE *file = fopen(path, "r");
    char line[256];
    std::vector<int64_t> costs;
    bool is_first = net.arcs.empty();
    if (!file)
        fail(1, std::string(path) + ": cannot be read");
    while (fgets(line, sizeof line, file))
        read_line(line, is_first, net, costs);
    fclose(file);
    if (costs.size() != net.arcs.size())
        fail(1, std::string(path) + ": not the same round as the first file");
    net.costs.push_back(costs);
}

/* -- packing -- */

bool is_person(const network &net, int node)
{
    return net.supply[size_t(node)] > 0;
}

/* Sum of the greatest `n`. */
wide sum_greatest(std::vector<int64_t> values, size_t n)
{
    wide sum = 0;
    std::sort(values.begin(), values.end(), std::greater<int64_t>());
    for (size_t i = 0; i < std::min(n, values.size()); i++)
        sum += values[i];
    return sum;
}

/* R of the head comment. */
wide most_difference(const network &net, const std::vector<int64_t> &costs)
{
    std::vector<int64_t> above(net.supply.size()), below(net.supply.size());
    size_t beds = 0;
    for (size_t a = 0; a < net.arcs.size(); a++) {
        size_t from = size_t(net.arcs[a].from);
        above[from] = std::max(above[from], costs[a]);
        below[from] = std::max(below[from], -costs[a]);
        if (!is_person(net, net.arcs[a].from))
            beds += size_t(net.arcs[a].capacity);
    }
    return sum_greatest(above, beds) + sum_greatest(below, beds);
}

/* Weight of each objective; false when the packed costs need more than 128 bits. */
bool weigh(const network &net, std::vector<wide> &weights)
{
    const wide limit = std::numeric_limits<wide>::max() / 4;
    wide later = 0;
    weights.assign(net.costs.size(), 1);
    for (size_t k = net.costs.size(); k-- > 0;) {
        wide difference = most_difference(net, net.costs[k]);
        weights[k] = later + 1;
        if (difference > 0 && weights[k] > (limit - later) / difference)
            return false;
        later += weights[k] * difference;
    }
    return true;
}

std::vector<wide> pack(const network &net, const std::vector<wide> &weights)
{
    std::vector<wide> packed(net.arcs.size());
    for (size_t k = 0; k < weights.size(); k++)
        for (size_t a = 0; a < packed.size(); a++)
            packed[a] += weights[k] * net.costs[k][a];
    return packed;
}

/* What the algorithm multiplies a cost by at most, with room: paths in the network simplex, whose
 * artificial arcs start at a half; cost scaling multiplies by nodes and its factor of 16. */
wide stretch(const network &net, bool is_simplex)
{
    return wide(net.n_nodes + 2) * (is_simplex ? 4 : 16 * 4);
}

template <typename C> bool fits(const std::vector<wide> &packed, wide factor)
{
    wide greatest = 0;
    for (wide cost : packed)
        greatest = std::max(greatest, cost < 0 ? -cost : cost);
    return greatest <= wide(std::numeric_limits<C>::max()) / factor;
}

/* -- solving -- */

/* LEMON scales whole-number costs in long long unless told otherwise. */
template <typename C>
struct scaling_traits : lemon::CostScalingDefaultTraits<lemon::SmartDigraph, int, C, true> {
    typedef C LargeCost;
};

double now_s()
{
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return double(now.tv_sec) + double(now.tv_nsec) / 1e9;
}

template <typename Solver, typename C>
void solve(const network &net, const std::vector<wide> &packed, std::vector<int> &flow)
{
    lemon::SmartDigraph graph;
    std::vector<lemon::SmartDigraph::Node> nodes;
    graph.reserveNode(net.n_nodes);
    graph.reserveArc(int(net.arcs.size()));
    for (int i = 0; i <= net.n_nodes; i++)
        nodes.push_back(i ? graph.addNode() : lemon::SmartDigraph::Node(lemon::INVALID));
    for (const arc &at : net.arcs)
        graph.addArc(nodes[size_t(at.from)], nodes[size_t(at.to)]);
    lemon::SmartDigraph::NodeMap<int> supply(graph);
    lemon::SmartDigraph::ArcMap<int> capacity(graph);
    lemon::SmartDigraph::ArcMap<C> cost(graph);
    for (int i = 1; i <= net.n_nodes; i++)
        supply[nodes[size_t(i)]] = net.supply[size_t(i)];
    for (size_t a = 0; a < net.arcs.size(); a++) {
        lemon::SmartDigraph::Arc at = graph.arcFromId(int(a));
        capacity[at] = net.arcs[a].capacity;
        cost[at] = C(packed[a]);
    }
    Solver solver(graph);
    solver.upperMap(capacity).costMap(cost).supplyMap(supply);
    double began = now_s();
    if (solver.run() != Solver::OPTIMAL)
        fail(1, "it found no optimum");
    printf("width %d\nseconds %.6f\n", int(8 * sizeof(C)), now_s() - began);
    for (size_t a = 0; a < net.arcs.size(); a++)
        flow[a] = solver.flow(graph.arcFromId(int(a)));
}

template <typename C>
void solve_by(bool is_simplex, const network &net, const std::vector<wide> &packed,
              std::vector<int> &flow)
{
    typedef lemon::NetworkSimplex<lemon::SmartDigraph, int, C> simplex;
    typedef lemon::CostScaling<lemon::SmartDigraph, int, C, scaling_traits<C>> scaling;
    if (is_simplex)
        solve<simplex, C>(net, packed, flow);
    else
        solve<scaling, C>(net, packed, flow);
}

/* -- the answer -- */

/* Newcomers are those with an arc straight to the end, the last node. */
void print_totals(const network &net, const std::vector<int> &flow)
{
    long long placed = 0;
    for (const std::vector<int64_t> &costs : net.costs) {
        long long total = 0;
        for (size_t a = 0; a < flow.size(); a++)
            total += costs[a] * flow[a];
        printf("total %lld\n", total);
    }
    for (size_t a = 0; a < flow.size(); a++)
        if (is_person(net, net.arcs[a].from) && net.arcs[a].to == net.n_nodes)
            placed += 1 - flow[a];
    printf("placed %lld\n", placed);
}

} // namespace

int main(int argc, char **argv)
{
    bool is_simplex = argc > 2 && strcmp(argv[1], "simplex") == 0;
    if (argc < 3 || (!is_simplex && strcmp(argv[1], "scaling") != 0))
        fail(2, "usage: lemon simplex|scaling FILE...");
    network net;
    std::vector<wide> weights;
    for (int i = 2; i < argc; i++)
        read_file(argv[i], net);
    if (!weigh(net, weights))
        fail(3, "the packed costs need more than 128 bits");
    std::vector<wide> packed = pack(net, weights);
    std::vector<int> flow(net.arcs.size());
    wide factor = stretch(net, is_simplex);
    if (fits<int64_t>(packed, factor))
        solve_by<int64_t>(is_simplex, net, packed, flow);
    else if (fits<wide>(packed, factor))
        solve_by<wide>(is_simplex, net, packed, flow);
    else
        fail(3, "the packed costs need more than 128 bits");
    print_totals(net, flow);
    return 0;
}
