#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# make firmware APP=file.c: anyone's program, warnings or not, and the ELF's path as the last line. Arguments: the
# program, the source tree.
source=$2
. "${0%/*}/../program/tap.sh"

builds_and_runs() {
    printf '#include <stdio.h>\nvoid app_main(void) { int unused; printf("from %%s\\n", "%s"); }\n' "$1" >"$2"
    elf=$("$source/tools/firmware" "$2" | tail -n 1) && rm "$2" && [ -f "$elf" ] &&
        status_is 0 "$program" emulate "$elf" && says out "from $1" || return 1
    case $elf in
    /*) ;;
    *) return 1 ;;
    esac
}

is_refused() {
    status_is 1 "$source/tools/firmware" missing.c && says err "no such file: missing.c"
}

check "a program with warnings" builds_and_runs one mine.c
check "a program whose name has a space" builds_and_runs two "my program.c"
check "a file that is not there" is_refused
finish
