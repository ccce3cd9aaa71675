# Tests of store/.
check_PROGRAMS += tests/test_store
TESTS += tests/test_store
tests_test_store_SOURCES = \
	tests/redis_server.c tests/redis_server.h \
	tests/store_main.c \
	tests/store_rig.c tests/store_rig.h \
	tests/test_store_contract.c
tests_test_store_LDADD = $(CHECK_LIBS) libstore_redis.a libstore.a libmodels.a \
	$(STORE_REDIS_LIBS) $(STORE_LIBS) $(MODELS_LIBS)
