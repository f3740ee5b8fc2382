/* SPDX-License-Identifier: Apache-2.0 */
/* Register map of the GPIO outputs (ESP32-C3, C6, H2): pins 0..31. */
#ifndef GPIO_V1_H
#define GPIO_V1_H

#include "chip.h"

#define GPIO_OUT         (CHIP_GPIO_BASE + 0x04u)
#define GPIO_OUT_W1TS    (CHIP_GPIO_BASE + 0x08u)
#define GPIO_OUT_W1TC    (CHIP_GPIO_BASE + 0x0Cu)
#define GPIO_ENABLE      (CHIP_GPIO_BASE + 0x20u)
#define GPIO_ENABLE_W1TS (CHIP_GPIO_BASE + 0x24u)
#define GPIO_ENABLE_W1TC (CHIP_GPIO_BASE + 0x28u)
#define GPIO_IN          (CHIP_GPIO_BASE + 0x3Cu)

/* Which signal drives a pin; 128: the OUT register (the value after reset). */
#define GPIO_FUNC_OUT_SEL(pin) (CHIP_GPIO_BASE + 0x554u + 4u * (pin))
#define GPIO_FUNC_OUT_SIMPLE   128u

/* The pad. The facts give the address only; the bits are those of the other chips of the family. */
#define IO_MUX_PIN(pin)    (CHIP_IO_MUX_BASE + 0x04u + 4u * (pin))
#define IO_MUX_PULL_DOWN   (1u << 7)
#define IO_MUX_PULL_UP     (1u << 8)
#define IO_MUX_INPUT       (1u << 9)
#define IO_MUX_DRIVE_RESET (2u << 10) /* strength as after reset */
#define IO_MUX_GPIO        (1u << 12) /* function 1: the pin is the GPIO matrix's */

#endif
