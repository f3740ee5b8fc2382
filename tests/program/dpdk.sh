#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The engine for DPDK, whose library the program finds if it is there.
. "${0%/*}/tap.sh"
export ASYNC_MEMCPY_DPDK="--no-huge --no-shconf --no-pci --no-telemetry --log-level=warning --vdev=dma_skeleton0"

lists_it() {
    status_is 0 "$program" info && grep -Eq '^engine +dpdk .*: usable$' "$folder.out"
}

# A program with no such library beside it, as it is installed where there is no DPDK.
lists_it_not() {
    mkdir -p "$folder/bin" "$folder/lib" && cp "$program" "$folder/bin/alone" &&
        cp -L "${program%/bin/*}"/lib/libasync-memcpy.so.0 "$folder/lib/" &&
        "$folder/bin/alone" info >"$folder.out" 2>"$folder.err" && grep -q '^engine *threads' "$folder.out" &&
        ! grep -q dpdk "$folder.out"
}

refuses_it_then() {
    status_is 2 "$folder/bin/alone" copy --engine dpdk "$folder/from" "$folder/to" &&
        says err "there is no engine 'dpdk'; known: threads, gdma"
}

copies() {
    head -c 5000001 /dev/urandom >"$folder/from" &&
        status_is 0 "$program" copy --engine dpdk "$folder/from" "$folder/to" && says out dpdk &&
        cmp "$folder/from" "$folder/to"
}

says_what_to_set() {
    ASYNC_MEMCPY_DPDK="--no-huge --no-shconf --no-pci --no-telemetry" "$program" copy --engine dpdk "$folder/from" \
        "$folder/other" >"$folder.out" 2>"$folder.err" && return 1
    says err "no device of DPDK's is free"
}

check "lists it" lists_it
check "copies a file" copies
check "says that there is no device" says_what_to_set
check "does not list what is not there" lists_it_not
check "refuses what is not there" refuses_it_then
finish
