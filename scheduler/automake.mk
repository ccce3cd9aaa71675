# libusecases: pure. libshell: the loop, the writer, rounds, the private Redis. almonerd: the daemon.
noinst_LIBRARIES += libusecases.a libshell.a
libusecases_a_SOURCES = \
	scheduler/usecases/usecases.h
libshell_a_SOURCES = \
	scheduler/rounds.h \
	scheduler/writer.h
