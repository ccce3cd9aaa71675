/* fuzz_csv.c - libFuzzer on models/csv.c and models/world_read.c: any bytes are a table, or are
 * refused; what was read can be written and read again. */
#include "models/csv.h"
#include "models/world.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void write_row(const struct csv_row *row, struct buffer *out)
{
    for (size_t i = 0; i < row->n; i++)
        csv_add_cell(out, row->cells[i], i == 0, 0);
    buffer_text(out, "\n");
}

/* Without the broken rows it might be taken for one with a BOM, or for a title above a table. */
static int stays_a_header(const struct csv_row *header)
{
    size_t filled = 0;
    for (size_t i = 0; i < header->n; i++)
        filled += header->cells[i][0] != '\0';
    return filled != 1 && strncmp(header->cells[0], "\xEF\xBB\xBF", 3) != 0;
}

static void check_again(const struct csv *csv)
{
    struct buffer out = {0};
    struct csv again;
    struct alm_error err;
    err_init(&err);
    write_row(&csv->header, &out);
    for (size_t i = 0; i < csv->n; i++)
        write_row(&csv->rows[i], &out);
    if (csv_parse("again", out.bytes, out.len, 0, &again, &err) != 0 || again.n != csv->n)
        abort();
    for (size_t i = 0; i < csv->n; i++)
        for (size_t k = 0; k < csv->rows[i].n; k++)
            if (strcmp(csv->rows[i].cells[k], again.rows[i].cells[k]) != 0)
                abort();
    csv_clear(&again);
    buffer_clear(&out);
}

/* The bytes as the file of each kind in turn, beside a small good world. */
static void read_world(const char *bytes, size_t len, int file)
{
    static const char *const good[WORLD_FILES] = {
        "institution_id,name,lat,lon\nH1,North,31.2,121.4\n",
        "pool_id,institution_id,kind,beds_usable,beds_occupied\nP1,H1,nursing,10,8\n",
        "applicant_id,applied_at,lat,lon,level,kinds\nA1,2025-01-02,31,121,3,nursing\n",
        "from_id,institution_id,metres\nA1,H1,5\n"};
    struct world_files files = {0}, first = {0}, second = {0};
    struct world_options options = {.skip_bad_rows = 1};
    struct alm_error notes, err;
    err_init(&notes);
    err_init(&err);
    for (int i = 0; i < WORLD_FILES; i++) {
        files.len[i] = i == file ? len : strlen(good[i]);
        files.bytes[i] = alloc_string_n(i == file ? bytes : good[i], files.len[i]);
    }
    struct region *region = world_read(&files, &options, &notes, &err);
    if (region) {
        world_write(region, &first);
        options.skip_bad_rows = 0;
        struct region *again = world_read(&first, &options, &notes, &err);
        if (!again)
            abort();
        world_write(again, &second);
        for (int i = 0; i < WORLD_FILES; i++)
            if (first.len[i] != second.len[i] ||
                (first.len[i] && memcmp(first.bytes[i], second.bytes[i], first.len[i]) != 0))
                abort();
        region_free(again);
    }
    region_free(region);
    world_files_clear(&files);
    world_files_clear(&first);
    world_files_clear(&second);
    err_clear(&notes);
    err_clear(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct csv csv;
    struct alm_error err;
    err_init(&err);
    if (len == 0)
        return 0;
    const char *bytes = (const char *)data + 1;
    if (csv_parse("fuzz", bytes, len - 1, 1, &csv, &err) == 0) {
        if (stays_a_header(&csv.header))
            check_again(&csv);
        csv_clear(&csv);
    }
    err_clear(&err);
    read_world(bytes, len - 1, data[0] % WORLD_FILES);
    return 0;
}
