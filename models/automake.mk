# libmodels: records, rules, region, change, plan. Knows nobody.
noinst_LIBRARIES += libmodels.a
libmodels_a_SOURCES = \
	models/alloc.c models/alloc.h \
	models/assessment.h \
	models/change.h \
	models/csv.h \
	models/digest.h \
	models/err.c models/err.h \
	models/fields.h \
	models/geo.h \
	models/household.h \
	models/lifecycle.h \
	models/list.h \
	models/plan.h \
	models/policy.h \
	models/record.h \
	models/region.h \
	models/stamp.h \
	models/words.c models/words.h \
	models/world.h
