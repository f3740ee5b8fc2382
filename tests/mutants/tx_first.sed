# SPDX-License-Identifier: Apache-2.0
# what: TX is extended before RX (R3)
# file: engine
# run: --scene two --knob rx_empty=lost
/^static void link_nodes/,/^}/ {
s/rx\[tail\]/XX[tail]/; s/tx\[tail\]/rx[tail]/; s/XX\[tail\]/tx[tail]/
s/gdma_bus_address(rx)/gdma_bus_address(XX)/; s/gdma_bus_address(tx)/gdma_bus_address(rx)/; s/gdma_bus_address(XX)/gdma_bus_address(tx)/
s/gdma_write_in_link/gdma_write_XX_link/; s/gdma_write_out_link/gdma_write_in_link/; s/gdma_write_XX_link/gdma_write_out_link/
s/GDMA_IN_LINK_RESTART/GDMA_XX_LINK_RESTART/; s/GDMA_OUT_LINK_RESTART/GDMA_IN_LINK_RESTART/; s/GDMA_XX_LINK_RESTART/GDMA_OUT_LINK_RESTART/
}
