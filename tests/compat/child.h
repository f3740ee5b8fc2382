/* SPDX-License-Identifier: Apache-2.0 */
/* Running a piece of a test in a process of its own, for what ends a process. */
#ifndef TEST_CHILD_H
#define TEST_CHILD_H

#include <stddef.h>

/*
 * Call body() in a child of fork(), which exits with its result. No assertion belongs in there. Returns what
 * waitpid() gives; 20 s later the child is killed by SIGALRM. said: what it wrote to stderr.
 */
int child_run(int (*body)(void), char *said, size_t size);

/* Assert that body() ends in abort(), having said all of these (up to NULL) on stderr. */
void assert_stops(int (*body)(void), const char *const *expected);

/* Assert that body() returns 0 in a child. */
void assert_child_passes(int (*body)(void));

#endif
