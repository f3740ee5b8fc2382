#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Is each planted bug found, and does the driver without it pass the same runs? In TAP.
#   hunt.sh EXPLORER DIR MUTANT.sed...     DIR holds a program and a mutated source of each mutant's name
set -u
explorer=$1
dir=$2
shift 2
number=0
status=0

field() {
    sed -n "s/^# $2: //p" "$1"
}

result() {
    number=$((number + 1))
    case $1 in not*) status=1 ;; esac
    echo "$1 $number - $2"
}

said=$(mktemp)
trap 'rm -f "$said"' EXIT

echo "1..$(($# * 2))"
for script in "$@"; do
    name=$(basename "$script" .sed)
    run=$(field "$script" run)
    # The words of a run are arguments.
    # shellcheck disable=SC2086
    timeout 100 "$dir/mutant_$name" $run >"$said"
    if [ $? -eq 1 ] && grep -q '^# replay' "$said"; then
        result ok "$name: $(field "$script" what)"
        grep '^# ' "$said" | grep -v ' explorations, ' | cut -c 1-300
    else
        result "not ok" "$name survives: $run"
        cat "$said"
    fi
    # shellcheck disable=SC2086
    if timeout 100 "$explorer" $run >"$said"; then
        result ok "the driver passes: $run"
    else
        result "not ok" "the driver fails: $run"
        cat "$said"
    fi
done
exit $status
