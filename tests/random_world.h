/* random_world.h - small worlds drawn from a seed, in plain integers: small enough that all plans
 * can be tried, rich enough that every rule of the contract bites somewhere.
 *
 * Knows nothing of models/: the brute force reads these structs, the program reads the CSV text
 * made from them (random_world_csv.c). */
#ifndef ALMONER_RANDOM_WORLD_H
#define ALMONER_RANDOM_WORLD_H

#include <stdint.h>

struct world_files;

enum {
    RANDOM_HOMES = 6,
    RANDOM_POOLS = 12, /* small worlds: 3 homes, 4 pools, 10 people at most */
    RANDOM_PEOPLE = 60,
    RANDOM_HOUSEHOLDS = 12,
    RANDOM_KINDS = 3,   /* nursing, dementia, day_care */
    RANDOM_CLASSES = 3, /* 0 = none, tekun, dibao */
    RANDOM_PLACES = 6,  /* 0 = none, villages V1..V3, districts D1, D2 */
    RANDOM_FLAGS = 3,
    RANDOM_NEEDS = 2,
    RANDOM_GROUPS = 2,
    RANDOM_LEVELS = 7,
    RANDOM_NONE = -1
};

extern const char *const random_kinds[RANDOM_KINDS], *const random_classes[RANDOM_CLASSES];
extern const char *const random_places[RANDOM_PLACES], *const random_flags[RANDOM_FLAGS];
extern const char *const random_needs[RANDOM_NEEDS], *const random_grades[3];

struct random_home {
    double lat, lon;
    int star, suspended;
    unsigned needs;  /* capabilities, as bits */
    int64_t minutes; /* RANDOM_NONE = no limit */
};

struct random_pool {
    int home, kind, sex; /* sex: 0 any, 1 female, 2 male */
    int approved, usable, staffed, occupied, committed;
    int min_level, max_level, fee;
    unsigned needs, serves;   /* bits */
    int kept[RANDOM_CLASSES]; /* by class; kept_first = the class that is listed first */
    int kept_first;
    int n_groups, rooms[RANDOM_GROUPS], room_beds[RANDOM_GROUPS];
};

struct random_person {
    int64_t applied_at;
    double lat, lon;
    int level, sex, village, district, class_code, grade; /* sex: 0 not stated, 1 female, 2 male */
    unsigned kinds, flags, needs;
    int n_preferences, preferences[4]; /* homes; RANDOM_HOMES = a home that is not in the world */
    int declined[RANDOM_POOLS];        /* 0 no, 1 for good, 2 on declined_at */
    int64_t declined_at;
    int64_t max_distance, max_fee; /* RANDOM_NONE = no limit */
    int min_star;
    int64_t valid_until; /* day, RANDOM_NONE = empty */
    int64_t minutes;     /* RANDOM_NONE = by level */
    int household;       /* RANDOM_NONE = none */
    int is_apart;        /* together=none */
    int current_pool;    /* RANDOM_NONE = newcomer */
    int current_reserve; /* class */
    int is_waiting;
    int64_t travel[RANDOM_HOMES]; /* own rows of travel.csv; RANDOM_NONE = none */
};

struct random_policy {
    int n_objectives, objectives[9]; /* as written: numbers into random_objectives */
    unsigned guarantee;              /* classes, as bits */
    int64_t unlisted_rank, max_distance, declined_days;
    int is_soft, needs_valid;
    int64_t minutes[RANDOM_LEVELS];
    int64_t level_points[RANDOM_LEVELS], class_points[RANDOM_CLASSES], alone_points;
    int64_t burden_points[3], matrix_points, day_points, day_cap;
};
extern const char *const random_objectives[9];

struct random_world {
    uint64_t seed;
    int64_t now;
    int n_homes, n_pools, n_people, n_households;
    struct random_home homes[RANDOM_HOMES];
    struct random_pool pools[RANDOM_POOLS];
    struct random_person people[RANDOM_PEOPLE];
    int64_t travel[RANDOM_PLACES][RANDOM_HOMES]; /* rows of villages; RANDOM_NONE = none */
    struct random_policy policy;
};

/* Numbers from a state that is a seed to begin with: below n (n > 0). */
uint64_t random_below(uint64_t *state, uint64_t n);
int random_chance(uint64_t *state, int percent);

/* Without households, staff minutes and rooms (a network round), or with some of them; small enough
 * to try all plans, or too large for that; and each of these made odd (odd_world.h). */
enum random_sort {
    RANDOM_NETWORK,
    RANDOM_COUPLED,
    RANDOM_LARGE_NETWORK,
    RANDOM_LARGE_COUPLED,
    RANDOM_ODD_NETWORK,
    RANDOM_ODD_COUPLED,
    RANDOM_ODD_LARGE_NETWORK,
    RANDOM_ODD_LARGE_COUPLED
};
int random_sort_is_coupled(enum random_sort sort);
int random_sort_is_large(enum random_sort sort);
void random_world_draw(struct random_world *world, uint64_t seed, enum random_sort sort);

/* The ids in files and plans: H01, P01, A01 ... Static text of a few calls. */
const char *random_id(char letter, int number);

/* random_world_csv.c: the files (world_files_clear) and the policy (free) of a world. shuffle != 0:
 * rows and columns of every file in another order. */
void random_world_files(const struct random_world *world, uint64_t shuffle,
                        struct world_files *files);
char *random_world_policy(const struct random_world *world);

#endif
