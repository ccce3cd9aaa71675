/* fuzz_plan.c - any bytes as a plan and as a certificate: refused with an issue and nothing kept,
 * or written and read back as the same bytes. */
#include "models/plan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_plan(const char *bytes, size_t len, struct alm_error *err)
{
    struct plan plan, back;
    if (plan_from_json(bytes, len, &plan, err) != 0) {
        if (!err->n_issues || plan.placements || plan.world)
            abort();
        return;
    }
    char *text = plan_to_json(&plan, 0);
    if (plan_from_json(text, strlen(text), &back, NULL) != 0)
        abort();
    char *again = plan_to_json(&back, 0);
    if (strcmp(text, again) != 0)
        abort();
    free(again);
    free(text);
    plan_clear(&back);
    plan_clear(&plan);
}

static void check_certificate(const char *bytes, size_t len, struct alm_error *err)
{
    struct certificate certificate, back;
    if (certificate_from_json(bytes, len, &certificate, err) != 0) {
        if (!err->n_issues || certificate.pools || certificate.world)
            abort();
        return;
    }
    char *text = certificate_to_json(&certificate);
    if (certificate_from_json(text, strlen(text), &back, NULL) != 0)
        abort();
    char *again = certificate_to_json(&back);
    if (strcmp(text, again) != 0)
        abort();
    free(again);
    free(text);
    certificate_clear(&back);
    certificate_clear(&certificate);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct alm_error err;
    err_init(&err);
    check_plan((const char *)bytes, len, &err);
    err_clear(&err);
    check_certificate((const char *)bytes, len, &err);
    err_clear(&err);
    return 0;
}
