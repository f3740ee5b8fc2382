#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What firmware should not do ends with a message and status 125; so does what can never end.
. "${0%/*}/../program/tap.sh"
. "${0%/*}/images.sh"

# ends WHAT STATUS-WORDS...: the run printed what came before it, and nothing behind.
ends() {
    what=$1
    shift
    emulates 125 "$what" --max-cycles 1000000 && prints begin || return 1
    for words in "$@"; do
        says err "$words" || return 1
    done
}

# wrong WHAT WORDS...
wrong() {
    what=$1
    image "$what" wrong "-D$what"
    check "$what: $2" ends "$@"
}

wrong ILLEGAL "illegal instruction 0xffffffff" "mcause         2" "culprit+0x" "main+0x" "_start+0x"
wrong ILLEGAL_SHORT "illegal instruction 0x0000" culprit main
wrong FLOAT "illegal instruction 0x00a5f553" culprit main
wrong BREAK "ebreak" "mcause         3" culprit main
wrong LOAD_FLASH "load from 0x42000010: that is flash" "mcause         5" culprit main
wrong LOAD_ROM "load from 0x40000000: that is ROM" culprit main
wrong STORE_NULL "store to 0x00000004: nothing is there: a null pointer?" "mcause         7" culprit main
wrong STORE_BEHIND "store to 0x40850000: nothing is there" culprit main
wrong MISALIGNED_LOAD "misaligned load of 4 bytes at 0x40810001" "mcause         4" culprit main
wrong MISALIGNED_STORE "misaligned store of 2 bytes at 0x40810003" "mcause         6" culprit main
wrong JUMP_NULL "jump to 0x00000000, where no code can be" "mcause         1" culprit main
wrong JUMP_FLASH "jump to 0x42000000, where no code can be: that is flash" culprit main
wrong JUMP_REGISTER "jump to 0x6000001c, where no code can be" culprit main
wrong BYTE_REGISTER "store of 1 bytes at register 0x60000000: registers take aligned 32-bit accesses" culprit main
wrong HOLE "load from 0x60001000: no register is there" culprit main
wrong HOLE_IN_BLOCK "store to 0x60091100: no register is there" culprit main
wrong NO_CLOCK "load from 0x60080064: that module has no clock" culprit main
wrong SLEEP "everything sleeps and nothing will wake it" culprit main
wrong SLEEP_UNROUTED "everything sleeps and nothing will wake it" culprit main
for loop in LOOP ATOMIC_LOOP TIME_LOOP; do
    wrong $loop "still running after 1000000 cycles (--max-cycles)" culprit main
done
for spin in SPIN SPIN_ON_REGISTER SPIN_IN_ROUNDS; do
    wrong $spin "a loop that never ends: nothing changes in it, and no interrupt will come" culprit main
done
wrong SPIN_IN_CALLS "a loop that never ends" nobody_came culprit main
wrong NO_VECTORS "an interrupt on line 1, and mtvec is not set" culprit main

# Two limits: asleep or not, and awake.
limits() {
    emulates 125 LOOP --max-instructions 500000 && says err "still running after 500000 instructions (--max-instructions)" &&
        says err "cycle          500000"
}
check "an end by instructions" limits

# It is no endless loop as long as an alarm or a fault is to come.
image late timer -DBUSY -DPERIOD=320000
image awake dma -DPOLL
waits_awake() {
    emulates 0 late && prints "ticks 5" "about ms 5" "ticks 6" "about ms 2" && emulates 0 awake &&
        prints copied "interrupts 1" "pin 0" || return 1
    emulates 125 awake --fault channel_stops:in0@25000 && says err "a loop that never ends" || return 1
    emulates 125 awake --fault channel_stops:in0@25000 --fault spurious_interrupt:in0@900000 &&
        says err "a loop that never ends" && [ "$(sed -n 's/^  cycle *//p' "$folder.err")" -gt 900000 ]
}
check "waiting awake for what comes is no endless loop" waits_awake

image in_interrupt wrong -DILLEGAL -DIN_INTERRUPT
in_interrupt() {
    ends in_interrupt "culprit+0x" "enter+0x" "interrupt      line 1" "came in at" "main+0x"
}

# The DMA is told nothing by a bus that has nothing, nor are we by the chip: but here is a word of warning.
image from_flash dma -DFROM_FLASH
image filters dma -DFILTERS
from_flash() {
    emulates 125 from_flash && says err "warning: a descriptor that fails its check" && says err "everything sleeps"
}

filters() {
    emulates 125 filters && says err "warning: a DMA access that the permission filters block" &&
        says err "everything sleeps"
}

# Loading: nothing runs, and the status is 1.
image good hello
refuses() {
    status_is 1 "$program" emulate "$1" && says err "$2" && says_nothing out
}

echo "no ELF" >text
head -c 100 good.elf >short.elf
riscv64-unknown-elf-gcc -march=rv32imac -mabi=ilp32 -c "$sources/images/start.S" -o object.o
riscv64-unknown-elf-objcopy --change-section-address .text+0x1000000 good.elf elsewhere.elf 2>/dev/null

check "an exception in an interrupt tells of both" in_interrupt
check "a copy from flash is warned of" from_flash
check "permission filters left closed are warned of" filters
check "refuses: no such file" refuses missing.elf "cannot open missing.elf: No such file"
check "refuses: no ELF file" refuses text "text is not an ELF file"
check "refuses: an ELF file that was cut" refuses short.elf short.elf
check "refuses: a program for this machine" refuses "$program" "is not for a 32-bit RISC-V"
check "refuses: an object file" refuses object.o "is not linked into an executable image"
check "refuses: an image that is not for SRAM" refuses elsewhere.elf "does not lie in SRAM"
finish
