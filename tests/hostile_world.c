/* hostile_world.c - see hostile_world.h. */
#include "tests/hostile_world.h"

#include "models/alloc.h"
#include "models/world.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int groups_of(const struct hostile_world *world)
{
    return world->groups ? world->groups : 1;
}

static void write_institutions(const struct hostile_world *world, struct buffer *out)
{
    buffer_text(out, "institution_id,name,lat,lon,care_minutes\n");
    for (int p = 0; p < world->pools; p++) {
        int step = world->is_one_spot ? 0 : p * 37 % 100;
        buffer_format(out, "H%05d,Home,31.%03d,121.%03d,", p, 100 + step, 400 + step * 7 % 100);
        if (world->minutes)
            buffer_format(out, "%d", world->minutes);
        buffer_text(out, "\n");
    }
}

static int residents_of(const struct hostile_world *world, int pool)
{
    int n = 0;
    for (int i = pool; i < world->residents; i += world->pools)
        n++;
    return n;
}

static void write_pools(const struct hostile_world *world, struct buffer *out)
{
    buffer_text(out, "pool_id,institution_id,kind,beds_usable,beds_occupied,serves,rooms\n");
    for (int p = 0; p < world->pools; p++) {
        int occupied = residents_of(world, p);
        buffer_format(out, "P%05d,H%05d,nursing,%d,%d,V%d,", p, p, world->beds + occupied, occupied,
                      p % groups_of(world));
        if (world->has_rooms && world->beds >= 2)
            buffer_format(out, "%dx2", world->beds / 2);
        buffer_text(out, "\n");
    }
}

static void write_applicants(const struct hostile_world *world, struct buffer *out)
{
    buffer_text(out, "applicant_id,applied_at,lat,lon,level,kinds,sex,village,current_pool,"
                     "household_id\n");
    for (int i = 0; i < world->people; i++) {
        int step = world->is_one_spot ? 0 : i * 53 % 100, from_end = world->people - 1 - i;
        buffer_format(out, "A%05d,2025-02-%02d,31.%03d,121.%03d,%d,nursing,%s,V%d,", i,
                      world->is_alike ? 1 : 1 + i * 11 % 28, 100 + step, 400 + step * 3 % 100,
                      world->is_alike ? 2 : 1 + i * 7 % 4, i % 2 ? "female" : "male",
                      i % groups_of(world));
        if (i < world->residents)
            buffer_format(out, "P%05d", i % world->pools);
        buffer_text(out, ",");
        if (from_end / 2 < world->couples)
            buffer_format(out, "C%05d", from_end / 2);
        buffer_text(out, "\n");
    }
}

static void give_up(const struct hostile_world *world, const struct alm_error *err)
{
    printf("\n    %s: the world is not read: %s\n", world->name, err->message);
    exit(99);
}

struct region *hostile_world_region(const struct hostile_world *world)
{
    static void (*const writers[])(const struct hostile_world *,
                                   struct buffer *) = {[WORLD_INSTITUTIONS] = write_institutions,
                                                       [WORLD_POOLS] = write_pools,
                                                       [WORLD_APPLICANTS] = write_applicants};
    static const struct world_options options;
    struct world_files files = {0};
    struct alm_error notes, err;
    err_init(&notes);
    err_init(&err);
    for (size_t f = 0; f < sizeof writers / sizeof *writers; f++) {
        struct buffer out;
        buffer_init(&out);
        writers[f](world, &out);
        files.bytes[f] = buffer_take(&out, &files.len[f]);
    }
    struct region *region = world_read(&files, &options, &notes, &err);
    if (!region)
        give_up(world, &err);
    world_files_clear(&files);
    err_clear(&notes);
    err_clear(&err);
    return region;
}

struct policy *hostile_world_policy(int64_t level_points)
{
    static const char text[] =
        "{\"name\": \"hostile\", \"version\": 1, \"objectives\": [\"need\", \"transfers\", "
        "\"travel\"], \"points\": [{\"name\": \"level\", \"type\": \"table\", \"field\": "
        "\"level\", \"points\": {\"1\": 1, \"2\": 2, \"3\": 3, \"4\": 4}}]}";
    struct alm_error err;
    err_init(&err);
    struct policy *policy = policy_from_json(text, strlen(text), &err);
    if (!policy) {
        printf("\n    the policy is not read: %s\n", err.message);
        exit(99);
    }
    for (size_t i = 0; i < policy->rules[0].n_table; i++)
        policy->rules[0].table[i].points *= level_points;
    return policy;
}
