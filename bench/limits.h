/* SPDX-License-Identifier: Apache-2.0 */
/* What this machine can do at best, whoever copies. */
#ifndef LIMITS_H
#define LIMITS_H

/* ns for a cache line to go from one CPU to the other: "limit", "pingpong". */
void limits_pingpong(void);

#endif
