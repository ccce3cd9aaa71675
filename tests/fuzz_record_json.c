/* fuzz_record_json.c - libFuzzer on models/record_json.c: any bytes are a record or are refused
 * with issues; what was read is stored and read back the same. */
#include "models/fields.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_stored(const struct record *record)
{
    struct alm_error err;
    err_init(&err);
    char *text = record_encode(record), *shown = record_to_json(record);
    struct record *again = record_decode(record->type, text, strlen(text), 1, &err);
    if (!again && record->id[0])
        abort();
    if (again) {
        char *second = record_encode(again);
        if (strcmp(text, second) != 0)
            abort();
        free(second);
    }
    record_free(again);
    free(text);
    free(shown);
    err_clear(&err);
}

static void read_one(enum record_type type, const char *bytes, size_t len, int is_stored)
{
    struct alm_error err;
    char *person = NULL;
    err_init(&err);
    struct record *record = is_stored
                                ? record_decode(type, bytes, len, 1, &err)
                                : record_from_json(type, bytes, len, NULL, 0, NULL, &person, &err);
    if (!record && err.n_issues == 0)
        abort();
    if (record)
        check_stored(record);
    record_free(record);
    free(person);
    err_clear(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len == 0)
        return 0;
    enum record_type type = data[0] % RECORD_TYPE_COUNT;
    read_one(type, (const char *)data + 1, len - 1, 0);
    read_one(type, (const char *)data + 1, len - 1, 1);
    return 0;
}
