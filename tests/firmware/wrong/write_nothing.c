/* SPDX-License-Identifier: Apache-2.0 */
/* Writes to an address where nothing is. */
#include <stdint.h>

void app_main(void);

void app_main(void)
{
    *(volatile uint32_t *)(uintptr_t)0x6FFFFFF0 = 1;
}
