# SPDX-License-Identifier: Apache-2.0
# what: RESTART of RX comes before the link that it is to read (R2)
# file: engine
# run: --scene two
/^    desc_write(&engine->rx\[tail\].next/d
s/^    desc_write(&engine->tx\[tail\].next/    desc_write(\&engine->rx[tail].next, gdma_bus_address(rx));\n&/
