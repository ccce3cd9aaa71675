# Tests of api/.
check_PROGRAMS += tests/test_api
TESTS += tests/test_api
tests_test_api_SOURCES = \
	tests/api_main.c \
	tests/api_seed.c tests/api_seed.h \
	tests/api_server.c tests/api_server.h \
	tests/http_client.c tests/http_client.h \
	tests/talk.c tests/talk.h \
	tests/test_api.c \
	tests/test_bad_input.c \
	tests/test_erasing.c \
	tests/test_explanation.c \
	tests/test_gate.c \
	tests/test_http.c \
	tests/test_limits.c \
	tests/test_matrix.c \
	tests/test_reading.c \
	tests/test_retries.c \
	tests/test_routes.c \
	tests/test_travel.c
tests_test_api_LDADD = $(CHECK_LIBS) libapi.a libshell.a libusecases.a libsolver.a libstore.a \
	libmodels.a $(SHELL_LIBS) $(SOLVER_LIBS) $(STORE_LIBS) $(MODELS_LIBS)
