# libstore: the interface, memory, files; libstore_redis: Redis over hiredis. Know models.
noinst_LIBRARIES += libstore.a libstore_redis.a
libstore_a_SOURCES = \
	store/memory_store.h \
	store/seal.h \
	store/store.h \
	store/token.h \
	store/world_files.h
libstore_redis_a_SOURCES = \
	store/redis_store.h
STORE_LIBS = $(ARCHIVE_LIBS) $(SODIUM_LIBS)
STORE_REDIS_LIBS = $(HIREDIS_LIBS) $(EVENT_LIBS)
