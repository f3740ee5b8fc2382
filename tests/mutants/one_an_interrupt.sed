# SPDX-License-Identifier: Apache-2.0
# what: one copy is completed an interrupt (R7)
# file: engine
# run: --scene two
s/^    unsigned rounds = engine->rounds_max;/    unsigned rounds = 1;/
