# Tests of models/.
check_PROGRAMS += tests/test_models
TESTS += tests/test_models
tests_test_models_SOURCES = \
	tests/models_main.c \
	tests/brute_rules.c tests/brute_rules.h \
	tests/odd_world.c tests/odd_world.h \
	tests/random_world.c tests/random_world.h \
	tests/test_assessment.c \
	tests/test_beside.c \
	tests/test_change.c \
	tests/test_csv.c \
	tests/test_fields.c \
	tests/test_geo.c \
	tests/test_household.c \
	tests/test_lifecycle.c \
	tests/test_list.c \
	tests/test_plan.c \
	tests/test_points.c \
	tests/test_policy.c \
	tests/test_record.c \
	tests/test_record_json.c \
	tests/test_region.c \
	tests/test_slices.c \
	tests/test_stamp.c \
	tests/test_travel_origins.c \
	tests/test_world.c
tests_test_models_LDADD = $(CHECK_LIBS) libmodels.a $(MODELS_LIBS)
