# SPDX-License-Identifier: Apache-2.0
# what: a copy of 0 bytes is accepted (the incumbent's B2)
# file: driver
# run: --scene refused
s/ || copy->n == 0)/)/
s/n - 1 <= engine->reach_last - first/n <= engine->reach_last - first + 1/
s/return apart - 1 < copy->n - 1 /return copy->n != 0 \&\& apart - 1 < copy->n - 1 /
