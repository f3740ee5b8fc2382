# SPDX-License-Identifier: Apache-2.0
# what: a callback cannot submit while its own batch is half written
# file: batch
# run: --scene batch-chain
s/^    return tickets != NULL \&\&/& !port_in_isr() \&\&/
