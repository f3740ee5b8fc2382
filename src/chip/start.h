/* SPDX-License-Identifier: Apache-2.0 */
/* What start-up code has to do before the first copy, on silicon and on the model alike. */
#ifndef CHIP_START_H
#define CHIP_START_H

/* Clocks on, GDMA and ETM reset, permission filters open, interrupt threshold at 1. Once, before anything
 * else. */
void chip_start(void);

/* Let an interrupt source arrive on a CPU line (level, priority 2), or no longer. */
void chip_route(unsigned source, unsigned line);
void chip_unroute(unsigned source, unsigned line);

#endif
