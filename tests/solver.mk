# Tests of solver/.
check_PROGRAMS += tests/test_solver
TESTS += tests/test_solver
tests_test_solver_SOURCES = \
	tests/brute_force.c tests/brute_force.h tests/brute_rules.c tests/brute_rules.h \
	tests/drawn_region.c tests/drawn_region.h \
	tests/drawn_round.c tests/drawn_round.h \
	tests/hostile_world.c tests/hostile_world.h \
	tests/large_problem.c tests/large_problem.h \
	tests/odd_world.c tests/odd_world.h \
	tests/random_world.c tests/random_world.h tests/random_world_csv.c \
	tests/small_problem.c tests/small_problem.h \
	tests/solver_main.c \
	tests/small_city.c tests/small_city.h \
	tests/tampering.c tests/tampering.h tests/tampering_bounds.c tests/tampering_prices.c \
	tests/peer_glpk.c tests/peer_glpk.h \
	tests/plain_rules.c tests/plain_rules.h \
	tests/test_bound_homes.c \
	tests/test_budget.c \
	tests/test_compare.c \
	tests/test_confirm.c \
	tests/coupled_world.c tests/coupled_world.h \
	tests/test_coupled.c tests/test_coupled_large.c \
	tests/test_cuts.c \
	tests/test_descent.c tests/test_descent_polish.c tests/test_descent_ways.c \
	tests/test_eligibility.c \
	tests/test_explain.c \
	tests/test_families.c \
	tests/test_export.c \
	tests/test_forgery.c \
	tests/test_greatest.c \
	tests/test_hostile.c \
	tests/test_knapsack.c \
	tests/test_least.c \
	tests/test_matroid.c \
	tests/test_network.c \
	tests/test_offers.c \
	tests/test_prices.c \
	tests/test_problem.c \
	tests/test_problem_pairs.c \
	tests/test_repair.c \
	tests/test_repair_rows.c \
	tests/test_solver.c \
	tests/test_ties.c \
	tests/test_transport.c \
	tests/test_tree.c \
	tests/test_verify.c \
	tests/test_verify_guests.c \
	tests/test_verify_look.c \
	tests/test_verify_ties.c \
	tests/test_warm.c \
	tests/test_worlds.c \
	tests/test_worth.c
tests_test_solver_LDADD = $(CHECK_LIBS) libsolver.a libmodels.a $(SOLVER_LIBS) $(MODELS_LIBS)
