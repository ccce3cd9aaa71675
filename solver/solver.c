/* solver.c - see solver.h.
 *
 * Owns the order of the steps and the choice of the engine. Delegates: the arrays of the round to
 * problem.h, exact plans to network.h, rounds with coupled rows to coupled.h and what beds are
 * worth there to coupled_network.h, the reference to greedy.h, a second opinion to confirm.h,
 * writing the result down to result.h. */
#include "solver/solver.h"

#include "models/alloc.h"
#include "models/world.h"
#include "solver/budget.h"
#include "solver/confirm.h"
#include "solver/coupled.h"
#include "solver/coupled_network.h"
#include "solver/greatest.h"
#include "solver/greedy.h"
#include "solver/network.h"
#include "solver/problem.h"
#include "solver/result.h"
#include "solver/shadow.h"
#include "solver/verify.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

struct run {
    struct problem *problem;
    const struct solver_options *options;
    uint32_t *chosen;
    struct network_result network;
    struct coupled_result coupled;
    struct coupled_network beds; /* of a round with coupled rows: what they are worth */
    struct result result;
    char world[72];
    struct budget budget;    /* of what follows the solve */
    double began_s, built_s; /* monotonic */
    double confirmed_s;      /* how long a second opinion took */
};

static void hash_world(const struct region *region, char hash[72])
{
    struct world_files files = {0};
    world_write(region, &files);
    world_hash(&files, hash);
    world_files_clear(&files);
}

/* Nobody proved anything: the bounds are those that need no solving. */
static void run_greedy(struct run *run)
{
    greedy_assign(run->problem, run->chosen);
    run->result.engine = "greedy";
    run->result.status = PLAN_FEASIBLE;
    problem_values(run->problem, run->chosen, run->result.values);
    network_plain_bounds(run->problem, &run->network);
    memcpy(run->result.bounds, run->network.bounds, sizeof run->network.bounds);
    run->result.bound_price = run->network.bound_price;
}

/* A plan that a limit left was made better: what is said of later objectives holds for plans with
 * the value that it had before, so there the certificate alone counts (result_take_bounds). */
static void take_better(struct run *run)
{
    const struct problem *problem = run->problem;
    int64_t before[OBJECTIVE_COUNT];
    size_t k = 0;
    memcpy(before, run->result.values, sizeof before);
    problem_values(problem, run->chosen, run->result.values);
    while (k < problem->n_objectives && run->result.values[k] == before[k])
        k++;
    for (k++; k < problem->n_objectives; k++)
        run->result.bounds[k] =
            words_objective_is_max(problem->objectives[k]) ? INT64_MAX : INT64_MIN;
}

static int price_beds(struct run *run, struct alm_error *err)
{
    int is_better = coupled_network_solve(run->problem, run->chosen, &run->beds, err);
    if (is_better > 0 && run->result.status == PLAN_OPTIMAL)
        return err_set(err, ERR_INTERNAL, "a plan that was proved to be the best can be better");
    if (is_better > 0)
        take_better(run);
    run->result.bed_price = run->beds.part_price;
    run->result.is_priced = run->beds.is_priced;
    run->result.greatest = &run->beds.greatest;
    return is_better < 0 ? -1 : 0;
}

static int run_coupled(struct run *run, struct alm_error *err)
{
    struct coupled_result *found = &run->coupled;
    uint32_t *start = alloc_zero((size_t)run->problem->n_people + 1, sizeof(uint32_t));
    greedy_assign(run->problem, start);
    int result = coupled_solve(run->problem, run->options, start, run->chosen, found, err);
    free(start);
    run->result.engine = "glpk";
    run->result.status = found->status;
    memcpy(run->result.values, found->values, sizeof found->values);
    memcpy(run->result.bounds, found->bounds, sizeof found->bounds);
    run->result.proof = &found->proof;
    return result < 0 ? result : price_beds(run, err);
}

/* GLPK's opinion of a proved plan; its time counts as checking. */
static int is_confirmed(struct run *run)
{
    double began = budget_clock_s();
    run->budget.work += run->network.work;
    int agrees = run->network.part_price && !budget_is_spent(&run->budget) &&
                 confirm_plan(run->problem, run->chosen, run->network.part_price,
                              run->network.person_price, &run->budget);
    run->confirmed_s = budget_clock_s() - began;
    return agrees;
}

