/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds threads up as a busy machine does, so that what a test takes for granted about the pace of another
 * thread shows. gcc calls the function below at the beginning of every basic block. A run has a number,
 * PAUSES in the environment, which picks the places: one basic block in 64, by its address within a page,
 * which is the same each time. Whoever comes there pauses, half a millisecond on average and one time in
 * sixteen up to 60 ms: the first times, and then ever more rarely, so that tests end.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PAGE        4096u
#define ONE_IN      64
#define ALWAYS      4 /* times; then at every power of two */
#define SHORT_NS    1000000
#define LONG_NS     60000000
#define LONG_ONE_IN 16

void __sanitizer_cov_trace_pc(void);

static uint32_t seed; /* constant since before main() */
static _Atomic uint32_t visits[PAGE];

__attribute__((constructor(101))) static void read_seed(void)
{
    const char *number = getenv("PAUSES");
    seed = number != NULL ? (uint32_t)strtoul(number, NULL, 0) : 0;
}

static uint32_t mix(uint32_t value)
{
    value = (value ^ seed) * UINT32_C(0x85EBCA6B);
    value = (value ^ value >> 13) * UINT32_C(0xC2B2AE35);
    return value ^ value >> 16;
}

static void pause_thread(uint32_t chance)
{
    uint32_t most = chance % LONG_ONE_IN == 0 ? LONG_NS : SHORT_NS;
    struct timespec span = {0, (long)(chance / LONG_ONE_IN % most)};
    int error = errno;
    syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &span, NULL); /* no point of cancellation */
    errno = error;
}

void __sanitizer_cov_trace_pc(void)
{
    uint32_t place = (uint32_t)((uintptr_t)__builtin_return_address(0) % PAGE);
    uint32_t mixed = mix(place);
    if (mixed % ONE_IN != 0) {
        return;
    }
    uint32_t visit = atomic_fetch_add_explicit(&visits[place], 1, memory_order_relaxed) + 1;
    if (visit <= ALWAYS || (visit & (visit - 1)) == 0) {
        pause_thread(mix(mixed + visit));
    }
}
