/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies past the cache, in the forms known to be fast on one CPU or another. The benchmark's own, so that
 * its limit does not move with the library. Addresses and sizes are multiples of 16 KiB.
 */
#ifndef STREAMING_H
#define STREAMING_H

#include <stdbool.h>
#include <stddef.h>

struct streaming {
    const char *name;
    bool (*usable)(void); /* by this CPU */
    void (*copy)(char *dst, const char *src, size_t n);
};

extern const struct streaming streaming[]; /* ends with a NULL name */

#endif
