/* world.c - the files of a world: their names, the canonical export and its hash. See world.h.
 *
 * Reading is in world_read.c. */
#include "models/world.h"

#include "models/csv.h"
#include "models/digest.h"
#include "models/fields.h"

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
                      struct buffer *cell, struct buffer *out)
{
    int is_first = 1;
    for (size_t i = 0; i < table->n; i++) {
        if (!is_column(&table->fields[i]))
            continue;
        cell->len = 0;
        buffer_text(cell, "");
        fields_write(&table->fields[i], record, cell);
        csv_add_cell(out, cell->bytes, is_first, 0);
        is_first = 0;
    }
}

static char *write_file(const struct region *region, enum world_file file, size_t *len)
{
    const struct field_table *table = fields_of(world_types[file]);
    struct buffer out = {0}, cell = {0};
    struct names names = {0};
    if (file == WORLD_APPLICANTS)
        collect_names(region, &names);
    write_header(table, &names, &out);
    const struct record *record = region_first(region, world_types[file]);
    for (; record; record = region_next(record)) {
        write_row(table, record, &cell, &out);
        if (file == WORLD_APPLICANTS)
            write_extras((const struct applicant *)record, &names, &out);
        buffer_text(&out, "\n");
    }
    free(names.list);
    buffer_clear(&cell);
    return buffer_take(&out, len);
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
