/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"

#ifndef STATUS
#define STATUS 7
#endif

static uint32_t zeros[4];

int main(void)
{
    print("hello\n");
    say("bss", zeros[0] | zeros[1] | zeros[2] | zeros[3]);
    return STATUS;
}
