/* SPDX-License-Identifier: Apache-2.0 */
/* The clock behind ticks, time-outs and the log's time stamps. Any context. */
#ifndef COMPAT_TICKS_H
#define COMPAT_TICKS_H

#include <stdint.h>

#include "freertos/FreeRTOS.h"

#define NS_PER_S    INT64_C(1000000000)
#define NS_PER_TICK (NS_PER_S / configTICK_RATE_HZ)

#define COMPAT_FOREVER INT64_MAX

/* Nanoseconds of the monotonic clock, and that clock's time at tick 0. */
int64_t compat_now_ns(void);
int64_t compat_start_ns(void);

/* The moment so many ticks from now; portMAX_DELAY: never. */
int64_t compat_deadline_ns(TickType_t ticks);

#endif
