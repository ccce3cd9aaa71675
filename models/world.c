/* world.c - the files of a world: their names, the canonical export and its hash. See world.h.
 *
 * Reading is in world_read.c. */
#include "models/world.h"

#include "models/csv.h"
#include "models/digest.h"
#include "models/fields.h"
#include "models/slices.h"

#include <stdlib.h>
#include <string.h>

const char *const world_file_names[WORLD_FILES] = {"institutions.csv", "pools.csv",
                                                   "applicants.csv", "travel.csv"};

const enum record_type world_types[WORLD_FILES] = {RECORD_INSTITUTION, RECORD_POOL,
                                                   RECORD_APPLICANT, RECORD_TRAVEL};

void world_files_clear(struct world_files *files)
{
    for (int i = 0; i < WORLD_FILES; i++)
        free(files->bytes[i]);
    *files = (struct world_files){0};
}

/* The names of the x_ columns in use, in order. */
struct names {
    const char **list;
    size_t n, room;
};

static void add_name(struct names *names, const char *name)
{
    size_t low = 0, high = names->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(names->list[middle], name);
        if (order == 0)
            return;
        *(order < 0 ? &low : &high) = order < 0 ? middle + 1 : middle;
    }
    ALLOC_GROW(names->list, names->n, names->room);
    memmove(names->list + low + 1, names->list + low, (names->n - low) * sizeof *names->list);
    names->list[low] = name;
    names->n++;
}

static void collect_names(const struct region *region, struct names *names)
{
    const struct record *record = region_first(region, RECORD_APPLICANT);
    for (; record; record = region_next(record)) {
        const struct applicant *applicant = (const struct applicant *)record;
        for (size_t i = 0; i < applicant->n_extras; i++)
            add_name(names, applicant->extras[i].name);
    }
}

static int is_column(const struct field *field)
{
    return field->flags & FIELD_CSV && field->type != FIELD_EXTRAS;
}

static void write_header(const struct field_table *table, const struct names *names,
                         struct buffer *out)
{
    int is_first = 1;
    for (size_t i = 0; i < table->n; i++) {
        if (!is_column(&table->fields[i]))
            continue;
        csv_add_cell(out, table->fields[i].name, is_first, 0);
        is_first = 0;
    }
    for (size_t i = 0; i < names->n; i++)
        csv_add_cell(out, names->list[i], 0, 0);
    buffer_text(out, "\n");
}

/* Both lists are in order of name. */
static void write_extras(const struct applicant *applicant, const struct names *names,
                         struct buffer *out)
{
    size_t k = 0;
    for (size_t i = 0; i < names->n; i++) {
        int has = k < applicant->n_extras && strcmp(applicant->extras[k].name, names->list[i]) == 0;
        csv_add_cell(out, has ? applicant->extras[k].value : "", 0, 0);
        k += (size_t)has;
    }
}

static void write_row(const struct field_table *table, const struct record *record,
                      struct buffer *out)
{
    int is_first = 1;
    for (size_t i = 0; i < table->n; i++) {
        if (!is_column(&table->fields[i]))
            continue;
        if (!is_first)
            buffer_add(out, ",", 1);
        size_t at = out->len;
        fields_write(&table->fields[i], record, out);
        csv_end_cell(out, at);
        is_first = 0;
    }
}

enum { SLICE_ROWS = 4000 }; /* fewer are not worth a thread */

/* The rows of one file, each stretch into a text of its own. */
struct writer {
    const struct field_table *table;
    struct names names;
    const struct record **records;
    struct buffer texts[SLICES_MAX];
};

static void write_rows(void *context, size_t slice, size_t first, size_t end)
{
    struct writer *writer = context;
    struct buffer *out = &writer->texts[slice];
    for (size_t i = first; i < end; i++) {
        const struct record *record = writer->records[i];
        write_row(writer->table, record, out);
        if (record->type == RECORD_APPLICANT)
            write_extras((const struct applicant *)record, &writer->names, out);
        buffer_add(out, "\n", 1);
    }
}

static char *write_file(const struct region *region, enum world_file file, size_t *len)
{
    enum record_type type = world_types[file];
    size_t n = region_count(region, type), n_slices = slices_count(n, SLICE_ROWS), at = 0;
    struct writer writer = {.table = fields_of(type),
                            .records = alloc_zero(n, sizeof *writer.records)};
    if (file == WORLD_APPLICANTS)
        collect_names(region, &writer.names);
    for (const struct record *record = region_first(region, type); record;
         record = region_next(record))
        writer.records[at++] = record;
    write_header(writer.table, &writer.names, &writer.texts[0]);
    slices_run(n, n_slices, write_rows, &writer);
    for (size_t s = 1; s < n_slices; s++) {
        buffer_add(&writer.texts[0], writer.texts[s].bytes, writer.texts[s].len);
        buffer_clear(&writer.texts[s]);
    }
    free(writer.names.list);
    free(writer.records);
    return buffer_take(&writer.texts[0], len);
}

void world_write(const struct region *region, struct world_files *files)
{
    *files = (struct world_files){0};
    for (int file = 0; file < WORLD_FILES; file++)
        if (file != WORLD_TRAVEL || region_count(region, RECORD_TRAVEL))
            files->bytes[file] = write_file(region, file, &files->len[file]);
}

void world_hash(const struct world_files *canonical, char hash[72])
{
    struct buffer all = {0};
    buffer_text(&all, "");
    for (int file = 0; file < WORLD_FILES; file++) {
        if (!canonical->bytes[file])
            continue;
        buffer_add(&all, world_file_names[file], strlen(world_file_names[file]) + 1);
        buffer_format(&all, "%zu", canonical->len[file]);
        buffer_add(&all, "", 1);
        buffer_add(&all, canonical->bytes[file], canonical->len[file]);
    }
    memcpy(hash, "sha256:", 7);
    digest_hex(all.bytes, all.len, hash + 7);
    buffer_clear(&all);
}
