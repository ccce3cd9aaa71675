/* town.h - the small region in a memory store, with writer and rounds on a loop of its own and a
 * clock that stands still: what a round does to it is seen step by step. */
#ifndef ALMONER_TESTS_TOWN_H
#define ALMONER_TESTS_TOWN_H

#include "scheduler/rounds.h"
#include "scheduler/writer.h"
#include "store/store.h"
#include "tests/check.h"

#include <event2/event.h>

struct town {
    struct event_base *base;
    struct store *store;
    struct writer *writer;
    struct rounds *rounds;
    char *dir;
    struct rounds_options options;
    int lines, answers;
    char last_line[700];
};

extern int64_t town_now; /* what the clock says */

/* With the small region in it, unless `is_empty`; town_begin makes the rounds, by town->options. */
struct town *town_open(int is_empty);
void town_begin(struct town *town);
void town_close(struct town *town);
/* As if the daemon had ended and begun again on the same store. */
void town_restart(struct town *town);

void town_turn(struct town *town);
/* Turns the loop until the condition holds, at most about twenty seconds. */
#define TOWN_UNTIL(town, condition)                                                                \
    do {                                                                                           \
        for (int turns_ = 0; turns_ < 40000 && !(condition); turns_++)                             \
            town_turn(town);                                                                       \
        CU_ASSERT(!!(condition));                                                                  \
    } while (0)

/* Writes, and waits for the answer. town_decide: all records of the small region; without the
 * household, unless `arg` says to keep it, a round is a network. */
void town_submit(struct town *town, writer_decide_fn decide, void *arg);
int town_decide(const struct region *region, void *arg, int64_t at, struct change *change,
                struct alm_error *err);
void town_on_answer(void *arg, const struct writer_result *result);

/* Starts a round and waits for its end; its number. */
int64_t town_round(struct town *town);
const struct round *town_round_of(const struct town *town, int64_t number);
size_t town_offers(const struct town *town, enum offer_state state);
void town_check(const struct town *town); /* all rules of the region hold */

#endif
