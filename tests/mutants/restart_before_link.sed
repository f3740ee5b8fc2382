# SPDX-License-Identifier: Apache-2.0
# what: RESTART of RX comes before the link that it is to read (R2)
# file: engine
# run: --scene two
/^static inline void append/,/^}/ {
/^    desc_write(&tail->rx.next/d
s/^    desc_write(&tail->tx.next/    desc_write(\&tail->rx.next, gdma_bus_address(\&segment->rx));\n&/
}
