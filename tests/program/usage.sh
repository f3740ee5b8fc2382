#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The command line: help, version, and status 2 with a message for what is wrong with it.
. "${0%/*}/tap.sh"

echo source >source

# wrong WORDS ARGUMENT...
wrong() {
    words=$1
    shift
    check "refuses: async-memcpy $*" refused "$words" "$@"
}

refused() {
    words=$1
    shift
    status_is 2 "$program" "$@" && says err "$words" && says err "--help" && [ ! -s "$folder.out" ] &&
        [ "$(ls -A)" = source ]
}

# helps [COMMAND]
helps() {
    status_is 0 "$program" ${1:+"$1"} --help && says out "Usage: async-memcpy" && [ ! -s "$folder.err" ]
}

lists_commands() {
    helps "" && says out "copy SRC DST" && says out "info"
}

tells_version() {
    status_is 0 "$program" --version && grep -Eq '^async-memcpy [0-9]+\.[0-9]+\.[0-9]+$' "$folder.out"
}

# Output that cannot be written is a failure like any other.
full_output() {
    "$program" info >/dev/full 2>"$folder.err"
    [ $? -eq 1 ] && says err "No space left"
}

wrong "which command"
wrong "no command 'cpoy'" cpoy source copy
wrong "unrecognized option" --fast
wrong "SRC and DST are needed" copy
wrong "SRC and DST are needed" copy source
wrong "what is 'more'" copy source copy more
wrong "no engine 'warp'; known: threads, gdma" copy --engine warp source copy
wrong "requires an argument" copy source copy --engine
for number in 0 -1 x 1x '' ' 1' 1000001 99999999999999999999; do
    wrong "--backlog takes a number from 1 to" copy --backlog "$number" source copy
done
wrong "--backlog takes a number from 1 to" copy --engine gdma --backlog 0 source copy
wrong "Too many arguments" info more
check "lists its commands" lists_commands
check "helps with copy" helps copy
check "says whose the chip's figures are" says out "a model's figures"
check "helps with info" helps info
check "tells its version" tells_version
check "notices that output cannot be written" full_output
finish
