# Tests of solver/.
check_PROGRAMS += tests/test_solver
TESTS += tests/test_solver
tests_test_solver_SOURCES = \
	tests/small_problem.c tests/small_problem.h \
	tests/solver_main.c \
	tests/test_coupled.c \
	tests/test_eligibility.c \
	tests/test_network.c
tests_test_solver_LDADD = $(CHECK_LIBS) libsolver.a libmodels.a $(SOLVER_LIBS) $(MODELS_LIBS)
