/* SPDX-License-Identifier: Apache-2.0 */
/* The chip's event task matrix: a channel of the API is the hardware channel of the same number. */
#ifndef ETM_CHIP_H
#define ETM_CHIP_H

#include <stdint.h>

/* From now on this channel carries this event to this task; 0 and 0: nothing. One call at a time. Any
 * context. */
void etm_chip_carry(unsigned channel, uint32_t event, uint32_t task);

#endif
