# SPDX-License-Identifier: Apache-2.0
# what: the check is armed for the first copies only
# file: engine
# run: --scene late --fault channel-stops:out --early-checks 1
s/^        engine->ready = NULL; .*//
