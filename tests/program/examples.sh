#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every example runs and finds its own data right. The argument is the folder with the examples.
. "${0%/*}/tap.sh"

prints() {
    status_is 0 "$program/$1" && says out "$2"
}

check "guide" prints guide "16000 bytes copied"
check "readme" prints readme "copied"
check "etm" prints etm "20 copies with the channel enabled, 20 events"
check "etm_chain" prints etm_chain "5 of 5 rounds reached the pin"
check "batch" prints batch "a frame of 5 pieces"
check "resubmit" prints resubmit "16 pieces of 1000 bytes"
finish
