/* one_core.h - a machine of which the calling thread may use one core: from begin to end. */
#ifndef ALMONER_TEST_ONE_CORE_H
#define ALMONER_TEST_ONE_CORE_H

int one_core_begin(void); /* how many it may use else */
void one_core_end(void);

#endif
