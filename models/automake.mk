# libmodels: records, rules, region, change, plan. Knows nobody.
noinst_LIBRARIES += libmodels.a
libmodels_a_SOURCES = \
	models/alloc.c models/alloc.h \
	models/assessment.c models/assessment.h \
	models/beside.c models/beside.h \
	models/certificate_json.c \
	models/change.c models/change.h models/change_json.c \
	models/csv.c models/csv.h \
	models/csv_fields.c models/csv_fields.h \
	models/decline.c models/decline.h \
	models/digest.c models/digest.h \
	models/err.c models/err.h \
	models/fields.c models/fields.h \
	models/fields_check.c \
	models/fields_list.c \
	models/fields_table.c \
	models/fields_text.c \
	models/geo.c models/geo.h \
	models/household.c models/household.h \
	models/lifecycle.c models/lifecycle.h \
	models/list.c models/list.h \
	models/plan.c models/plan.h models/plan_json.c \
	models/plan_parts_json.h \
	models/plan_prices.h models/plan_prices_json.c \
	models/points.c \
	models/policy.c models/policy.h models/policy_examples_json.c models/policy_json.c \
	models/policy_parts_json.h models/policy_rules_json.c \
	models/read_json.c models/read_json.h \
	models/record.c models/record.h \
	models/record_json.c \
	models/region.c models/region.h models/region_check.c \
	models/slices.c models/slices.h \
	models/stamp.c models/stamp.h \
	models/travel_index.c models/travel_index.h \
	models/travel_origins.c models/travel_origins.h \
	models/words.c models/words.h \
	models/world.c models/world.h \
	models/world_read.c \
	models/write_json.c models/write_json.h
