/* no_threads.c - see no_threads.h. A limit of processes does not hold for root; a stack larger than
 * any memory holds for all. */
#include "tests/no_threads.h"

#include "tests/check.h"

#include <pthread.h>
#include <stdint.h>

static void *do_nothing(void *argument)
{
    return argument;
}

static int is_granted(void)
{
    pthread_t thread;
    return pthread_create(&thread, NULL, do_nothing, NULL) == 0 && pthread_join(thread, NULL) == 0;
}

static void set_stack(size_t bytes)
{
    pthread_attr_t attributes;
    CU_ASSERT_EQUAL_FATAL(pthread_attr_init(&attributes), 0);
    CU_ASSERT_EQUAL_FATAL(pthread_attr_setstacksize(&attributes, bytes), 0);
    CU_ASSERT_EQUAL_FATAL(pthread_setattr_default_np(&attributes), 0);
    pthread_attr_destroy(&attributes);
}

void no_threads_begin(void)
{
    set_stack(SIZE_MAX / 4);
    CU_ASSERT_FALSE(is_granted());
}

void no_threads_end(void)
{
    set_stack((size_t)8 << 20);
    CU_ASSERT_TRUE(is_granted());
}
