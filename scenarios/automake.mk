# almoner: the offline program. libdraw: drawing worlds (pure).
noinst_LIBRARIES += libdraw.a
libdraw_a_SOURCES = \
	scenarios/draw.h
