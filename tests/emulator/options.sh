#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Options: counts, knobs, faults, pictures; and that a run is the same run each time.
. "${0%/*}/../program/tap.sh"
. "${0%/*}/images.sh"

image dma dma
image etm dma -DETM
image hello hello
image counters counters
image nested nested
image copies copies
image no_done copies -DNO_DONE

# figure NAME: of --count=counted
figure() {
    sed -n "s/^$1 *\([0-9]*\).*/\1/p" counted
}

# of_function NAME COLUMN: executed 2, calls 3, with callees 4, least 5, most 6
of_function() {
    awk -v name="$1" -v column="$2" '$1 == "function" && $NF == name {print $column}' counted
}

# ten() has 10 instructions and its return; hello's print() runs a known number of times.
counts() {
    emulates 0 counters --count=counted && [ "$(of_function ten 2)" = 11 ] && [ "$(of_function ten 3)" = 1 ] &&
        [ "$(of_function ten 4)" = 11 ] && [ "$(figure "longest with interrupts off")" = 9 ] &&
        grep -q 'from ten+0x0' counted && [ "$(figure instructions)" = "$(figure "CPU cycles of the whole run")" ]
}

sums() {
    emulates 0 dma --count=counted && sum=$(awk '$1 == "function" {sum += $2} END {print sum}' counted) &&
        [ "$sum" = "$(figure instructions)" ] && [ "$(figure interrupts)" = 1 ] &&
        [ "$(figure "instructions in interrupts")" = "$(awk '$1 == "line" {print $4}' counted)" ] &&
        [ "$(figure "bytes by DMA in the whole run")" = 3000 ]
}

counts_in() {
    emulates 0 counters --count=counted --count-in ten && [ "$(figure instructions)" = 11 ] && [ "$(of_function main 2)" = "" ]
}

counts_to_file() {
    emulates 7 hello --count=counted && prints hello "bss 0" && grep -q '^instructions ' counted
}

no_function() {
    emulates 1 hello --count-in nobody && says err "hello.elf has no function nobody"
}

same() {
    for name in dma etm nested counters; do
        emulates 0 $name --gpio --count=count.1 --trace=trace.1 --timeline=timeline.1 &&
            emulates 0 $name --gpio --count=count.2 --trace=trace.2 --timeline=timeline.2 &&
            cmp count.1 count.2 && cmp trace.1 trace.2 && cmp timeline.1 timeline.2 || return 1
    done
}

# edge [OPTION...]: when the pin moves
edge() {
    emulates 0 etm --gpio "$@" >/dev/null && sed -n 's/^GPIO3 is 1 at cycle //p' "$folder.err"
}

# Six cycles of the bus later, and a bus that is three times slower than the CPU.
knobs() {
    early=$(edge) && late=$(edge --knob etm_latency=8) && [ $((late - early)) -eq 18 ]
}

lists_knobs() {
    status_is 0 "$program" emulate --list-knobs && says out "etm_latency: cycles from event to task" &&
        [ "$(grep -c ' \*$' "$folder.out")" -eq "$(grep -c 'hardware facts' "$folder.out")" ]
}

late_interrupt() {
    emulates 0 dma --count=counted && soon=$(figure "of these asleep") &&
        emulates 0 dma --count=counted --fault late_interrupt:in0@1 && late=$(figure "of these asleep") &&
        [ $((late - soon)) -gt 100 ] && [ $((late - soon)) -lt 140 ]
}

# It wakes the CPU once more.
spurious_interrupt() {
    emulates 0 dma --count=counted --fault spurious_interrupt:in0@55000 && [ "$(figure interrupts)" = 2 ] &&
        says out "interrupts 1"
}

stops() {
    emulates 125 dma --fault "$1" && says err "everything sleeps and nothing will wake it"
}

# A fault whose time never comes does nothing, and the order on the command line does not matter.
faults_in_time() {
    emulates 0 dma --fault channel_stops:in0@999999999 --fault late_interrupt:in0@1 --count=counted &&
        [ "$(figure interrupts)" = 1 ]
}

valid_trace() {
    emulates 0 "$1" --trace trace.json && python3 "$sources/check_trace.py" trace.json task:main
}

valid_svg() {
    emulates 0 "$1" --timeline timeline.svg &&
        python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' timeline.svg
}

