/* SPDX-License-Identifier: Apache-2.0 */
/* Which words of memory the DMA can get at before the CPU accesses anything else. */
#ifndef REACH_H
#define REACH_H

#include <stdbool.h>
#include <stdint.h>

/* May the hardware read or write this word? */
bool hardware_reads(uint32_t word);
/* May the hardware write this word? */
bool hardware_writes(uint32_t word);

#endif
