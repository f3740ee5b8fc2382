# SPDX-License-Identifier: Apache-2.0
# what: RX is not told of the new node
# file: engine
# run: --scene late
/^static inline void append/,/^}/ s/mmio_write(in + GDMA_LINK, .*//
