/* draw.c - pools with vacancies and a waiting list for given homes and areas.
 *
 * Rates and their sources (docs/city.md says more): occupancy 91 % of subvented and contract homes,
 * 71 % of private ones (Hong Kong, September 2022, LegCo question 3 of 2022-11-16); median wait 163
 * days (Ontario, June 2021). The rest - levels, flags, limits, preferences - is assumed, and said
 * to be so. */
#include "scenarios/draw.h"

#include "models/alloc.h"
#include "models/geo.h"
#include "models/stamp.h"
#include "scenarios/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void draw_frame_clear(struct draw_frame *frame)
{
    for (size_t i = 0; i < frame->n_homes; i++) {
        free(frame->homes[i].name);
        free(frame->homes[i].district);
    }
    for (size_t i = 0; i < frame->n_areas; i++) {
        free(frame->areas[i].district);
        free(frame->areas[i].village);
    }
    free(frame->homes);
    free(frame->areas);
    *frame = (struct draw_frame){0};
}

struct draw_home *draw_frame_home(struct draw_frame *frame)
{
    frame->homes = alloc_resize(frame->homes, frame->n_homes + 1, sizeof *frame->homes);
    struct draw_home *home = &frame->homes[frame->n_homes++];
    *home = (struct draw_home){.occupied = -1};
    return home;
}

struct draw_area *draw_frame_area(struct draw_frame *frame)
{
    frame->areas = alloc_resize(frame->areas, frame->n_areas + 1, sizeof *frame->areas);
    struct draw_area *area = &frame->areas[frame->n_areas++];
    *area = (struct draw_area){0};
    return area;
}

/* What is being drawn. */
struct drawing {
    struct random random;
    const struct draw_frame *frame;
    const struct draw_options *options;
    struct region *region;
    int64_t *area_weight; /* how many applicants an area is likely to have */
    struct pool **pools;  /* also in the region; altered only while drawing */
    size_t n_pools, pools_room;
};

static void set_text(char **text, const char *value)
{
    free(*text);
    *text = alloc_string(value);
}

static void add_code(struct list *list, const char *code)
{
    list_add(list, code, strlen(code));
}

static void draw_institution(struct drawing *drawing, const struct draw_home *home)
{
    static const struct {
        const char *code;
        int per_mille;
    } capabilities[] = {{"internet_hospital", 300}, {"oxygen", 500}, {"tube_feeding", 700}};
    struct institution *institution =
        (struct institution *)record_new(RECORD_INSTITUTION, home->id);
    set_text(&institution->name, home->name);
    set_text(&institution->district, home->district ? home->district : "");
    institution->lat = home->lat;
    institution->lon = home->lon;
    institution->star = home->star;
    for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++)
        if (random_chance(&drawing->random, capabilities[i].per_mille))
            add_code(&institution->capabilities, capabilities[i].code);
    region_put_take(drawing->region, &institution->record);
}

/* Share of beds occupied, per mille: one of the two published rates, spread by some 8 points. */
static int64_t draw_occupancy(struct drawing *drawing)
{
    double mean = random_chance(&drawing->random, 500) ? 910 : 710;
    double rate = mean + 80 * random_normal(&drawing->random);
    return rate < 0 ? 0 : rate > 1000 ? 1000 : (int64_t)rate;
}

static int64_t draw_fee(struct drawing *drawing, const struct draw_home *home, enum kind kind)
{
    int64_t base = kind == KIND_DAY_CARE ? 9000 : kind == KIND_RESIDENTIAL ? 18000 : 26000;
    int64_t extra = kind == KIND_DEMENTIA ? 6000 : 0;
    return base + extra + 2000 * home->star + 500 * random_below(&drawing->random, 9);
}

struct pool_part {
    const char *suffix;
    enum sex_rule sex;
    int64_t beds, occupied;
};

