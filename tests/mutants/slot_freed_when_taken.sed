# SPDX-License-Identifier: Apache-2.0
# what: a slot is free before its callback has been read (B5)
# file: driver
# run: --scene three
s/^    driver->taken++;/    port_ring_free(\&driver->ring, driver->taken);\n&/
