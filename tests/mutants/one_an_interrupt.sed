# SPDX-License-Identifier: Apache-2.0
# what: one copy is completed an interrupt (R7)
# file: engine
# run: --scene two
s/^    uint32_t budget = engine->linked - engine->closed;/    uint32_t budget = 1;/