static void draw_pool(struct drawing *drawing, const struct draw_home *home,
                      const struct draw_unit *unit, const struct pool_part *part, int64_t fee)
{
    char id[ID_MAX * 2];
    snprintf(id, sizeof id, "%.50s-%.2s%d%s", home->id, words_name(&words_kind, (int)unit->kind),
             (int)(unit - home->units) + 1, part->suffix);
    struct pool *pool = (struct pool *)record_new(RECORD_POOL, id);
    memcpy(pool->institution_id, home->id, sizeof pool->institution_id);
    pool->kind = unit->kind;
    pool->sex = part->sex;
    pool->beds_usable = pool->beds_approved = pool->beds_staffed = part->beds;
    pool->beds_occupied = part->occupied;
    if (random_chance(&drawing->random, 100))
        pool->beds_staffed -= pool->beds_staffed / 20;
    pool->min_level = unit->min_level;
    pool->max_level = unit->max_level;
    pool->monthly_fee = fee;
    pool->confirmed_at = STAMP_NONE;
    if (unit->kind == KIND_NURSING && random_chance(&drawing->random, 150)) {
        pool->reserved = alloc_zero(1, sizeof *pool->reserved);
        pool->reserved[0] = (struct reserve){.class_code = alloc_string("tekun"), .beds = 1};
        pool->n_reserved = 1;
    }
    ALLOC_GROW(drawing->pools, drawing->n_pools, drawing->pools_room);
    drawing->pools[drawing->n_pools++] = pool;
    region_put_take(drawing->region, &pool->record);
}

/* One unit: a pool for anybody, or - in larger units of rooms - one for women and one for men. */
static void draw_unit(struct drawing *drawing, const struct draw_home *home,
                      const struct draw_unit *unit, int64_t occupied)
{
    enum { SPLIT_FROM_BEDS = 24 };
    int64_t fee = draw_fee(drawing, home, unit->kind);
    int is_split = unit->beds >= SPLIT_FROM_BEDS && unit->kind < KIND_SERVICE_FIRST &&
                   unit->kind != KIND_RESIDENTIAL;
    if (!is_split) {
        struct pool_part all = {"", SEX_RULE_ANY, unit->beds, occupied};
        draw_pool(drawing, home, unit, &all, fee);
        return;
    }
    int64_t beds = unit->beds * 6 / 10, taken = occupied * 6 / 10;
    struct pool_part women = {"F", SEX_RULE_FEMALE, beds, taken};
    struct pool_part men = {"M", SEX_RULE_MALE, unit->beds - beds, occupied - taken};
    draw_pool(drawing, home, unit, &women, fee);
    draw_pool(drawing, home, unit, &men, fee);
}

static void draw_home(struct drawing *drawing, const struct draw_home *home)
{
    int64_t beds = 0, left;
    draw_institution(drawing, home);
    for (size_t i = 0; i < home->n_units; i++)
        beds += home->units[i].beds;
    int64_t rate = draw_occupancy(drawing);
    left = home->occupied >= 0 ? home->occupied : beds * rate / 1000;
    int64_t total = left;
    for (size_t i = 0; i < home->n_units; i++) {
        const struct draw_unit *unit = &home->units[i];
        int is_last = i + 1 == home->n_units;
        int64_t share = is_last || beds == 0 ? left : total * unit->beds / beds;
        draw_unit(drawing, home, unit, share);
        left -= share;
    }
}

/* How likely an age group applies, relative to 65-74. Assumed. */
static const int64_t age_weight[DRAW_AGES] = {1, 4, 12};

static void weigh_areas(struct drawing *drawing)
{
    const struct draw_frame *frame = drawing->frame;
    drawing->area_weight = alloc_zero(frame->n_areas, sizeof *drawing->area_weight);
    for (size_t i = 0; i < frame->n_areas; i++)
        for (int age = 0; age < DRAW_AGES; age++)
            drawing->area_weight[i] += age_weight[age] * frame->areas[i].people[age];
}

static void draw_age(struct drawing *drawing, const struct draw_area *area,
                     struct applicant *applicant)
{
    static const int first_year[DRAW_AGES] = {65, 75, 85};
    int64_t weight[DRAW_AGES];
    for (int age = 0; age < DRAW_AGES; age++)
        weight[age] = area->people[age] * age_weight[age];
    int64_t years = first_year[random_weighted(&drawing->random, weight, DRAW_AGES)];
    int64_t days = years * 365 + random_below(&drawing->random, 3650);
    int64_t born = drawing->options->now - days * STAMP_DAY_S;
    applicant->birth_date = born - (born % STAMP_DAY_S + STAMP_DAY_S) % STAMP_DAY_S;
}

static void draw_kinds(struct drawing *drawing, struct applicant *applicant)
{
    static const int64_t level_weight[RECORD_LEVELS] = {2, 6, 18, 26, 24, 16, 8};
    applicant->level = (int64_t)random_weighted(&drawing->random, level_weight, RECORD_LEVELS);
    if (applicant->level <= 2)
        applicant->kinds |= 1u << KIND_RESIDENTIAL;
    if (applicant->level >= 2)
        applicant->kinds |= 1u << KIND_NURSING;
    if (applicant->level <= 3 && random_chance(&drawing->random, 120))
        applicant->kinds = 1u << KIND_DAY_CARE;
    if (applicant->level >= 2 && random_chance(&drawing->random, 140)) {
        applicant->kinds |= 1u << KIND_DEMENTIA;
        add_code(&applicant->flags, "dementia");
    }
}

