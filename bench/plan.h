/* SPDX-License-Identifier: Apache-2.0 */
/* What is measured: points and subjects, by group. */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <stddef.h>

/* One round: what the goals need, and with `all` what the tables and pictures need. only: a group's name;
 * NULL: all. */
void plan_round(bool all, const char *only);

bool plan_has(const char *group);
const char *plan_group(size_t index); /* NULL after the last */

/* Sizes of the tables, ascending; 0 after the last. */
extern const size_t plan_sizes[];

/* Copies in flight that the tables have at a size. */
unsigned plan_depth(size_t size);
unsigned plan_keep_depth(size_t size);

#endif
