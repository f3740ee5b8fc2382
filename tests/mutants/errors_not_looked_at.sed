# SPDX-License-Identifier: Apache-2.0
# what: a copy is believed without a look at the errors
# file: engine
# run: --scene two --fault lost-restart:in --knob rx_empty=lost
s/if (is_in_trouble(engine)) {/if (false) {/
