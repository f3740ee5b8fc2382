#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Is a file of --trace what Perfetto wants of the trace-event format? check_trace.py FILE [TRACK:NAME]...

TRACK:NAME: such a slice must be there. Times are taken as Perfetto takes them, in whole nanoseconds, cut off.
"""
import collections
import json
import sys

PHASES = {"M", "X", "b", "e", "s", "t", "f", "C"}
DMA = {f"DMA {way}{pair}" for way in ("in", "out") for pair in range(3)}


def ns(microseconds):
    return int(microseconds * 1000)


def check_forms(events):
    for event in events:
        assert event["ph"] in PHASES and event["pid"] == 1 and isinstance(event["name"], str), event
        if event["ph"] != "M":
            assert isinstance(event["tid"], int) and isinstance(event["ts"], (int, float)) and event["ts"] >= 0, event
        if event["ph"] == "X":
            assert isinstance(event["dur"], (int, float)) and event["dur"] >= 0, event


def tracks_of(events):
    names = {event["tid"]: event["args"]["name"] for event in events if event["name"] == "thread_name"}
    assert set(names.values()) == {"task", "interrupt"} | DMA, names
    assert {event["tid"] for event in events if "tid" in event} <= set(names)
    return names


def check_nesting(track, slices):
    """Each slice lies within the one that is open when it begins, or behind it."""
    open_ends = []
    for begin, end in sorted(slices, key=lambda span: (span[0], -span[1])):
        while open_ends and open_ends[-1] <= begin:
            open_ends.pop()
        assert not open_ends or end <= open_ends[-1], f"{track}: {begin} to {end} ns sticks out of what ends at {open_ends[-1]}"
        open_ends.append(end)


def check_copies(events):
    """A bar for each copy, from b to e."""
    bars = collections.defaultdict(list)
    for event in events:
        if event["ph"] in "be":
            bars[event["cat"], event["id"], event["name"]].append(event)
    for ends in bars.values():
        assert [event["ph"] for event in ends] == ["b", "e"] and ends[0]["ts"] <= ends[1]["ts"], ends
        assert {"driver", "dst", "src", "status"} <= ends[0]["args"].keys(), ends
    return {identity for _, identity, _ in bars}


def check_flows(events, slices):
    """From the call that submits, by the DMA's work, to where the copy ends; each bound to a slice."""
    flows = collections.defaultdict(list)
    for event in events:
        if event["ph"] in "stf":
            assert event["cat"] and (event["ph"] == "s" or event["bp"] == "e"), event
            at = ns(event["ts"])
            assert any(begin <= at < max(end, begin + 1) for begin, end in slices[event["tid"]]), f"bound to nothing: {event}"
            flows[event["id"]].append((event["ts"], "stf".index(event["ph"])))
    for identity, steps in flows.items():
        order = [phase for _, phase in sorted(steps)]
        assert order == sorted(order) and order.count(0) == 1 and order.count(2) <= 1, (identity, steps)
    return set(flows)


def main():
    events = json.load(open(sys.argv[1]))["traceEvents"]
    check_forms(events)
    tracks = tracks_of(events)
    slices = collections.defaultdict(list)
    names = set()
    for event in events:
        if event["ph"] == "X":
            slices[event["tid"]].append((ns(event["ts"]), ns(event["ts"]) + ns(event["dur"])))
            names.add(f"{tracks[event['tid']]}:{event['name']}")
    for tid, spans in slices.items():
        check_nesting(tracks[tid], spans)
    copies = check_copies(events)
    assert check_flows(events, slices) == copies
    missing = set(sys.argv[2:]) - names
    assert not missing, f"no {missing} among {names}"
    print(len(copies), "copies")


main()
