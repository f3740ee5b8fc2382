/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stretch of source and destination, mapped into memory, with every page of both made present beforehand:
 * what is measured afterwards is copying, neither the disk nor page faults. A file of any size goes through
 * window by window.
 */
#ifndef WINDOW_H
#define WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define WINDOW_SIZE ((size_t)256 << 20)

struct window {
    unsigned char *source;
    unsigned char *target;
    size_t size;
};

/* False: the message is printed and nothing is mapped. */
bool window_open(struct window *window, int source, int target, off_t offset, size_t size);
void window_close(struct window *window);

/* Memory of the same kind (shared pages, all present) to copy to for comparison. */
unsigned char *window_scratch(size_t size);

#endif
