# SPDX-License-Identifier: Apache-2.0
# what: a node is wiped when it is closed, while the DMA may read its link again (R10)
# file: engine
# run: --scene two --knob restart_acts=at_end
s/^    engine->closed++;/    desc_write(\&engine->rx[engine->oldest ? engine->oldest - 1 : engine->count - 1].next, 0);\n&/
