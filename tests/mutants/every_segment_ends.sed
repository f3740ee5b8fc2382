# SPDX-License-Identifier: Apache-2.0
# what: each segment ends a frame: many events a copy
# file: engine
# run: --scene events
s/tx_dw0_of(size, 0)/tx_dw0_of(size, GDMA_DW0_SUC_EOF)/
