/* store_main.c - the tests of store/. */
#include "tests/check.h"

extern const struct check_suite suite_seal, suite_token, suite_world_files, suite_store_contract,
    suite_redis_store, suite_redis_recovery, suite_last_bed;

int main(int argc, char **argv)
{
    static const struct check_suite *const suites[] = {
        &suite_seal,        &suite_token,          &suite_world_files, &suite_store_contract,
        &suite_redis_store, &suite_redis_recovery, &suite_last_bed};
    return check_main(argc, argv, suites, sizeof suites / sizeof *suites);
}
