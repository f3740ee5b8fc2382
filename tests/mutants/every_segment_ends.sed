# SPDX-License-Identifier: Apache-2.0
# what: each segment ends a frame: many events a copy
# file: engine
# run: --scene events
s/([a-z_]* ? GDMA_DW0_SUC_EOF : 0)/GDMA_DW0_SUC_EOF/