# The DMA's descriptors, the pin and the interrupt are there, and what ends does not end before it began.
trace_tells() {
    emulates 0 etm --trace trace.json && python3 - <<'END'
import json
events = json.load(open("trace.json"))["traceEvents"]
tracks = {e["tid"]: e["args"]["name"] for e in events if e["name"] == "thread_name"}
spans = [(tracks[e["tid"]], e["name"]) for e in events if e["ph"] == "X"]
for wanted in [("task", "main"), ("task", "asleep"), ("interrupt", "line 5"), ("interrupt", "interrupt"),
               ("DMA in0", "3000 bytes"), ("DMA out0", "3000 bytes")]:
    assert wanted in spans, wanted
assert all(e["dur"] >= 0 for e in events if e["ph"] == "X")
assert [e["args"]["level"] for e in events if e["ph"] == "C"] == [1]
END
}

# Copies from the call to the callback: a bar with the status, and a flow. The status is known from the result
# only.
tells_of_copies() {
    emulates 0 "$1" --trace trace.json --timeline timeline.svg && prints "done 3" && python3 - "$2" <<'END'
import json, sys
events = json.load(open("trace.json"))["traceEvents"]
bars = [(e["name"], e["args"]["status"]) for e in events if e["ph"] == "b"]
failed = int(sys.argv[1])
assert bars == [("copy 1: 10 bytes", 0), ("copy 3: 12 bytes", 0), ("copy 4: 13 bytes", failed),
                ("copy 5: 14 bytes", 0)], bars
begin = {e["id"]: e["ts"] for e in events if e["ph"] == "b"}
end = {e["id"]: e["ts"] for e in events if e["ph"] == "e"}
assert begin[1] < begin[3] < begin[4] < end[1] <= end[3] <= end[4] < begin[5] < end[5]
flows = {phase: [(e["id"], e["ts"]) for e in events if e["ph"] == phase] for phase in "sf"}
assert flows["s"] == list(begin.items()) and flows["f"] == list(end.items())[:3], flows
picture = open("timeline.svg").read()
assert picture.count('class="failed"') == 2 * (failed != 0) and picture.count('class="open"') == 2 # a bar and its key
END
}

full_disk() {
    emulates 1 dma "$1" /dev/full && says err "cannot write /dev/full"
}

wrong_usage() {
    words=$1
    shift
    status_is 2 "$program" emulate "$@" && says err "$words" && says_nothing out
}

check "counts instructions, calls, and a critical section" counts
check "functions sum up to the whole" sums
check "counts within a function" counts_in
check "counts into a file" counts_to_file
check "refuses to count in a function that is not there" no_function
check "the same run each time, in each picture" same
check "a knob changes what the hardware does" knobs
check "lists the knobs" lists_knobs
check "fault: late interrupt" late_interrupt
check "fault: spurious interrupt" spurious_interrupt
check "fault: channel stops" stops channel_stops:in0@25000
check "fault: bad descriptor" stops bad_descriptor:out0@1
check "fault: blocked access" stops blocked_access:in0@1
check "faults wait for their time" faults_in_time
for firmware in dma etm nested counters copies; do
    check "trace of $firmware is what Perfetto reads" valid_trace "$firmware"
    check "timeline of $firmware is XML" valid_svg "$firmware"
done
check "the trace tells what happened" trace_tells
check "tells of copies, by results and the driver's report" tells_of_copies copies 4294967295
check "tells of copies, by their callbacks alone" tells_of_copies no_done 0
check "notices that the trace cannot be written" full_disk --trace
check "notices that the timeline cannot be written" full_disk --timeline
check "refuses: no image" wrong_usage "FIRMWARE.elf is needed"
check "refuses: two images" wrong_usage "what is 'b'" a b
check "refuses: ratio 0" wrong_usage "--ratio takes a number from 1 to 100, not '0'" --ratio 0 a
check "refuses: max-cycles x" wrong_usage "--max-cycles takes a number" --max-cycles x a
check "refuses: an unknown knob" wrong_usage "there is no knob 'a' with a value 'b'" --knob a=b a
check "refuses: an unknown value" wrong_usage "there is no knob 'stop' with a value 'b'" --knob stop=b a
check "refuses: a knob without a value" wrong_usage "--knob takes NAME=VALUE, not 'stop'" --knob stop a
for fault in x bad_descriptor bad_descriptor:in0 bad_descriptor@1 nothing:in0@1 bad_descriptor:in3@1 \
    bad_descriptor:up0@1 bad_descriptor:in00@1 bad_descriptor:in0@x; do
    check "refuses: fault $fault" wrong_usage "--fault takes KIND:CHANNEL@CYCLE, not '$fault'" --fault $fault a
done
finish
