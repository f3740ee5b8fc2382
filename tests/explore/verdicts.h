/* SPDX-License-Identifier: Apache-2.0 */
/* A table of what each answer to an open question of the hardware means to the driver. */
#ifndef VERDICTS_H
#define VERDICTS_H

#include <stdbool.h>

/* Explore the scenes that are small or middle with each value alone, and print a row per knob. False: a
 * failure. */
bool print_verdicts(void);

#endif
