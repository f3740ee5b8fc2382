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

#endif