static void draw_circumstances(struct drawing *drawing, struct applicant *applicant)
{
    struct random *random = &drawing->random;
    static const struct {
        const char *code;
        int64_t per_mille;
    } flags[] = {{"carer_ill", 120}, {"carer_works", 300}, {"lives_alone", 180}},
      needs[] = {{"oxygen", 40}, {"tube_feeding", 70}},
      classes[] = {{"tekun", 20}, {"dibao", 60}, {"shidu", 15}};
    for (size_t i = 0; i < 3; i++)
        if (random_chance(random, flags[i].per_mille))
            add_code(&applicant->flags, flags[i].code);
    for (size_t i = 0; i < 2; i++)
        if (applicant->level >= 3 && random_chance(random, needs[i].per_mille))
            add_code(&applicant->needs, needs[i].code);
    for (size_t i = 0; i < 3 && !*applicant->class_code; i++)
        if (random_chance(random, classes[i].per_mille))
            set_text(&applicant->class_code, classes[i].code);
    if (random_chance(random, 250))
        applicant->max_fee = 24000 + 1000 * random_below(random, 20);
    if (random_chance(random, 200))
        applicant->max_distance_m = 3000 + 1000 * random_below(random, 15);
    if (random_chance(random, 100))
        applicant->min_star = 2 + random_below(random, 3);
}

static void draw_dates(struct drawing *drawing, struct applicant *applicant)
{
    const double median_wait_days = 163;
    struct random *random = &drawing->random;
    int64_t today = drawing->options->now - drawing->options->now % STAMP_DAY_S;
    int64_t waited = (int64_t)random_exponential(random, median_wait_days / M_LN2);
    applicant->applied_at = today - (waited + 1) * STAMP_DAY_S + 60 * random_below(random, 1440);
    int64_t assessed =
        random_below(random, 730); /* days ago; an assessment is valid for two years */
    int64_t valid_days = random_chance(random, 15) ? -1 - assessed / 10 : 730 - assessed;
    applicant->assessment_valid_until = today + valid_days * STAMP_DAY_S;
}

/* Two in five name homes, each the nearest of six drawn ones. */
static void draw_preferences(struct drawing *drawing, struct applicant *applicant)
{
    const struct draw_frame *frame = drawing->frame;
    if (frame->n_homes == 0 || !random_chance(&drawing->random, 400))
        return;
    int64_t wanted = 1 + random_below(&drawing->random, 3);
    for (int64_t i = 0; i < wanted; i++) {
        const struct draw_home *best = NULL;
        int64_t best_m = INT64_MAX;
        for (int tries = 0; tries < 6; tries++) {
            size_t h = (size_t)random_below(&drawing->random, (int64_t)frame->n_homes);
            const struct draw_home *home = &frame->homes[h];
            int64_t metres = geo_metres(applicant->lat, applicant->lon, home->lat, home->lon);
            if (metres < best_m) {
                best = home;
                best_m = metres;
            }
        }
        add_code(&applicant->preferences, best->id);
    }
}

static struct applicant *draw_applicant(struct drawing *drawing, int64_t number)
{
    const struct draw_frame *frame = drawing->frame;
    char id[ID_MAX + 1];
    size_t a = random_weighted(&drawing->random, drawing->area_weight, frame->n_areas);
    const struct draw_area *area = &frame->areas[a];
    snprintf(id, sizeof id, "A%06lld", (long long)number);
    struct applicant *applicant = (struct applicant *)record_new(RECORD_APPLICANT, id);
    applicant->lat = area->lat;
    applicant->lon = area->lon;
    set_text(&applicant->district, area->district ? area->district : "");
    set_text(&applicant->village, area->village ? area->village : area->id);
    applicant->sex = random_chance(&drawing->random, 620) ? SEX_FEMALE : SEX_MALE;
    applicant->state = APPLICANT_WAITING;
    draw_age(drawing, area, applicant);
    draw_kinds(drawing, applicant);
    draw_circumstances(drawing, applicant);
    draw_dates(drawing, applicant);
    draw_preferences(drawing, applicant);
    return applicant;
}

