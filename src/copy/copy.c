/* SPDX-License-Identifier: Apache-2.0 */
#include "copy.h"

#include <stdint.h>
#include <string.h>

#define STREAM_MIN                                                                                           \
    ((size_t)1 << 20) /* below it plain stores win if the data is in a cache, which it may be */

const struct copy_kernel *copy_best_kernel(void)
{
    for (const struct copy_kernel *kernel = copy_kernels; kernel->name != NULL; kernel++) {
        if (kernel->usable()) {
            return kernel;
        }
    }
    return NULL;
}

void copy_with(const struct copy_kernel *kernel, void *dst, const void *src, size_t n)
{
    unsigned char *to = dst;
    const unsigned char *from = src;
    size_t head = -(uintptr_t)to % COPY_BLOCK;
    if (n < head + COPY_BLOCK) {
        memcpy(to, from, n);
        return;
    }
    size_t blocks = (n - head) / COPY_BLOCK;
    size_t body = blocks * COPY_BLOCK;
    /* Upwards, as memcpy() does: the same memory may lie at several addresses. */
    memcpy(to, from, head);
    kernel->stream(to + head, from + head, blocks);
    memcpy(to + head + body, from + head + body, n - head - body);
}

bool copy_streams(const struct copy_kernel *kernel, size_t n)
{
    return kernel != NULL && n >= STREAM_MIN;
}

void copy_bytes(const struct copy_kernel *kernel, void *dst, const void *src, size_t n)
{
    if (copy_streams(kernel, n)) {
        copy_with(kernel, dst, src, n);
    } else {
        memcpy(dst, src, n);
    }
}
