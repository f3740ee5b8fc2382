# SPDX-License-Identifier: Apache-2.0
# what: a slot is free before its callback has been read (B5)
# file: driver
# run: --scene three
s/^    driver_fill_slot(driver, slot, .*/&\n    port_ring_free(\&driver->ring, claim.ticket);/
