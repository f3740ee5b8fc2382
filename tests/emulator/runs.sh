#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What firmware does when all is well: UART, exit, timer, interrupts, a copy by DMA, counters.
. "${0%/*}/../program/tap.sh"
. "${0%/*}/images.sh"

for name in hello timer dma nested counters; do
    image $name $name
done
image etm dma -DETM
image status_0 hello -DSTATUS=0
image status_255 hello -DSTATUS=255
image aborts wrong -DABORT

hello() {
    emulates 7 hello && prints hello "bss 0" && says_nothing err
}

exits() {
    emulates 0 status_0 && emulates 255 status_255 && emulates 1 aborts
}

timer() {
    emulates 0 timer && prints "ticks 5" "about ms 5" "ticks 6" "about ms 2"
}

# A sleep of seven milliseconds is asleep, not computed.
sleeps() {
    emulates 0 timer --count && asleep=$(sed -n 's/^of these asleep *//p' "$folder.out") &&
        [ "$asleep" -gt 650000 ] && [ "$asleep" -lt 700000 ]
}

copies() {
    emulates 0 dma && prints copied "interrupts 1" "pin 0" && says_nothing err
}

toggles() {
    emulates 0 etm --gpio && prints copied "interrupts 1" "pin 1" && says err "GPIO3 is 1 at cycle"
}

nested() {
    emulates 0 nested && prints "masked " "by priority 2c1b" "below the threshold " "at the threshold 5f" \
        "threshold down 2c" "not in mie 1b" "in mie 5f" "nested 12c5fb" "wfi with interrupts off " "and on 2c"
}

counters() {
    emulates 0 counters && prints "apart 2" "apart 0" "high 0" "amo 40" "word 42" "word 43" "calls 1"
}

# With more bus cycles to a CPU cycle, the copy needs fewer of the CPU.
faster_bus() {
    emulates 0 dma --ratio 3 --count && slow=$(sed -n 's/^of these asleep *//p' "$folder.out") &&
        emulates 0 dma --ratio 1 --count && fast=$(sed -n 's/^of these asleep *//p' "$folder.out") &&
        [ "$fast" -gt 2900 ] && [ "$slow" -gt $((2 * fast)) ]
}

# Of the CPU's time, so that other programs do not matter.
takes_less_than_a_second() {
    status_is 0 prlimit --cpu=1 "$program" emulate --count --trace=trace --timeline=timeline dma.elf
}

check "hello over UART, and an exit status" hello
check "exit statuses" exits
check "alarms of the timer, and wfi" timer
check "sleeping takes time, not instructions" sleeps
check "a copy by DMA ends with an interrupt" copies
check "a copy toggles a pin through ETM" toggles
check "interrupts: priority, threshold, mie, nesting" nested
check "counters, ecall, atomics" counters
check "the ratio of CPU to bus" faster_bus
check "a run takes less than a second of the CPU" takes_less_than_a_second
finish
