#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The driver on the emulated chip when the hardware fails, and at every answer to its open questions. Arguments: the
# program, the folder of images.
images=$2
. "${0%/*}/../program/tap.sh"

# all_right OPTION...: what the copies print when nothing went wrong.
all_right() {
    status_is 0 "$program" emulate "$@" "$images/right-copies.elf" &&
        [ "$(cat "$folder.out")" = "right 24, failed 0, wrong 0, out of order 0" ]
}

one_failed() {
    status_is 0 "$program" emulate "$@" "$images/right-copies.elf" &&
        [ "$(cat "$folder.out")" = "right 23, failed 1, wrong 0, out of order 0" ]
}

# Cycles of the CPU at which something is under way: descriptors of the first copies, by the trace.
moments() {
    "$program" emulate --trace moments.json "$images/right-copies.elf" >/dev/null && python3 - "$1" <<'END'
import json, sys
events = json.load(open("moments.json"))["traceEvents"]
tids = {e["args"]["name"]: e["tid"] for e in events if e["name"] == "thread_name"}
spans = [e for e in events if e["ph"] == "X" and e["tid"] == tids[f"DMA {sys.argv[1]}"]]
print(*(int((e["ts"] + e["dur"] / 2) * 96) for e in spans[:12:2]))
END
}

# at_moments CHANNEL KIND COMMAND: the command passes with a fault of this kind at each of them.
at_moments() {
    moments_of_channel=$(moments "$1") && [ "$(echo "$moments_of_channel" | wc -w)" -eq 6 ] || return 1
    for moment in $moments_of_channel; do
        "$3" --fault "$2:$1@$moment" || return 1
    done
}

# An access of the DMA that is refused, and told as an error, fails a copy at the most.
refused_access() {
    one_failed --knob apm_blocked=error "$@" || all_right --knob apm_blocked=error "$@"
}

# Three faults at once, on both channels.
several() {
    status_is 0 "$program" emulate --fault "channel_stops:in0@$1" --fault "lost_restart:out0@$1" \
        --fault "late_interrupt:in0@$1" "$images/right-copies.elf" && says out "wrong 0, out of order 0"
}

# at_every_value COMMAND FIRST: of the knobs whose names begin so, but what DESIGN.md excludes.
at_every_value() {
    "$program" emulate --list-knobs | awk -v first="$2" '
        /^[a-z]/ { sub(/:.*/, ""); knob = $0 }
        /^    / && index(knob, first) == 1 { print knob "=" $1 }
    ' | grep -vx -e rx_exact_fit=extra -e etm_event=raw_edge >values
    [ -s values ] || return 1
    while read -r value; do
        "$1" --knob "$value" || return 1
    done <values
}

etm_works() {
    status_is 0 "$program" emulate "$@" "$images/etm_chain.elf" && says out "5 of 5 rounds reached the pin" &&
        status_is 0 "$program" emulate "$@" "$images/copy_etm_gpio.elf" && says out "7 copies moved the pin 7 times"
}

check "nothing fails" all_right
for channel in in0 out0; do
    check "a bad descriptor of $channel fails one copy" at_moments $channel bad_descriptor one_failed
    check "$channel stops, and one copy fails" at_moments $channel channel_stops one_failed
    check "a lost restart of $channel fails none" at_moments $channel lost_restart all_right
    check "an interrupt of $channel without a cause fails none" at_moments $channel spurious_interrupt all_right
    check "a late interrupt of $channel fails none" at_moments $channel late_interrupt all_right
    check "a refused access of $channel fails one copy at the most" at_moments $channel blocked_access refused_access
done
check "several faults at once" several 500000
check "all right at every value of every knob" at_every_value all_right ""
check "ETM works at every value of its knobs" at_every_value etm_works etm_
finish
