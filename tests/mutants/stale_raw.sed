# SPDX-License-Identifier: Apache-2.0
# what: RAW bits survive a recovery (R9)
# file: engine
# run: --scene two --fault bad-descriptor:in
/^void gdma_stop/,/^}/ { /GDMA_INT_CLR/d }
