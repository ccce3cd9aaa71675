# almoner: the offline program. libdraw: drawing worlds (pure).
noinst_LIBRARIES += libdraw.a
libdraw_a_SOURCES = \
	scenarios/city.c scenarios/city.h \
	scenarios/draw.c scenarios/draw.h \
	scenarios/random.c scenarios/random.h
