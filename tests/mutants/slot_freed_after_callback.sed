# SPDX-License-Identifier: Apache-2.0
# what: the slot is freed after its callback, which then cannot submit again (B3)
# file: driver
# run: --scene resubmit
s/^    if (port_ring_free(&driver->ring, ticket)) {/    if (true) {/
s/^    if (port_ring_complete(&driver->ring, ticket)) {/    port_ring_free(\&driver->ring, ticket);\n&/
