/* SPDX-License-Identifier: Apache-2.0 */
/* A clock that costs little to read: the time stamp counter. clock.c finds out its rate. */
#ifndef CPU_CLOCK_H
#define CPU_CLOCK_H

#include <stdint.h>

static inline uint64_t ticks(void)
{
    return __builtin_ia32_rdtsc();
}

static inline void relax(void)
{
    __builtin_ia32_pause();
}

#endif
