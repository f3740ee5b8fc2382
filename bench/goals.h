/* SPDX-License-Identifier: Apache-2.0 */
/* The goals: a figure by another, and what it should be. */
#ifndef GOALS_H
#define GOALS_H

/* A line for each: name, value, goal, met or short. Returns how many are short. */
unsigned goals_print(void);

#endif