/* The second half of a couple: same home and wishes, the other sex, one ticket. */
static void make_couple(struct applicant *first, struct applicant *second)
{
    snprintf(first->household_id, sizeof first->household_id, "C-%.60s", first->record.id);
    memcpy(second->household_id, first->household_id, sizeof second->household_id);
    second->sex = first->sex == SEX_FEMALE ? SEX_MALE : SEX_FEMALE;
    second->applied_at = first->applied_at;
    second->lat = first->lat;
    second->lon = first->lon;
    set_text(&second->district, first->district);
    set_text(&second->village, first->village);
}

/* A resident who asks to move lives in a pool that has more occupied beds than movers already
 * drawn. */
static void make_mover(struct drawing *drawing, struct applicant *applicant, int64_t *movers)
{
    for (int tries = 0; tries < 50; tries++) {
        size_t p = (size_t)random_below(&drawing->random, (int64_t)drawing->n_pools);
        const struct pool *pool = drawing->pools[p];
        if (movers[p] >= pool->beds_occupied || pool->kind >= KIND_SERVICE_FIRST ||
            !(applicant->kinds & 1u << pool->kind))
            continue;
        movers[p]++;
        memcpy(applicant->current_pool, pool->record.id, sizeof applicant->current_pool);
        return;
    }
}

static void draw_list(struct drawing *drawing)
{
    const struct draw_options *options = drawing->options;
    int64_t *movers = alloc_zero(drawing->n_pools, sizeof *movers);
    struct applicant *before = NULL; /* waits for a partner */
    for (int64_t number = 1; number <= options->applicants; number++) {
        struct applicant *applicant = draw_applicant(drawing, number);
        int pairs = !before && random_chance(&drawing->random, options->couples_per_mille / 2);
        if (before)
            make_couple(before, applicant);
        else if (drawing->n_pools && random_chance(&drawing->random, options->movers_per_mille))
            make_mover(drawing, applicant, movers);
        region_put_take(drawing->region, &applicant->record);
        before = pairs && !*applicant->current_pool ? applicant : NULL;
    }
    free(movers);
}

struct region *draw_region(const struct draw_frame *frame, const struct draw_options *options)
{
    struct drawing drawing = {.random = {.state = options->seed},
                              .frame = frame,
                              .options = options,
                              .region = region_new()};
    region_put_take(drawing.region, policy_record_take(alloc_string(draw_policy_json())));
    for (size_t i = 0; i < frame->n_homes; i++)
        draw_home(&drawing, &frame->homes[i]);
    weigh_areas(&drawing);
    draw_list(&drawing);
    free(drawing.area_weight);
    free(drawing.pools);
    return drawing.region;
}

const char *draw_policy_json(void)
{
    return "{ \"name\": \"drawn-city\", \"version\": 1,\n"
           "  \"objectives\": [\"guarantee\", \"need\", \"placements\", \"preference\", "
           "\"travel\"],\n"
           "  \"guarantee_classes\": [\"tekun\"], \"unlisted_rank\": 10,\n"
           "  \"lottery_seed\": \"drawn-city-1\", \"reserve\": \"hard\",\n"
           "  \"eligibility\": { \"max_distance_m\": null, \"require_valid_assessment\": true },\n"
           "  \"care_minutes_by_level\": [0, 30, 60, 90, 120, 180, 240],\n"
           "  \"points\": [\n"
           "    { \"name\": \"level\", \"type\": \"table\", \"field\": \"level\",\n"
           "      \"points\": {\"2\": 20, \"3\": 40, \"4\": 70, \"5\": 90, \"6\": 110} },\n"
           "    { \"name\": \"class\", \"type\": \"table\", \"field\": \"class\",\n"
           "      \"points\": {\"tekun\": 60, \"dibao\": 30, \"shidu\": 30} },\n"
           "    { \"name\": \"alone\", \"type\": \"flag\", \"field\": \"lives_alone\", \"points\": "
           "20 },\n"
           "    { \"name\": \"burden\", \"type\": \"count\", \"fields\": [\"carer_ill\", "
           "\"carer_works\"],\n"
           "      \"points\": [0, 5, 10] },\n"
           "    { \"name\": \"wait\", \"type\": \"per_day\", \"field\": \"applied_at\", "
           "\"points\": 1,\n"
           "      \"cap\": 365 } ],\n"
           "  \"offer\": { \"answer_seconds\": 259200, \"admit_seconds\": 604800, \"max_chain\": "
           "3,\n"
           "    \"declined_days\": 90 },\n"
           "  \"examples\": [ { \"applicant\": {\"level\": 4, \"flags\": [\"lives_alone\"],\n"
           "    \"waited_days\": 10}, \"points\": 100 } ] }\n";
}
