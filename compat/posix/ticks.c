/* SPDX-License-Identifier: Apache-2.0 */
/* Ticks: milliseconds of the monotonic clock, counted from the first look at it. */
#include <stdatomic.h>
#include <time.h>

#include "esp_log.h"
#include "freertos/task.h"
#include "ticks.h"

int64_t compat_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t compat_start_ns(void)
{
    static _Atomic int64_t start;
    int64_t known = atomic_load_explicit(&start, memory_order_relaxed);
    if (known == 0) {
        int64_t now = compat_now_ns();
        /* Whoever comes first decides; a failed exchange leaves that one's time in `known`. */
        if (atomic_compare_exchange_strong_explicit(&start, &known, now, memory_order_relaxed,
                                                    memory_order_relaxed)) {
            known = now;
        }
    }
    return known;
}

int64_t compat_deadline_ns(TickType_t ticks)
{
    return ticks == portMAX_DELAY ? COMPAT_FOREVER : compat_now_ns() + (int64_t)ticks * NS_PER_TICK;
}

TickType_t xTaskGetTickCount(void)
{
    int64_t start = compat_start_ns(); /* before the look at the clock, which may be the first */
    return (TickType_t)((compat_now_ns() - start) / NS_PER_TICK);
}

TickType_t xTaskGetTickCountFromISR(void)
{
    return xTaskGetTickCount();
}

uint32_t esp_log_timestamp(void)
{
    return pdTICKS_TO_MS(xTaskGetTickCount());
}
