/* SPDX-License-Identifier: Apache-2.0 */
/* Reads an address where nothing is. */
#include <stdint.h>
#include <stdio.h>

void app_main(void);

void app_main(void)
{
    printf("reading\n");
    printf("got %d\n", *(volatile int *)(uintptr_t)0x30000000);
}
