# Tests of scheduler/usecases/.
check_PROGRAMS += tests/test_usecases
TESTS += tests/test_usecases
tests_test_usecases_SOURCES = \
	tests/small_region.c tests/small_region.h \
	tests/test_admit.c \
	tests/test_erase.c \
	tests/test_intake.c \
	tests/test_offer.c \
	tests/test_placement.c \
	tests/test_walk.c \
	tests/usecases_main.c
tests_test_usecases_LDADD = $(CHECK_LIBS) libusecases.a libsolver.a libmodels.a $(MODELS_LIBS)
