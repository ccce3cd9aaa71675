# Two real daemons on one Redis, raced for the same beds.
check_PROGRAMS += tests/test_races
TESTS += tests/test_races
tests_test_races_SOURCES = \
	tests/race_ask.c \
	tests/race_naive.c tests/race_naive.h \
	tests/race_rig.c tests/race_rig.h \
	tests/race_view.c \
	tests/race_world.c tests/race_world.h \
	tests/races_main.c \
	tests/redis_proxy.c tests/redis_proxy.h \
	tests/redis_server.c tests/redis_server.h \
	tests/served.c tests/served.h \
	tests/store_rig.c tests/store_rig.h \
	tests/test_each_command.c \
	tests/test_race_rounds.c \
	tests/test_races.c \
	tests/test_stream.c
tests_test_races_LDADD = $(CHECK_LIBS) libstore_redis.a libstore.a libmodels.a \
	$(SHELL_LIBS) $(STORE_REDIS_LIBS) $(STORE_LIBS) $(MODELS_LIBS)
tests_test_races_DEPENDENCIES = almonerd$(EXEEXT) libcheck.a libstore_redis.a libstore.a \
	libmodels.a
