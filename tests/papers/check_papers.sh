#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Does tools/check-papers see what it should? check_papers.sh SOURCE
# A small tree with one paper at a time, then the real tree.
# shellcheck disable=SC2016 # backquotes are Markdown's
# shellcheck source=../program/tap.sh
. "$(dirname "$0")/../program/tap.sh"
source=$1
work=$folder

# check_paper TEXT: the status for a tree whose README is this text.
check_paper() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree/examples"
    printf 'int one;\nint two;\n' >"$work/tree/examples/two.c"
    printf 'build: setup\n\ttrue\nsize cost: build\n\ttrue\n' >"$work/tree/Makefile"
    printf '%b' "$1" >"$work/tree/README.md"
    "$source/tools/check-papers" "$work/tree"
}

refused() {
    check_paper "$2" >"$work/said"
    [ $? -eq 1 ] && grep "^README.md:$1: " "$work/said"
}

# refuses WHAT LINE TEXT
refuses() {
    check "refuses $1" refused "$2" "$3"
}

accepts() {
    check "accepts $1" check_paper "$2"
}

named='<!-- file: examples/two.c -->\n```c\n'

accepts "a block that is its file" "$named"'int one;\nint two;\n```\n'
refuses "a block that differs from its file" 5 "$named"'int one;\nint too;\n```\n'
refuses "a block that is shorter than its file" 4 "$named"'int one;\n```\n'
refuses "a block that is longer than its file" 6 "$named"'int one;\nint two;\n\n```\n'
refuses "a block whose file does not exist" 4 '<!-- file: examples/one.c -->\n```c\nint one;\n```\n'
refuses "a block that names no file" 1 '```c\nint one;\n```\n'
refuses "a name that is not right above its block" 3 '<!-- file: examples/two.c -->\nHere:\n```c\nint one;\nint two;\n```\n'
refuses "a second block without a name" 6 "$named"'int one;\nint two;\n```\n```c\nint one;\n```\n'
accepts "other blocks" '```\nint one;\n```\n'
accepts "links to a file, to a place in it, and to elsewhere" \
    'See [a](examples/two.c), [b](examples/two.c#one), [c](#here), [d](https://example.org/x).\n'
refuses "a link to nothing" 2 'See [a](examples/two.c)\nand [b](two.c).\n'
refuses "a second link to nothing in a line" 1 '[a](examples/two.c) [b](examples/three.c)\n'
accepts "one of two targets" 'Type `make size` or `make cost`.\n'
accepts "a target that the Makefile has" '`make build` first\n```sh\nmake build\n```\n'
refuses "a target that the Makefile has not" 1 'Type `make run`.\n'
refuses "such a target in a block" 2 '```sh\nmake run FILE=x\n```\n'

# Every package that the two commands install is in the table of README.md.
packages_are_told() {
    told=" $(grep -E '^\| `make (run|test)`' "$source/README.md" | tr ',;|\n' ' ') "
    sed -nE 's/^ *(build|firmware|test)\) echo (.*) ;;/\2/p' "$source/tools/setup" | tr ' ' '\n' >"$work/packages"
    [ -s "$work/packages" ] || return 1
    while read -r package; do
        case $told in
        *" $package "*) ;;
        *)
            echo "README.md does not name $package"
            return 1
            ;;
        esac
    done <"$work/packages"
}

check "the papers themselves are clean" "$source/tools/check-papers" "$source"
check "the packages of the two commands are told" packages_are_told
check "the figures are those that were measured" "$source/tools/readme-figures" --check
finish
