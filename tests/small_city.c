/* small_city.c - see small_city.h. */
#include "tests/small_city.h"

#include "models/alloc.h"
#include "models/world.h"
#include "solver/solver.h"
#include "tests/check.h"

#include <string.h>

enum { NOW = 1740787200 };

void small_city_init(struct small_city *city, const char *const texts[3], const char *policy)
{
    static const struct world_options options;
    static const struct solver_options how;
    struct world_files files = {0};
    struct alm_error notes;
    err_init(&notes);
    err_init(&city->err);
    for (int f = 0; f < 3; f++) {
        files.bytes[f] = alloc_string(texts[f]);
        files.len[f] = strlen(texts[f]);
    }
    city->region = world_read(&files, &options, &notes, &city->err);
    city->policy = policy_from_json(policy, strlen(policy), &city->err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(city->region);
    CU_ASSERT_PTR_NOT_NULL_FATAL(city->policy);
    CU_ASSERT_EQUAL_FATAL(solver_run(city->region, city->policy, NOW, &how, &city->plan,
                                     &city->certificate, &city->err),
                          0);
    world_files_clear(&files);
    err_clear(&notes);
}

void small_city_clear(struct small_city *city)
{
    plan_clear(&city->plan);
    certificate_clear(&city->certificate);
    policy_free(city->policy);
    region_free(city->region);
    err_clear(&city->err);
}
