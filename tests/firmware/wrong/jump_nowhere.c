/* SPDX-License-Identifier: Apache-2.0 */
/* Calls a function that is not there. */
#include <stdint.h>

void app_main(void);

void app_main(void)
{
    void (*volatile nowhere)(void) = (void (*)(void))(uintptr_t)0x100;
    nowhere();
}
