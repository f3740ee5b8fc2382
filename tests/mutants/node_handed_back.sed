# SPDX-License-Identifier: Apache-2.0
# what: a node is wiped when it is closed, while the DMA may read its link again (R10)
# file: engine
# run: --scene two --knob restart_acts=at_end
s/^    engine->kept = segment;/    desc_write(\&segment->tx.next, 0);\n&/
