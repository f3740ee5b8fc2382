# SPDX-License-Identifier: Apache-2.0
# what: no interrupt tells that nodes came back
# file: engine
# run: --scene long
s/ | (hungry ? GDMA_IN_DONE : 0)//
