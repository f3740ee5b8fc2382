# SPDX-License-Identifier: Apache-2.0
# what: a segment that ends before a request is short of nodes is cleared, and never found free
# file: engine
# run: --scene short-long --early-checks 1
/^static void gdma_interrupt/,/^}/ s/GDMA_INT_ST)/GDMA_INT_RAW)/
