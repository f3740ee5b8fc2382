# SPDX-License-Identifier: Apache-2.0
# what: lists end in NULL, and owners are checked (the two recipes mixed)
# file: engine
# run: --scene late --knob restart_reads=checked
s/mmio_write(in + GDMA_CONF1, 0);/mmio_write(in + GDMA_CONF1, GDMA_CONF1_CHECK_OWNER);/
