#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Do the scenes and mutants that SPEC.md names exist? Is every bug and hazard planted that must be?
#   named.sh SOURCE EXPLORER
set -u
cd "$1" || exit 1
number=0
status=0

check() {
    number=$((number + 1))
    if [ -z "$2" ]; then
        echo "ok $number - $1"
    else
        echo "not ok $number - $1: $2"
        status=1
    fi
}

# shellcheck disable=SC2016 # backquotes are Markdown's
# What follows WORD in the clauses, to the end of its sentence.
named() {
    awk '/^- [*][*]H[0-9]+[*][*]/ { if (text) print text; text = "" } /^- [*][*]H/, /^$/ { text = text " " $0 } END { print text }' SPEC.md |
        sed -n "s/.*$1: \\([^.]*\\)\\..*/\\1/p" | grep -o '`[^`]*`' | tr -d '`' | sort -u
}

# Bugs of ESP-IDF's driver (B) and hazards of the hardware (R), as the scripts' descriptions name them.
planted="B2 B3 B5 B6 B8 R1 R2 R3 R6 R7"

echo 1..3
check "every scene that a clause names exists" \
    "$(named Scenes | while read -r scene; do "$2" --list | grep -q "^scene $scene " || echo "$scene"; done)"
check "every mutant that a clause names exists" \
    "$(named Mutants | while read -r mutant; do [ -e "tests/mutants/$mutant.sed" ] || echo "$mutant"; done)"
check "every bug and hazard of the list is planted: $planted" \
    "$(for name in $planted; do grep -qw "^# what: .*$name" tests/mutants/*.sed || echo "$name"; done)"
[ -n "$(named Scenes)" ] && [ -n "$(named Mutants)" ] && exit $status
