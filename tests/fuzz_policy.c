/* fuzz_policy.c - any bytes as a policy: refused with an issue, or a policy that comes back the
 * same from its canonical form and gives everybody between 0 and POLICY_POINTS_MAX points. */
#include "models/policy.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_points(const struct policy *policy)
{
    static const int64_t moments[] = {INT64_MIN / 2, -1, 0, 86400, INT64_MAX / 2};
    struct applicant *person = (struct applicant *)record_new(RECORD_APPLICANT, "A1");
    for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
        person->level = (int64_t)i;
        int64_t points = policy_points(policy, person, moments[i]);
        if (points < 0 || points > POLICY_POINTS_MAX)
            abort();
    }
    record_free(&person->record);
}

static void check_canonical(const struct policy *policy)
{
    char *text = policy_to_json(policy);
    struct policy *back = policy_from_json(text, strlen(text), NULL);
    char *again = back ? policy_to_json(back) : NULL;
    if (!again || strcmp(text, again) != 0)
        abort();
    free(again);
    policy_free(back);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct alm_error err;
    err_init(&err);
    struct policy *policy = policy_from_json((const char *)bytes, len, &err);
    if (!policy && !err.n_issues)
        abort();
    if (policy) {
        check_canonical(policy);
        check_points(policy);
    }
    policy_free(policy);
    err_clear(&err);
    return 0;
}
