# Tests of store/.
check_PROGRAMS += tests/test_store
TESTS += tests/test_store
tests_test_store_SOURCES = \
	tests/redis_server.c tests/redis_server.h \
	tests/store_main.c \
	tests/store_rig.c tests/store_rig.h \
	tests/test_last_bed.c \
	tests/test_redis_recovery.c \
	tests/test_redis_store.c \
	tests/test_seal.c \
	tests/test_store_contract.c \
	tests/test_token.c \
	tests/test_world_files.c
tests_test_store_LDADD = $(CHECK_LIBS) libstore_redis.a libstore.a libmodels.a \
	$(STORE_REDIS_LIBS) $(STORE_LIBS) $(MODELS_LIBS)
