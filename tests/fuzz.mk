# Fuzzers (clang's libFuzzer): CC=clang ./configure --enable-fuzzers --enable-sanitizer=address,undefined
if ENABLE_FUZZERS
noinst_PROGRAMS += tests/fuzz_plan tests/fuzz_policy
tests_fuzz_plan_SOURCES = tests/fuzz_plan.c
tests_fuzz_plan_LDADD = libmodels.a $(MODELS_LIBS)
tests_fuzz_plan_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_policy_SOURCES = tests/fuzz_policy.c
tests_fuzz_policy_LDADD = libmodels.a $(MODELS_LIBS)
tests_fuzz_policy_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
endif
