/* SPDX-License-Identifier: Apache-2.0 */
/* How the one task waits for what an interrupt may change. */
#ifndef COMPAT_SLEEP_H
#define COMPAT_SLEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "freertos/FreeRTOS.h"

/* The moment that many ticks from now; portMAX_DELAY: never. */
int64_t compat_deadline(TickType_t ticks);

/* What the task waits for may have changed. Any context. */
void compat_wake(void);

/* Sleep until ready(what) says so. false: the deadline passed first. Task. */
bool compat_sleep_until(bool (*ready)(void *what), void *what, int64_t deadline);

#endif
