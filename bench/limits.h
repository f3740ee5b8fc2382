/* SPDX-License-Identifier: Apache-2.0 */
/* What this machine can do at best, whoever copies. */
#ifndef LIMITS_H
#define LIMITS_H

#include "samples.h"

/* ns for a cache line to go from one CPU to the other, by one line and by two: "pingpong". */
void limits_pingpong(void);

/* GB/s of copies of cold memory past the cache, one thread and two at once: "limit_1", "limit_2", per kernel.
 */
void limits_copy(size_t n);

/* The fastest kernel so far of one of these figures; NULL: none was measured. */
const struct series *limits_best(const char *figure, size_t n);

#endif
