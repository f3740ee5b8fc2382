/* SPDX-License-Identifier: Apache-2.0 */
/* Fails an assertion. */
#include <assert.h>

void app_main(void);

void app_main(void)
{
    volatile int two = 2;
    assert(two == 3);
}
