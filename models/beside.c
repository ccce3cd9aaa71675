/* beside.c - see beside.h. */
#include "models/beside.h"

#include "models/alloc.h"

#include <pthread.h>
#include <stdlib.h>

struct beside {
    pthread_t thread;
    int has_thread;
    void (*run)(void *context);
    void *context;
};

static void *run_thread(void *argument)
{
    struct beside *beside = argument;
    beside->run(beside->context);
    return NULL;
}

struct beside *beside_begin(void (*run)(void *context), void *context)
{
    struct beside *beside = alloc_zero(1, sizeof *beside);
    beside->run = run;
    beside->context = context;
    beside->has_thread = pthread_create(&beside->thread, NULL, run_thread, beside) == 0;
    return beside;
}

void beside_end(struct beside *beside)
{
    if (!beside)
        return;
    if (beside->has_thread)
        pthread_join(beside->thread, NULL);
    else
        beside->run(beside->context);
    free(beside);
}
