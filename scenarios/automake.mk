# almoner: the offline program. libdraw: drawing worlds (pure).
noinst_LIBRARIES += libdraw.a
libdraw_a_SOURCES = \
	scenarios/city.c scenarios/city.h \
	scenarios/draw.c scenarios/draw.h \
	scenarios/random.c scenarios/random.h \
	scenarios/source.c scenarios/source.h \
	scenarios/source_json.c scenarios/source_map.h

# rule profiles shipped as data
policiesdir = $(pkgdatadir)/policies
dist_policies_DATA = \
	scenarios/policies/example-district.json \
	scenarios/policies/japan-points.json

sourcesdir = $(pkgdatadir)/sources
dist_sources_DATA = scenarios/sources/taipei-ltc.json scenarios/sources/us-homes.json

bin_PROGRAMS += almoner
almoner_SOURCES = \
	scenarios/cmd.c scenarios/cmd.h \
	scenarios/cmd_compare.c \
	scenarios/cmd_explain.c \
	scenarios/cmd_export.c \
	scenarios/cmd_generate.c \
	scenarios/cmd_report.c \
	scenarios/cmd_solve.c \
	scenarios/cmd_token.c \
	scenarios/cmd_verify.c \
	scenarios/main.c \
	scenarios/options.c scenarios/options.h
almoner_LDADD = libdraw.a libsolver.a libstore.a libshell.a libmodels.a \
	$(SOLVER_LIBS) $(STORE_LIBS) $(MODELS_LIBS)

EXTRA_DIST += scenarios/main-job.sh
