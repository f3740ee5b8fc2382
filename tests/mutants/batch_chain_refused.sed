# SPDX-License-Identifier: Apache-2.0
# what: a callback cannot submit while its own batch is half written
# file: driver
# run: --scene batch
s/^    if (tickets == NULL) {/    if (tickets == NULL || port_in_isr()) {/
