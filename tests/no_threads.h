/* no_threads.h - a machine that grants no thread: from begin to end pthread_create is refused, as
 * it is where a container may have no more of them. */
#ifndef ALMONER_TEST_NO_THREADS_H
#define ALMONER_TEST_NO_THREADS_H

void no_threads_begin(void); /* asserts that one is refused */
void no_threads_end(void);   /* asserts that one is granted again */

#endif
