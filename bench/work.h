/* SPDX-License-Identifier: Apache-2.0 */
/* The caller's own work: arithmetic in registers, so that it needs its CPU and no memory. */
#ifndef WORK_H
#define WORK_H

#include <stdint.h>

/* One unit: about two microseconds. */
void work_unit(void);

/* What a unit and a look at the clock take a caller that does nothing else, in ticks: the median of many. */
uint64_t work_ticks(void);

#endif
