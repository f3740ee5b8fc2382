# SPDX-License-Identifier: Apache-2.0
# what: a channel is stopped without the reset that makes it true (R9)
# file: engine
# run: --scene two --fault all --knob stop=after_32
/^void gdma_stop/,/^}/ { s/GDMA_OUT_CONF0_RST/0/; s/GDMA_IN_CONF0_RST/0/ }
