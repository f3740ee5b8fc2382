/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The software chip: the model in a thread of its own, as a chip beside a Linux program. It gives the part of
 * the POSIX port that a chip stands behind (port_chip_*, port_irq_*, port_check_*), the bus of chip/mmio.h,
 * and its memory.
 */
#ifndef SOFTCHIP_H
#define SOFTCHIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The chip's memory, for whoever gives it out; NULL while the chip is off. Any context. */
void *softchip_memory(size_t *size);

/* What the chip has done since it was switched on; all 0 while it is off. Any context. */
struct softchip_counters {
    uint64_t cycles;      /* of the bus, the time between copies included */
    uint64_t busy_cycles; /* spent on transactions */
    uint64_t data_cycles; /* of these, on ones that moved data */
    uint64_t interrupts;  /* handlers run */
};

struct softchip_counters softchip_read_counters(void);

/* How often a pin that is an output has changed its level; 0 while the chip is off. Any context. */
uint32_t softchip_pin_changes(unsigned pin);

/* ---- For tests ---- */

/*
 * Time stands still on the chip: no bus cycle, no interrupt, no check, until it goes on. Register accesses
 * work. When it returns, no handler is running. Task.
 */
void softchip_pause(bool pause);

/* While it stands still: let so many steps of the hardware pass, and no interrupt. Task. */
void softchip_run(unsigned steps);

/* Make a fault happen: enum model_fault, at a channel of the model. The chip must be on. Any context. */
void softchip_inject(unsigned fault, unsigned channel);

/* Turn a knob of the model: indices into its table. The chip must be on. Any context. */
void softchip_set_knob(unsigned knob, unsigned value);

#endif
