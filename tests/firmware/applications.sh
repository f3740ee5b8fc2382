#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every application prints what it should, line by line, and ends with status 0. Arguments: the program, the folder of
# images, the source tree.
images=$2
source=$3
. "${0%/*}/../program/tap.sh"

prints() {
    status_is 0 "$program" emulate "$images/$1.elf" && diff "$source/tests/firmware/expected/$1.txt" "$folder.out"
}

# The same image is the same run, to the instruction.
same_again() {
    "$program" emulate --count "$images/$1.elf" >first && "$program" emulate --count "$images/$1.elf" >second &&
        cmp first second && rm first second
}

# What firmware prints is what the same source prints on Linux.
as_on_linux() {
    status_is 0 "$program" emulate "$images/$1.elf" && "$2" >linux && diff linux "$folder.out" && rm linux
}

# Of the CPU's time, so that other programs do not matter.
takes_less_than_a_second() {
    status_is 0 prlimit --cpu=1 "$program" emulate --count --trace=trace --timeline=timeline "$images/$1.elf"
}

# address_of SYMBOL: in the image of the example.
address_of() {
    riscv64-unknown-elf-nm "$images/guide.elf" | awk -v name="$1" '$3 == name {print "0x" $1}'
}

callback_in_iram() {
    callback=$(address_of on_copied) && [ -n "$callback" ] &&
        [ $((callback)) -ge $(($(address_of iram_first))) ] && [ $((callback)) -lt $(($(address_of iram_end))) ]
}

# A copy from the call to the callback, with what the DMA did for it.
valid_trace() {
    status_is 0 "$program" emulate --trace trace.json "$images/$1.elf" &&
        [ "$(python3 "$source/tests/emulator/check_trace.py" trace.json task:app_main task:esp_async_memcpy \
            interrupt:on_copied "DMA in0:4095 bytes" "DMA out0:4095 bytes")" = "1 copies" ]
}

# Copies without a callback end one after the other, in the interrupt.
tells_of_quiet_copies() {
    status_is 0 "$program" emulate --trace trace.json "$images/right-quiet.elf" && python3 - <<'END'
import json
events = json.load(open("trace.json"))["traceEvents"]
interrupt = next(e["tid"] for e in events if e["ph"] == "M" and e["args"].get("name") == "interrupt")
bars = [e["ts"] for e in events if e["ph"] in "be"]
assert len(bars) == 6 and bars == sorted(bars), bars
assert [e["tid"] for e in events if e["ph"] == "f"] == [interrupt] * 3, events
END
}

for expected in "$source"/tests/firmware/expected/*.txt; do
    name=${expected##*/}
    check "${name%.txt} prints what it should" prints "${name%.txt}"
done
check "a run is repeatable" same_again guide
check "a run of the documented example takes less than a second of the CPU" takes_less_than_a_second guide
check "its callback, IRAM_ATTR, has its own section" callback_in_iram
check "its trace is what Perfetto reads" valid_trace guide
check "copies without a callback are seen to end" tells_of_quiet_copies
check "the documented example prints the same as on Linux" as_on_linux guide "$4/guide"
check "resubmission prints the same as on Linux" as_on_linux resubmit "$4/resubmit"
finish
