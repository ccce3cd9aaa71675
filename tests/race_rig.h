/* race_rig.h - two almonerd processes on one Redis, and many clients who ask both of them at the
 * same time.
 *
 * Owns the Redis, the daemons and a token per office; everything dies with the test program. What
 * the daemons hold is read from both and compared, and read from Redis by a third reader. */
#ifndef ALMONER_TESTS_RACE_RIG_H
#define ALMONER_TESTS_RACE_RIG_H

#include "models/region.h"
#include "tests/redis_server.h"
#include "tests/served.h"

#include <jansson.h>
#include <stdint.h>

enum { RACE_DAEMONS = 2, RACE_LANES = 4, RACE_HOMES = 2, RACE_PATH = 160 };
#define RACE_REGION "races"
#define RACE_DISTRICT "North"

struct race_rig {
    struct redis_server *redis;
    struct served *daemon[RACE_DAEMONS];
    const char *socket[RACE_DAEMONS]; /* lent: where a daemon that starts finds its Redis */
    char *tokens, *policy, *key;      /* files that both daemons read */
    char *district;                   /* token of RACE_DISTRICT */
    char *home[RACE_HOMES];           /* tokens of the homes "H0", "H1" */
    const char *admin, *planner;      /* tokens, lent */
};

/* Starts all of it; NULL (and the test is skipped) when no redis-server starts here. */
struct race_rig *race_rig_new(void);
/* Drains what still runs, and asserts that it ends well (a sanitizer's findings too). */
void race_rig_free(struct race_rig *rig);
/* Starts a daemon that was ended; 0, or -1. */
int race_rig_start(struct race_rig *rig, int daemon);

/* One request. `body` and `answer` belong to the list (race_asks_clear). */
struct race_ask {
    int daemon;
    const char *method;
    char path[RACE_PATH];
    const char *token; /* lent */
    char more[120];    /* further header lines */
    char *body;        /* NULL = none */
    int status;        /* 0 or -1: the connection was lost, nobody knows the outcome */
    char *answer;
    int64_t sent_ns, done_ns;
};

struct race_asks {
    struct race_ask *list;
    size_t n, room;
    int is_in_step; /* the k-th request to one daemon and the k-th to the other go out together;
                       there are as many for each */
};

/* Appends a request; `body` (may be NULL) is copied. */
struct race_ask *race_ask_add(struct race_asks *asks, int daemon, const char *method,
                              const char *token, const char *body, const char *path, ...)
    __attribute__((format(printf, 6, 7)));
void race_asks_clear(struct race_asks *asks);
/* Asks all of them: each daemon over RACE_LANES connections that start together, in the order of
 * the list; returns when all are answered. `done` (may be NULL) counts the answers meanwhile. */
void race_run(struct race_rig *rig, struct race_asks *asks, int *done);
/* The same; that daemon is killed after so many answers, and started again at the end. */
void race_run_killing(struct race_rig *rig, struct race_asks *asks, int daemon, int after);
/* How many were answered with that status. */
size_t race_count(const struct race_asks *asks, int status);
/* Is `word` the code of the problem that the answer states? */
int race_says(const struct race_ask *ask, const char *word);
/* The version in the answer's ETag, 0 when there is none. */
uint64_t race_version(const struct race_ask *ask);
json_t *race_body(const char *answer); /* NULL when it is no JSON */

/* All items of a list, page by page; caller decrefs. `query` "" or "state=sent". */
json_t *race_list(const struct race_rig *rig, int daemon, const char *path, const char *query);
/* Starts a round there and waits until it is recorded: its number, -1 when it was not. */
int64_t race_round(struct race_rig *rig, int daemon);
/* Waits until the round at that path is recorded: its number, or -1. */
int64_t race_wait_round(const struct race_rig *rig, int daemon, const char *path);
/* Waits until both daemons say the same of everything - every applicant, pool, offer and round, by
 * version and content - and of the offers of `round` only when it is not 0. 0, or -1 when they
 * still differ after a long time. */
int race_agree(struct race_rig *rig, int64_t round);

/* The region as Redis has it, read by this process; caller frees. NULL: not readable. */
struct region *race_region(const struct race_rig *rig);
/* Pools with more people in than beds in service: those who live there and those whose offer is
 * accepted, counted one by one from the offers. */
size_t race_shared_beds(const struct region *region);
/* Asserts that the region in Redis fits together (region_check); race_check: and that nobody shares
 * a bed, which holds where no home takes beds out of service that are taken. */
void race_check_region(const struct region *region);
void race_check(const struct race_rig *rig);

/* The whole history, replayed from the first feed entry. */
struct race_history {
    size_t entries, accepts;
    size_t too_late;       /* accepts that left fewer than no beds at that very moment */
    struct region *region; /* as it is after the last entry */
};
void race_history_read(const struct race_rig *rig, struct race_history *history);
void race_history_clear(struct race_history *history);

#endif
