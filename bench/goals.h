/* SPDX-License-Identifier: Apache-2.0 */
/* The goals: a figure, mostly by another one, and what it should be. */
#ifndef GOALS_H
#define GOALS_H

#include <stdbool.h>
#include <stdio.h>

/* A line for each: name, value, goal, met or short. measured: only those of which something was measured. */
void goals_print(FILE *out, bool measured);

#endif
