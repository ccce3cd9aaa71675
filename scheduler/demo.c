/* demo.c - see demo.h. */
#include "scheduler/demo.h"

#include "models/alloc.h"
#include "scenarios/city.h"
#include "scenarios/draw.h"
#include "scheduler/usecases/usecases.h"
#include "store/token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEMO_APPLICANTS = 2000, DEMO_SEED = 1, IN_HAND = 256 };

/* ---- loading ---- */

struct demo {
    struct writer *writer;
    struct region *city;
    const struct record *next; /* in the order of `order`; NULL = the type is through */
    size_t type;
    size_t in_hand;
    struct alm_error err; /* the first one */
    void (*on_done)(void *arg, const struct alm_error *err);
    void *arg;
};

struct demo_job {
    struct demo *demo;
    const struct record *record;
};

static int put_policy(const struct region *region, const struct record *record, int64_t now,
                      struct change *change, struct alm_error *err)
{
    const char *json = ((const struct policy_record *)(const void *)record)->json;
    return vacancy_put_policy(region, json, strlen(json), now, change, err);
}

static int put_institution(const struct region *region, const struct record *record, int64_t now,
                           struct change *change, struct alm_error *err)
{
    return vacancy_put_institution(region, (const void *)record, now, change, err);
}

static int put_pool(const struct region *region, const struct record *record, int64_t now,
                    struct change *change, struct alm_error *err)
{
    return vacancy_put_pool(region, (const void *)record, now, change, err);
}

static int put_travel(const struct region *region, const struct record *record, int64_t now,
                      struct change *change, struct alm_error *err)
{
    return vacancy_put_travel(region, (const void *)record, now, change, err);
}

static int submit_applicant(const struct region *region, const struct record *record, int64_t now,
                            struct change *change, struct alm_error *err)
{
    return intake_submit(region, (const void *)record, NULL, now, change, err);
}

/* Each type after those that it refers to. */
static const struct {
    enum record_type type;
    int (*put)(const struct region *region, const struct record *record, int64_t now,
               struct change *change, struct alm_error *err);
} order[] = {
    {RECORD_POLICY, put_policy}, {RECORD_INSTITUTION, put_institution}, {RECORD_POOL, put_pool},
    {RECORD_TRAVEL, put_travel}, {RECORD_APPLICANT, submit_applicant},
};
enum { TYPES = sizeof order / sizeof *order };

static void load_more(struct demo *demo);

static int decide_put(const struct region *region, void *arg, int64_t now, struct change *change,
                      struct alm_error *err)
{
    const struct demo_job *job = arg;
    return order[job->demo->type].put(region, job->record, now, change, err);
}

static void on_put(void *arg, const struct writer_result *result)
{
    struct demo_job *job = arg;
    struct demo *demo = job->demo;
    if (result->err && demo->err.code == ERR_NONE)
        err_set(&demo->err, result->err->code, "the demo city, %s: %s", job->record->id,
                result->err->message);
    free(job);
    demo->in_hand--;
    load_more(demo);
}

static void load_end(struct demo *demo)
{
    demo->on_done(demo->arg, demo->err.code == ERR_NONE ? NULL : &demo->err);
    region_free(demo->city);
    err_clear(&demo->err);
    free(demo);
}

static void load_more(struct demo *demo)
{
    while (demo->next && demo->in_hand < IN_HAND && demo->err.code == ERR_NONE) {
        struct demo_job *job = alloc_zero(1, sizeof *job);
        *job = (struct demo_job){demo, demo->next};
        demo->next = region_next(demo->next);
        demo->in_hand++;
        writer_submit(demo->writer, decide_put, job, NULL, on_put, job);
    }
    if (demo->in_hand > 0)
        return;
    if (demo->err.code != ERR_NONE || ++demo->type == TYPES) {
        load_end(demo);
        return;
    }
    demo->next = region_first(demo->city, order[demo->type].type);
    load_more(demo);
}

static int decide_nothing(const struct region *region, void *arg, int64_t now,
                          struct change *change, struct alm_error *err)
{
    (void)region, (void)arg, (void)now, (void)change, (void)err;
    return 0;
}

/* The first turn of the loop after demo_load. */
static void on_begin(void *arg, const struct writer_result *result)
{
    struct demo *demo = arg;
    (void)result;
    if (!demo->city || region_count(writer_region(demo->writer), RECORD_INSTITUTION) > 0) {
        load_end(demo);
        return;
    }
    demo->next = region_first(demo->city, order[0].type);
    load_more(demo);
}

static struct region *draw_city(int64_t now, struct alm_error *err)
{
    struct draw_options options = {.applicants = DEMO_APPLICANTS, .seed = DEMO_SEED, .now = now};
    struct draw_frame frame = {0};
    if (city_frame("taipei", DEMO_SEED, &frame, err) < 0)
        return NULL;
    struct region *city = draw_region(&frame, &options);
    draw_frame_clear(&frame);
    return city;
}

void demo_load(struct writer *writer, int64_t now,
               void (*on_done)(void *arg, const struct alm_error *err), void *arg)
{
    struct demo *demo = alloc_zero(1, sizeof *demo);
    demo->writer = writer;
    demo->on_done = on_done;
    demo->arg = arg;
    err_init(&demo->err);
    demo->city = draw_city(now, &demo->err);
    writer_submit(writer, decide_nothing, NULL, NULL, on_begin, demo);
}

/* ---- tokens ---- */

int demo_tokens(const struct region *region, const char *tokens_path, const char *address,
                struct alm_error *err)
{
    const struct institution *home = (const void *)region_first(region, RECORD_INSTITUTION);
    const struct {
        enum role role;
        const char *scope, *path, *rest;
    } demo[] = {
        {ROLE_DISTRICT, home ? home->district : "", "/v1/applicants", ""},
        {ROLE_INSTITUTION, home ? home->record.id : "", "/v1/institutions/",
         home ? home->record.id : ""},
        {ROLE_PLANNER, "", "/v1/occupancy", ""},
        {ROLE_ADMIN, "", "/v1/waiting", ""},
    };
    for (size_t i = 0; i < sizeof demo / sizeof *demo; i++) {
        char token[TOKEN_TEXT];
        if (token_create(tokens_path, demo[i].role, demo[i].scope, token, err) < 0)
            return -1;
        printf("%s%s%s\n  token %s\n  link  http://%s%s%s\n",
               words_name(&words_role, (int)demo[i].role), *demo[i].scope ? " " : "", demo[i].scope,
               token, address, demo[i].path, demo[i].rest);
    }
    printf("Send the token as \"Authorization: Bearer TOKEN\". All names are drawn, nobody is "
           "real.\n");
    fflush(stdout);
    return 0;
}
