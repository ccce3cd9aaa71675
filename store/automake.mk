# libstore: the interface, memory, files; libstore_redis: Redis over hiredis. Know models.
noinst_LIBRARIES += libstore.a libstore_redis.a
libstore_a_SOURCES = \
	store/later.c store/later.h \
	store/memory_store.c store/memory_store.h \
	store/seal.c store/seal.h \
	store/store.c store/store.h \
	store/token.c store/token.h \
	store/token_json.c \
	store/world_files.c store/world_files.h \
	store/world_tar.c store/world_tar.h
libstore_redis_a_SOURCES = \
	store/redis_args.c store/redis_args.h \
	store/redis_check.c store/redis_check.h \
	store/redis_entry.c store/redis_entry.h \
	store/redis_feed.c store/redis_feed.h \
	store/redis_link.c store/redis_link.h \
	store/redis_load.c store/redis_load.h \
	store/redis_script.c store/redis_script.h \
	store/redis_store.c store/redis_store.h
STORE_LIBS = $(ARCHIVE_LIBS) $(SODIUM_LIBS)
STORE_REDIS_LIBS = $(HIREDIS_LIBS) $(EVENT_LIBS)
