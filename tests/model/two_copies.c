/* SPDX-License-Identifier: Apache-2.0 */
#include "two_copies.h"

void first_copy(uint32_t conf1)
{
    rx(1, DST + 0x100, 16, 0);
    tx(1, SRC + 0x100, 16, EOF_BIT, 0);
    pair_up(0, IN_PLAIN, OUT_PLAIN, conf1);
    start(0, rx(0, DST, 64, 0), tx(0, SRC, 64, EOF_BIT, 0));
}

void link_both(void)
{
    set_next(RX_NODES, RX_NODES + 16);
    set_next(TX_NODES, TX_NODES + 16);
}

void restart_both(void)
{
    restart_in(0);
    restart_out(0);
}

bool second_copy_is_done(void)
{
    return memcmp((void *)(uintptr_t)(DST + 0x100), (void *)(uintptr_t)(SRC + 0x100), 16) == 0 &&
           (rx_dw0(1) & (EOF_BIT | OWNED)) == EOF_BIT;
}
