# SPDX-License-Identifier: Apache-2.0
# what: TX is extended before RX (R3)
# file: engine
# run: --scene two --knob rx_empty=lost
/^static inline void append/,/^}/ {
s/->rx/->XX/g; s/->tx/->rx/g; s/->XX/->tx/g
s/in + GDMA_LINK, .*/XX/
s/in + GDMA_OUT_OFFSET.*/in + GDMA_LINK, GDMA_IN_LINK_AUTO_RET | GDMA_IN_LINK_RESTART);/
s/XX/in + GDMA_OUT_OFFSET - GDMA_IN_OFFSET + GDMA_LINK, GDMA_OUT_LINK_RESTART);/
}
