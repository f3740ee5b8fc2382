# SPDX-License-Identifier: Apache-2.0
# what: the slot is freed after its callback, which then cannot submit again (B3)
# file: driver
# run: --scene resubmit
/^        port_ring_free(&driver->ring, ticket);/d
s/^        driver_complete(driver, ticket);/        port_ring_free(\&driver->ring, ticket);\n&/
