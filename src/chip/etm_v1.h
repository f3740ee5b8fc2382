/* SPDX-License-Identifier: Apache-2.0 */
/* Register map of SOC_ETM (ESP32-C6, H2), and of the GPIO side that takes its tasks. Hardware facts,
 * section 6. */
#ifndef ETM_V1_H
#define ETM_V1_H

#include <stdint.h>
#include "chip.h"

/* Enable bits: channels 0..31 in word 0, the others in word 1. */
#define ETM_ENABLE 0x0u
#define ETM_SET    0x4u
#define ETM_CLR    0x8u

static inline uint32_t etm_enable(unsigned channel, uint32_t which)
{
    return CHIP_ETM_BASE + 0xCu * (channel / 32u) + which;
}

static inline uint32_t etm_event_id(unsigned channel)
{
    return CHIP_ETM_BASE + 0x18u + 8u * channel;
}

static inline uint32_t etm_task_id(unsigned channel)
{
    return CHIP_ETM_BASE + 0x1Cu + 8u * channel;
}

#define ETM_CLK_EN (CHIP_ETM_BASE + 0x1A8u)
#define ETM_DATE   (CHIP_ETM_BASE + 0x1ACu)

/* GPIO takes tasks on eight channels; each pin listens to one at most. */
#define ETM_GPIO_CHANNELS    8u
#define ETM_TASK_GPIO_SET    1u /* the channel is added */
#define ETM_TASK_GPIO_CLEAR  9u
#define ETM_TASK_GPIO_TOGGLE 17u

/* Four pins a register, a byte each: enable in bit 0, channel in bits 3:1. The facts give the address only.
 */
#define GPIO_ETM_TASK_CFG 0xA0u
#define GPIO_ETM_TASK_EN  1u

static inline uint32_t gpio_etm_task_cfg(unsigned pin)
{
    return CHIP_GPIO_EXT_BASE + GPIO_ETM_TASK_CFG + 4u * (pin / 4u);
}

static inline uint32_t gpio_etm_task_field(unsigned pin, unsigned channel)
{
    return ((channel << 1) | GPIO_ETM_TASK_EN) << (8u * (pin % 4u));
}

#endif
