# Fuzzers (clang's libFuzzer): CC=clang ./configure --enable-fuzzers --enable-sanitizer=address,undefined
if ENABLE_FUZZERS
noinst_PROGRAMS += tests/fuzz_csv tests/fuzz_plan tests/fuzz_policy tests/fuzz_record_json \
	tests/fuzz_scan tests/fuzz_store
tests_fuzz_csv_SOURCES = tests/fuzz_csv.c
tests_fuzz_csv_LDADD = libmodels.a $(MODELS_LIBS)
tests_fuzz_csv_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_plan_SOURCES = tests/fuzz_plan.c
tests_fuzz_plan_LDADD = libmodels.a $(MODELS_LIBS)
tests_fuzz_plan_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_policy_SOURCES = tests/fuzz_policy.c
tests_fuzz_policy_LDADD = libmodels.a $(MODELS_LIBS)
tests_fuzz_policy_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_record_json_SOURCES = tests/fuzz_record_json.c
tests_fuzz_record_json_LDADD = libmodels.a $(MODELS_LIBS)
tests_fuzz_record_json_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_scan_SOURCES = tests/fuzz_scan.c
tests_fuzz_scan_LDADD = libapi.a libshell.a libusecases.a libsolver.a libstore.a libmodels.a \
	$(SHELL_LIBS) $(SOLVER_LIBS) $(STORE_LIBS) $(MODELS_LIBS)
tests_fuzz_scan_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_store_SOURCES = tests/fuzz_store.c
tests_fuzz_store_LDADD = libstore.a libmodels.a $(STORE_LIBS) $(MODELS_LIBS)
tests_fuzz_store_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
endif
