/* SPDX-License-Identifier: Apache-2.0 */
/* Calls itself until the stack is used up. */
#include <stdio.h>

void app_main(void);

__attribute__((noinline)) static int deep(volatile int *above)
{
    volatile int here[64];
    here[0] = *above + 1;
    return here[0] > 1000000 ? here[0] : deep(here) + 1;
}

void app_main(void)
{
    volatile int start = 0;
    printf("%d\n", deep(&start));
}
