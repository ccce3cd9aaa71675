# Tests of scheduler/.
check_PROGRAMS += tests/test_scheduler
TESTS += tests/test_scheduler
tests_test_scheduler_SOURCES = \
	tests/flaky.c tests/flaky.h \
	tests/scheduler_main.c \
	tests/small_region.c tests/small_region.h \
	tests/test_config.c \
	tests/test_redis_child.c \
	tests/test_retention.c \
	tests/test_rounds.c \
	tests/test_worker.c \
	tests/test_writer.c \
	tests/town.c tests/town.h
tests_test_scheduler_LDADD = $(CHECK_LIBS) libshell.a libusecases.a libsolver.a \
	libstore.a libmodels.a $(SHELL_LIBS) $(SOLVER_LIBS) $(STORE_LIBS) $(MODELS_LIBS)

# The real daemon, from outside; it has to be built first.
check_PROGRAMS += tests/test_daemon
TESTS += tests/test_daemon
tests_test_daemon_SOURCES = \
	tests/daemon_main.c \
	tests/redis_server.c tests/redis_server.h \
	tests/served.c tests/served.h \
	tests/test_daemon.c \
	tests/test_daemon_pair.c \
	tests/test_daemon_retention.c
tests_test_daemon_LDADD = $(CHECK_LIBS) libshell.a libstore_redis.a libstore.a libmodels.a \
	$(SHELL_LIBS) $(STORE_REDIS_LIBS) $(STORE_LIBS) $(MODELS_LIBS)
tests_test_daemon_DEPENDENCIES = almonerd$(EXEEXT) libcheck.a libshell.a libstore_redis.a \
	libstore.a libmodels.a
