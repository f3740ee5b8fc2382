# SPDX-License-Identifier: Apache-2.0
# what: the interrupt is cleared after the nodes were looked at (R6)
# file: engine
# run: --scene two
/^static void gdma_interrupt/,/^}/ {
/mmio_write(gdma_in_int(engine->pair, GDMA_INT_CLR)/d
s/^    feed(engine);/    mmio_write(gdma_in_int(engine->pair, GDMA_INT_CLR), raw \& CLEAR_EACH);\n&/
}
