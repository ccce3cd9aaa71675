# Tests: one program per layer, linked against that layer and what lies below.
if HAVE_CUNIT
check_LIBRARIES += libcheck.a
libcheck_a_SOURCES = tests/check.c tests/check.h
CHECK_LIBS = libcheck.a -lcunit
include tests/models.mk
include tests/solver.mk
include tests/store.mk
include tests/scheduler.mk
include tests/api.mk
include tests/scenarios.mk
endif
