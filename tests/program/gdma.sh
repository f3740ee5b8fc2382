#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `copy --engine gdma`: through a software chip, piece by piece, and what it tells of the chip.
. "${0%/*}/tap.sh"

# The number in a line of the report: number LINE
number() {
    sed -n "s/^$1 *\([0-9]*\).*/\1/p" "$folder.out"
}

copies() {
    random_file "source $1" "$1"
    status_is 0 "$program" copy --engine gdma "source $1" "copy $1" &&
        cmp "source $1" "copy $1" &&
        says out "verified" &&
        grep -Eq "^bytes +$1," "$folder.out" &&
        says out "$(sha256sum <"source $1" | cut -d ' ' -f 1)" &&
        [ "$(find . | wc -l)" -eq 3 ]
    result=$?
    rm -f -- *
    return $result
}

# One request for each piece, and one for what is left.
requests_are_pieces() {
    piece=$(number pieces.*memory,)
    [ "$piece" -ge 64 ] && says out "bytes            $1, in $((($1 + piece - 1) / piece)) requests"
}

# Each byte crosses the bus twice, four bytes in at most two cycles and at least one.
cycles_are_plausible() {
    cycles=$(number 'bus cycles')
    [ "$cycles" -ge $(($1 / 2)) ] && [ "$cycles" -le $(($1 * 4)) ]
}

share_is_plausible() {
    share=$(sed -n 's/^bus cycles .*, \([0-9]*\)\.[0-9] % of them moved data$/\1/p' "$folder.out")
    [ "${share:-0}" -gt "$1" ] && [ "$share" -lt 100 ]
}

# What the rate is at 32 MHz follows from the cycles.
rate_follows() {
    expected=$(awk -v bytes="$1" -v cycles="$(number 'bus cycles')" 'BEGIN { printf "%.1f", 32 * bytes / cycles }')
    says out "model            $expected MB/s at a bus clock of 32 MHz"
}

reports() {
    random_file source 1000001
    status_is 0 "$program" copy --engine gdma --backlog "$1" source copy && cmp source copy &&
        says out "gdma, backlog $1" && requests_are_pieces 1000001 && cycles_are_plausible 1000001 &&
        share_is_plausible "$2" && rate_follows 1000001 && grep -Eq '^simulation +took [0-9]+\.[0-9]{3} s' "$folder.out" &&
        [ "$(number interrupts)" -ge 1 ] && ! says out "GB/s"
}

# The same work takes about the same cycles, whenever the threads of this machine run.
cycles_repeat() {
    random_file source 300000
    status_is 0 "$program" copy --engine gdma source copy && first=$(number 'bus cycles') &&
        status_is 0 "$program" copy --engine gdma source copy && second=$(number 'bus cycles') &&
        [ "$first" -le $((second * 11 / 10)) ] && [ "$second" -le $((first * 11 / 10)) ]
}

# The chip may still be busy with its own start.
next_to_nothing() {
    : >source
    status_is 0 "$program" copy --engine gdma source copy && cmp source copy &&
        says out "in 0 requests" && [ "$(number 'bus cycles')" -le 10 ] && [ "$(number interrupts)" = 0 ]
}

chip_in_the_environment() {
    echo new >source
    status_is 0 env ASYNC_MEMCPY_CHIP=esp32h2 "$program" copy --engine gdma source copy && cmp source copy
}

refuses() {
    echo source >source
    echo "an older copy" >copy
    check "$1" fails_and_leaves_all "$2" "$program" copy --engine gdma --backlog "$3" "$4" copy
}

for size in 0 1 2 3 4 5 63 64 65 2047 2048 2049 4095 4096 4097 65537 1048577; do
    check "copies a file of $size bytes" copies "$size"
done
# The files go through memory in windows of 256 MiB.
if [ "${ASYNC_MEMCPY_TEST-}" = quick ]; then
    skip "copies a file of more than one window" "takes long"
else
    check "copies a file of more than one window" copies $((256 * 1024 * 1024 + 4097))
fi
check "reports on a copy with backlog 1" reports 1 90
check "reports on a copy with backlog 2" reports 2 90
check "reports on a copy with backlog 64" reports 64 90
check "reports on a copy with backlog 1000, in tiny pieces" reports 1000 30
check "tells about the same cycles again" cycles_repeat
check "tells that an empty file took next to nothing" next_to_nothing
check "with the chip named in the environment" chip_in_the_environment
refuses "a missing source" "No such file" 64 missing
refuses "a source that is the destination" "is the source itself" 64 copy
refuses "a backlog for which the chip has no memory" "ESP_ERR_NO_MEM" 1000000 source
refuses "a backlog whose buffers the chip has no memory for" "give a smaller --backlog" 2000 source
finish
