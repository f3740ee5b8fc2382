# SPDX-License-Identifier: Apache-2.0
# what: the interrupt is cleared after the nodes were looked at (R6)
# file: engine
# run: --scene two
/^static void gdma_interrupt/,/^}/ {
/mmio_write(gdma_pair_in_int(engine, GDMA_INT_CLR)/d
s/^        if (engine->kept == engine->ready) {/        mmio_write(gdma_pair_in_int(engine, GDMA_INT_CLR), status \& CLEAR_EACH);\n&/
s/^    go_on(engine);/    mmio_write(gdma_pair_in_int(engine, GDMA_INT_CLR), status \& CLEAR_EACH);\n&/
}
