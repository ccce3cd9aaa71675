# Tests: one program per layer, linked against that layer and what lies below. TESTS: the longest first, so that nobody waits for
# one of them at the end.
TEST_EXTENSIONS = .sh
AM_TESTS_ENVIRONMENT = top_srcdir=`cd '$(abs_top_srcdir)' && pwd`; top_builddir='$(abs_top_builddir)'; \
	export top_srcdir top_builddir;
dist_check_SCRIPTS = tests/layers.sh tests/docs.sh tests/cli.sh tests/main_job.sh tests/hostile.sh tests/refused.sh
TESTS += tests/main_job.sh
EXTRA_DIST += tests/cli tests/glpk_fails.c tests/malloc_fails.c
if HAVE_CUNIT
check_LIBRARIES += libcheck.a
libcheck_a_SOURCES = tests/check.c tests/check.h tests/no_threads.c tests/no_threads.h \
	tests/one_core.c tests/one_core.h
CHECK_LIBS = libcheck.a -lcunit
include tests/solver.mk
include tests/races.mk
include tests/scheduler.mk
include tests/store.mk
include tests/api.mk
include tests/usecases.mk
include tests/models.mk
include tests/scenarios.mk
endif
TESTS += tests/hostile.sh tests/refused.sh tests/cli.sh tests/docs.sh tests/layers.sh
include tests/long.mk
include tests/bench.mk
include tests/fuzz.mk
