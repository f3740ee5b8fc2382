/* SPDX-License-Identifier: Apache-2.0 */
/* Programming the matrix (hardware facts, section 6.2). */
#include <assert.h>
#include "chip/etm_v1.h"
#include "chip/mmio.h"
#include "etm_chip.h"
#include "etm_objects.h"

static_assert(ETM_CHANNELS == CHIP_ETM_CHANNELS, "each channel of the API is one of the hardware");

void etm_chip_carry(unsigned channel, uint32_t event, uint32_t task)
{
    uint32_t bit = UINT32_C(1) << channel % 32;
    mmio_write(etm_enable(channel, ETM_CLR), bit); /* first: half a change must carry nothing */
    mmio_write(etm_event_id(channel), event);
    mmio_write(etm_task_id(channel), task);
    if (event != 0) {
        mmio_write(etm_enable(channel, ETM_SET), bit);
    }
}
