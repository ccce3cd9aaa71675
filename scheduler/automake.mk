# libusecases: pure. libshell: the loop, the writer, rounds, the private Redis. almonerd: the daemon.
noinst_LIBRARIES += libusecases.a libshell.a
libusecases_a_SOURCES = \
	scheduler/usecases/admit.c \
	scheduler/usecases/erase.c \
	scheduler/usecases/intake.c \
	scheduler/usecases/offer.c \
	scheduler/usecases/placement.c \
	scheduler/usecases/resident.c \
	scheduler/usecases/round.c \
	scheduler/usecases/usecase.c scheduler/usecases/usecase.h \
	scheduler/usecases/usecases.h \
	scheduler/usecases/vacancy.c
libshell_a_SOURCES = \
	scheduler/archive.c scheduler/archive.h \
	scheduler/clock.c scheduler/clock.h \
	scheduler/config.c scheduler/config.h \
	scheduler/data_dir.c scheduler/data_dir.h \
	scheduler/deadlines.c scheduler/deadlines.h \
	scheduler/log.c scheduler/log.h \
	scheduler/redis_child.c scheduler/redis_child.h \
	scheduler/retention.c scheduler/retention.h \
	scheduler/rounds.c scheduler/rounds.h \
	scheduler/solve_task.c scheduler/solve_task.h \
	scheduler/timer.c scheduler/timer.h \
	scheduler/turns.c scheduler/turns.h \
	scheduler/worker.c scheduler/worker.h \
	scheduler/writer.c scheduler/writer.h
SHELL_LIBS = $(EVENT_LIBS)

bin_PROGRAMS += almonerd
almonerd_SOURCES = \
	scheduler/demo.c scheduler/demo.h \
	scheduler/main.c
almonerd_LDADD = libapi.a libshell.a libusecases.a libsolver.a libstore_redis.a libstore.a \
	libdraw.a libmodels.a $(SHELL_LIBS) $(SOLVER_LIBS) $(STORE_REDIS_LIBS) $(STORE_LIBS) \
	$(MODELS_LIBS)

# Below the prefix, where systemd looks for /usr and /usr/local alike.
systemdunitdir = $(prefix)/lib/systemd/system
nodist_systemdunit_DATA = scheduler/almonerd.service
EXTRA_DIST += scheduler/almonerd.service.in
CLEANFILES += scheduler/almonerd.service
scheduler/almonerd.service: scheduler/almonerd.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) scheduler && \
		sed 's|@bindir[@]|$(bindir)|' $(srcdir)/scheduler/almonerd.service.in >$@
