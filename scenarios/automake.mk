# almoner: the offline program. libdraw: drawing worlds (pure).
noinst_LIBRARIES += libdraw.a
libdraw_a_SOURCES = \
	scenarios/city.c scenarios/city.h \
	scenarios/draw.c scenarios/draw.h \
	scenarios/random.c scenarios/random.h

# rule profiles shipped as data
policiesdir = $(pkgdatadir)/policies
dist_policies_DATA = \
	scenarios/policies/example-district.json
