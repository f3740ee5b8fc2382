/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One large copy that several threads make together: its owner and whoever helps take chunks, a few at a time
 * and one at a time towards the end, until none is left.
 *
 *   owner  ── open, finish ─▶ 0 to 3 ─▶ 8 to 10 ─▶ … ─▶ until those that others took are copied, too
 *   helper ── chunks_help ──▶ 4 to 7 ─▶ (again) …
 *
 * Each chunk is copied upwards and chunks are taken upwards, so an owner whom nobody helps copies as
 * memcpy() does.
 */
#ifndef CHUNKS_H
#define CHUNKS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "copy.h"

#define CHUNKS_MIN ((size_t)512 << 10) /* a smaller copy is over before another thread has seen it */

/* Zeroed, it is ready for use: there is nothing to help with. */
struct chunks {
    uint32_t helpers; /* that may come, about; constant */

    /* Which copy of the owner's (bits 32..63), and how many of its chunks nobody has taken yet. Who takes
     * some with a compare-and-swap knows that the fields below have been that copy's since it read the word.
     */
    _Atomic uint64_t open;
    _Atomic(unsigned char *) dst;
    _Atomic(const unsigned char *) src;
    _Atomic size_t n;
    _Atomic size_t size; /* of a chunk */
    _Atomic uint32_t count;
    _Atomic(const struct copy_kernel *) kernel; /* NULL: memcpy() */

    _Atomic uint32_t left; /* chunks that are not copied yet */
};

/*
 * copy_bytes(), with the help of others: open it to them, call them, and finish it. One owner at a time.
 * Afterwards every byte is in place, and nobody who has taken a chunk is at it any more.
 */
void chunks_open(struct chunks *chunks, const struct copy_kernel *kernel, void *dst, const void *src,
                 size_t n);
void chunks_finish(struct chunks *chunks);

/* Copy some of the copy at hand, a MiB or so; false: there is nothing to be taken. Any number of threads. */
bool chunks_help(struct chunks *chunks);

#endif
