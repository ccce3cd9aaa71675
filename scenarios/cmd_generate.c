/* cmd_generate.c - almoner generate: a drawn world, from the shipped city or from real files. */
#include "scenarios/cmd.h"

#include "models/alloc.h"
#include "models/stamp.h"
#include "models/world.h"
#include "scenarios/city.h"
#include "scenarios/draw.h"
#include "scenarios/source.h"
#include "store/world_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct generate_args {
    const char *city, *source, *map, *out;
    struct draw_options draw;
    int64_t seed;
    int json;
};

static char *source_path(const char *folder, const char *file)
{
    struct buffer path = {0};
    if (*file == '/')
        buffer_text(&path, file);
    else
        buffer_format(&path, "%s/%s", folder, file);
    return buffer_take(&path, NULL);
}

/* The map: --source-map, else source.json in the folder, else our own column names. */
static struct source *read_map(const struct generate_args *args, struct alm_error *err)
{
    char *path = args->map ? alloc_string(args->map) : source_path(args->source, "source.json");
    struct source *source = NULL;
    char *json = NULL;
    size_t len = 0;
    if (!args->map && access(path, F_OK) != 0)
        source = source_from_json(NULL, 0, err);
    else if ((json = world_files_slurp(path, &len, err)))
        source = source_from_json(json, len, err);
    if (json && !source)
        err_in_file(err, path);
    free(json);
    free(path);
    return source;
}

static int read_source(const struct generate_args *args, struct draw_frame *frame,
                       struct alm_error *notes, struct alm_error *err)
{
    struct source *source = read_map(args, err);
    int status = source ? 0 : -1;
    for (size_t i = 0; status == 0 && source_file(source, i); i++) {
        size_t len;
        char *path = source_path(args->source, source_file(source, i));
        char *bytes = world_files_slurp(path, &len, err);
        status = bytes ? source_read(source, i, bytes, len, frame, notes, err) : -1;
        free(bytes);
        free(path);
    }
    source_free(source);
    if (status == 0 && (frame->n_homes == 0 || frame->n_areas == 0))
        status = err_set(err, ERR_BAD_INPUT, "%s: no home or no area could be read", args->source);
    return status;
}

static void print_summary(const struct generate_args *args, const struct region *region)
{
    size_t institutions = region_count(region, RECORD_INSTITUTION);
    size_t pools = region_count(region, RECORD_POOL);
    size_t applicants = region_count(region, RECORD_APPLICANT);
    int64_t beds = 0, vacancies = 0;
    const struct record *record = region_first(region, RECORD_POOL);
    for (; record; record = region_next(record)) {
        beds += ((const struct pool *)record)->beds_usable;
        vacancies += pool_offerable((const struct pool *)record);
    }
    if (args->json)
        printf("{\"out\":\"%s\",\"institutions\":%zu,\"pools\":%zu,\"beds\":%lld,"
               "\"vacancies\":%lld,\"applicants\":%zu,\"seed\":%lld}\n",
               args->out, institutions, pools, (long long)beds, (long long)vacancies, applicants,
               (long long)args->seed);
    else
        printf("%s: drawn, not observed (seed %lld): %zu institutions, %zu pools, %lld beds, %lld "
               "vacancies, %zu applicants\n",
               args->out, (long long)args->seed, institutions, pools, (long long)beds,
               (long long)vacancies, applicants);
}

static int draw(struct generate_args *args, struct alm_error *notes, struct alm_error *err)
{
    struct draw_frame frame = {0};
    struct world_files files = {0};
    args->draw.seed = (uint64_t)args->seed;
    int status = args->city ? city_frame(args->city, args->draw.seed, &frame, err)
                            : read_source(args, &frame, notes, err);
    if (status == 0) {
        struct region *region = draw_region(&frame, &args->draw);
        world_write(region, &files);
        status = world_files_write_dir(args->out, &files, draw_policy_json(), err);
        if (status == 0)
            print_summary(args, region);
        region_free(region);
    }
    world_files_clear(&files);
    draw_frame_clear(&frame);
    return status;
}

static int generate(void *args, struct alm_error *err)
{
    const struct generate_args *asked = args;
    struct alm_error notes;
    if (!asked->city == !asked->source)
        return err_set(err, ERR_BAD_REQUEST, "give either --city NAME or --source DIR");
    err_init(&notes);
    int status = draw(args, &notes, err);
    for (size_t i = 0; i < notes.n_issues; i++)
        fprintf(stderr, "%s: %s\n", notes.issues[i].pointer, notes.issues[i].detail);
    err_clear(&notes);
    return status;
}

int cmd_generate(const struct cmd *cmd, int argc, char **argv)
{
    struct generate_args args = {.draw = {.applicants = 3000}, .seed = 1};
    const struct options_spec specs[] = {
        {"city", OPTIONS_TEXT, &args.city, 0, 0, 0, "NAME", "a shipped city: taipei"},
        {"source", OPTIONS_TEXT, &args.source, 0, 0, 0, "DIR", "a folder of real files instead"},
        {"source-map", OPTIONS_TEXT, &args.map, 0, 0, 0, "F",
         "its column map; else DIR/source.json, else our own names"},
        {"applicants", OPTIONS_INT, &args.draw.applicants, 0, 0, 10000000, "N",
         "people on the waiting list (3000)"},
        {"couples", OPTIONS_INT, &args.draw.couples_per_mille, 0, 0, 1000, "N",
         "so many of 1000 applicants wait as half of a couple (0)"},
        {"movers", OPTIONS_INT, &args.draw.movers_per_mille, 0, 0, 1000, "N",
         "so many of 1000 applicants are residents who ask to move (0)"},
        {"seed", OPTIONS_INT, &args.seed, 0, 0, INT64_MAX, "S", "of the draw (1)"},
        {"now", OPTIONS_TIME, &args.draw.now, 0, 0, 0, "T", "the day of the draw (2025-03-01)"},
        {"out", OPTIONS_TEXT, &args.out, 1, 0, 0, "DIR", "the new world folder"},
        CMD_OPTION_JSON(&args.json),
    };
    stamp_parse("2025-03-01", &args.draw.now);
    return cmd_run(cmd, argc, argv, specs, sizeof specs / sizeof *specs, generate, &args);
}
