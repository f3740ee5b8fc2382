/* SPDX-License-Identifier: Apache-2.0 */
/* Signals: whatever stops the program, the temporary file goes. */
#ifndef STOP_H
#define STOP_H

#include <stddef.h>

/* Catch what asks the program to stop, and SIGBUS: a file got shorter than its mapping. */
void stop_watch(void);

/* mkstemp(), and from then on the file is removed when a signal stops the program. The name stays in use. */
int stop_mkstemp(char *name);

/* The temporary file is no more. */
void stop_forget(void);

/* A fault inside this memory is the destination's fault; 0 bytes: none. */
void stop_target_memory(const void *first, size_t size);

#endif
