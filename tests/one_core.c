/* one_core.c - see one_core.h. */
#include "tests/one_core.h"

#include "tests/check.h"

#include <sched.h>

static cpu_set_t all;

int one_core_begin(void)
{
    cpu_set_t one;
    CU_ASSERT_EQUAL_FATAL(sched_getaffinity(0, sizeof all, &all), 0);
    CPU_ZERO(&one);
    for (int cpu = 0; cpu < CPU_SETSIZE && !CPU_COUNT(&one); cpu++)
        if (CPU_ISSET(cpu, &all))
            CPU_SET(cpu, &one);
    CU_ASSERT_EQUAL_FATAL(sched_setaffinity(0, sizeof one, &one), 0);
    return CPU_COUNT(&all);
}

void one_core_end(void)
{
    CU_ASSERT_EQUAL_FATAL(sched_setaffinity(0, sizeof all, &all), 0);
}
