/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the CPU moves bytes: the C library's memcpy(), or past the caches with a kernel for the CPU at hand.
 *
 *   copy.c      which way, and the ends that do not fill a block
 *   chunks.c    a large copy made by several threads
 *   x86.c, aarch64.c, portable.c      the kernels; the build takes one of these files
 */
#ifndef COPY_H
#define COPY_H

#include <stdbool.h>
#include <stddef.h>

#define COPY_BLOCK 64 /* bytes; kernels store whole ones, to addresses that are multiples of it */

struct copy_kernel {
    const char *name;
    bool (*usable)(void); /* on this CPU, under this system */

    /*
     * Copy so many blocks, at least 1, with stores that do not fetch the destination's lines and do not keep
     * them. dst is a multiple of COPY_BLOCK, src any address. Reads nothing but the source. The stores are
     * visible before any store that follows the call.
     */
    void (*stream)(unsigned char *dst, const unsigned char *src, size_t blocks);
};

/* The kernels of this architecture, the best first; the last has no name. */
extern const struct copy_kernel copy_kernels[];

/* The first usable one, or NULL. Any context. */
const struct copy_kernel *copy_best_kernel(void);

/* memcpy() with a kernel. */
void copy_with(const struct copy_kernel *kernel, void *dst, const void *src, size_t n);

/* Is the kernel for a copy of this size? NULL is for none. A smaller one's data may be in the caches, and
 * drives out less. */
bool copy_streams(const struct copy_kernel *kernel, size_t n);

/* memcpy(), or the kernel for which copy_streams() is true. Any context. */
void copy_bytes(const struct copy_kernel *kernel, void *dst, const void *src, size_t n);

#endif
