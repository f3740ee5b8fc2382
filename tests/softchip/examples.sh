#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Examples for the board run unchanged on the software chip, which the environment has asked for. The argument is the
# folder with the examples.
. "${0%/*}/../program/tap.sh"

prints() {
    status_is 0 "$program/$1" && says out "$2"
}

wrong_chip() {
    status_is 134 env ASYNC_MEMCPY_CHIP=esp8266 "$program/guide" && says err 'ASYNC_MEMCPY_CHIP is "esp8266"'
}

check "guide" prints guide "16000 bytes copied"
check "resubmit" prints resubmit "16 pieces of 1000 bytes"
check "a chip that is none" wrong_chip
finish
