# SPDX-License-Identifier: Apache-2.0
# what: who comes while a batch is half written is turned away
# file: batch
# run: --scene batch
s/^    return tickets != NULL \&\&/& false \&\&/