/* What a bed fewer costs, and one more where there is none to give. */
static void price_pools(struct run *run)
{
    struct network_result *network = &run->network;
    if (!network->has_greatest)
        greatest_init(&network->greatest, run->problem, run->chosen, network->part_price,
                      network->person_price);
    shadow_price_full_pools(run->problem, run->chosen, network->person_price, network->part_price,
                            network->greatest.next);
    run->result.greatest = &network->greatest;
}

static int run_network(struct run *run, struct alm_error *err)
{
    struct network_result *network = &run->network;
    if (network_solve(run->problem, run->options, run->chosen, network, err) < 0)
        return -1;
    run->result.engine = network->is_confirmed || is_confirmed(run) ? "glpk" : "exchange";
    if (network->part_price)
        price_pools(run);
    run->result.status = network->status;
    memcpy(run->result.values, network->values, sizeof network->values);
    memcpy(run->result.bounds, network->bounds, sizeof network->bounds);
    run->result.part_price = run->result.bed_price = network->part_price;
    run->result.person_price = network->person_price;
    run->result.bound_price = network->bound_price;
    return 0;
}

static int run_engine(struct run *run, struct alm_error *err)
{
    if (run->options->engine != SOLVER_GREEDY)
        return problem_is_coupled(run->problem) ? run_coupled(run, err) : run_network(run, err);
    run_greedy(run);
    return 0;
}

static int64_t peak_bytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss * INT64_C(1024);
}

/* The plan is written once it is whole; the caller's plan is touched last. */
static void write_down(struct run *run, struct plan *plan, struct certificate *certificate)
{
    run->result.problem = run->problem;
    run->result.world = run->world;
    run->result.chosen = run->chosen;
    plan_init(plan);
    certificate_init(certificate);
    result_plan(&run->result, plan);
    result_certificate(&run->result, plan, certificate);
}

/* No plan leaves that the check would refuse: code of its own but for the rules of a pair. */
static int check(const struct run *run, const struct plan *plan, struct certificate *certificate,
                 struct alm_error *err)
{
    struct alm_error refusal;
    err_init(&refusal);
    int result = verify_plan_certify(run->problem->region, run->problem->policy, plan, certificate,
                                     &refusal);
    if (result < 0)
        err_set(err, ERR_INTERNAL, "the solver's own plan does not stand up to the check: %s",
                refusal.message);
    err_clear(&refusal);
    return result;
}

static int finish(struct run *run, struct plan *plan, struct certificate *certificate,
                  struct alm_error *err)
{
    write_down(run, plan, certificate);
    double solved = budget_clock_s();
    result_seal(plan, certificate);
    int result = check(run, plan, certificate, err);
    if (result == 0)
        result_take_bounds(plan, certificate);
    plan->stats.build_s = run->built_s - run->began_s;
    plan->stats.solve_s = solved - run->built_s - run->confirmed_s;
    plan->stats.check_s = budget_clock_s() - solved + run->confirmed_s;
    plan->stats.peak_bytes = peak_bytes();
    if (result < 0) {
        plan_clear(plan);
        certificate_clear(certificate);
    }
    return result;
}

int solver_run(const struct region *region, const struct policy *policy, int64_t now,
               const struct solver_options *options, struct plan *plan,
               struct certificate *certificate, struct alm_error *err)
{
    struct run run = {.options = options, .began_s = budget_clock_s()};
    struct certificate unwanted;
    run.problem = problem_new(region, policy, now, err);
    if (!run.problem)
        return -1;
    hash_world(region, run.world);
    run.chosen = alloc_zero((size_t)run.problem->n_people + 1, sizeof(uint32_t));
    run.built_s = budget_clock_s();
    budget_init(&run.budget, options);
    int result = run_engine(&run, err);
    if (result == 0)
        result = finish(&run, plan, certificate ? certificate : &unwanted, err);
    if (result == 0 && !certificate)
        certificate_clear(&unwanted);
    network_result_clear(&run.network);
    coupled_result_clear(&run.coupled);
    coupled_network_clear(&run.beds);
    free(run.chosen);
    problem_free(run.problem);
    return result;
}
