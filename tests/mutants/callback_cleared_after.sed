# SPDX-License-Identifier: Apache-2.0
# what: the slot's callback is cleared after it has run, and with it that of a copy submitted meanwhile (B3)
# file: driver
# run: --scene resubmit
s/^    if (port_ring_complete(&driver->ring, ticket)) {/    slot->callback = NULL;\n    slot->argument = NULL;\n&/
