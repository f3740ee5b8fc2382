#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Do the scenes and mutants that SPEC.md names exist?
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

echo 1..2
check "every scene that a clause names exists" \
    "$(named Scenes | while read -r scene; do "$2" --list | grep -q "^scene $scene " || echo "$scene"; done)"
check "every mutant that a clause names exists" \
    "$(named Mutants | while read -r mutant; do [ -e "tests/mutants/$mutant.sed" ] || echo "$mutant"; done)"
[ -n "$(named Scenes)" ] && [ -n "$(named Mutants)" ] && exit $status
