/* SPDX-License-Identifier: Apache-2.0 */
/* Ticks of cpu/<family>/cpu_clock.h as nanoseconds. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stddef.h>
#include <stdint.h>
#include "cpu_clock.h"

/* Compare the ticks with the system's clock for a moment. Before all else here. */
void clock_calibrate(void);

double clock_ns(uint64_t ticks);
uint64_t clock_ticks(double ns);

/* Ticks that reading the clock adds to what lies between two readings: the median of many. */
uint64_t clock_reading(void);

/* Sorts the spans. */
uint64_t clock_median(uint64_t *spans, size_t count);

/* Spin: the CPU stays awake, unlike in a sleep. */
void clock_spin(double ns);

#endif
