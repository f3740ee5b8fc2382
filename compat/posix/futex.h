/* SPDX-License-Identifier: Apache-2.0 */
/* Sleeping until a word in memory changes: the two calls of Linux that all waiting here is made of. */
#ifndef COMPAT_FUTEX_H
#define COMPAT_FUTEX_H

#include <limits.h>
#include <linux/futex.h>
#include <stdbool.h>
#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "ticks.h"

/* Sleep while *word is `expected`; may return early. false: the deadline has passed. */
static inline bool futex_wait(uint32_t *word, uint32_t expected, int64_t deadline_ns)
{
    struct timespec until = {(time_t)(deadline_ns / NS_PER_S), (long)(deadline_ns % NS_PER_S)};
    return syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected,
                   deadline_ns == COMPAT_FOREVER ? NULL : &until, NULL, FUTEX_BITSET_MATCH_ANY) == 0 ||
           errno != ETIMEDOUT;
}

/* Wake some of those who sleep on a word. The word itself is not looked at: its memory may be gone by now. */
static inline void futex_wake(uint32_t *word, int how_many)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, how_many, NULL, NULL, 0);
}

/* The halves of a 64-bit word, to sleep on one of them. */
static inline uint32_t *futex_low_half(_Atomic uint64_t *word)
{
    return (uint32_t *)(void *)word + (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 1 : 0);
}

static inline uint32_t *futex_high_half(_Atomic uint64_t *word)
{
    return (uint32_t *)(void *)word + (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 0 : 1);
}

#endif
