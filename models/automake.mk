# libmodels: records, rules, region, change, plan. Knows nobody.
noinst_LIBRARIES += libmodels.a
libmodels_a_SOURCES = \
	models/alloc.c models/alloc.h \
	models/assessment.c models/assessment.h \
	models/change.c models/change.h \
	models/csv.h \
	models/digest.c models/digest.h \
	models/err.c models/err.h \
	models/fields.c models/fields.h \
	models/fields_table.c \
	models/geo.c models/geo.h \
	models/household.c models/household.h \
	models/lifecycle.c models/lifecycle.h \
	models/list.c models/list.h \
	models/plan.h \
	models/policy.h \
	models/record.c models/record.h \
	models/region.c models/region.h models/region_check.c \
	models/stamp.c models/stamp.h \
	models/travel_index.c models/travel_index.h \
	models/words.c models/words.h \
	models/world.h
