/* slices.c - see slices.h. */
#include "models/slices.h"

#include "models/alloc.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

struct stretch {
    pthread_t thread;
    int has_thread;
    void (*run)(void *context, size_t slice, size_t first, size_t end);
    void *context;
    size_t slice, first, end;
};

size_t slices_count(size_t n, size_t least)
{
    cpu_set_t set;
    size_t cores = sched_getaffinity(0, sizeof set, &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
    size_t most = least ? n / least : n;
    most = most < cores ? most : cores;
    most = most < SLICES_MAX ? most : SLICES_MAX;
    return most ? most : 1;
}

static void *run_stretch(void *argument)
{
    struct stretch *stretch = argument;
    stretch->run(stretch->context, stretch->slice, stretch->first, stretch->end);
    return NULL;
}

/* The first stretch is done here, and so is any that gets no thread. */
void slices_run(size_t n, size_t n_slices,
                void (*run)(void *context, size_t slice, size_t first, size_t end), void *context)
{
    struct stretch *stretches = alloc_zero(n_slices, sizeof *stretches);
    size_t each = n / n_slices, more = n % n_slices;
    for (size_t s = 0, at = 0; s < n_slices; s++) {
        struct stretch *stretch = &stretches[s];
        *stretch = (struct stretch){.run = run, .context = context, .slice = s, .first = at};
        at += each + (s < more);
        stretch->end = at;
        stretch->has_thread =
            s && pthread_create(&stretch->thread, NULL, run_stretch, stretch) == 0;
    }
    for (size_t s = 0; s < n_slices; s++)
        if (!stretches[s].has_thread)
            run_stretch(&stretches[s]);
    for (size_t s = 0; s < n_slices; s++)
        if (stretches[s].has_thread)
            pthread_join(stretches[s].thread, NULL);
    free(stretches);
}
