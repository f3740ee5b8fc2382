#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Is the table of verdicts in DESIGN.md the one that the explorer makes? In TAP.
#   verdicts.sh EXPLORER DESIGN.md
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

echo 1..2
if "$1" --verdicts >"$dir/made"; then
    echo "ok 1 - the driver is right at each answer to each open question"
else
    echo "not ok 1 - the driver fails: $(grep FAILS "$dir/made")"
    status=1
fi
sed -n '/^| knob | values | verdict |$/,/^$/{/^|/p}' "$2" >"$dir/told"
if diff "$dir/told" "$dir/made" >"$dir/difference"; then
    echo "ok 2 - DESIGN.md tells what each of them costs"
else
    echo "not ok 2 - DESIGN.md (<) tells otherwise than the explorer (>)"
    sed 's/^/# /' "$dir/difference"
    status=1
fi
exit "${status:-0}"
