#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The progress bar: on a terminal, and nowhere else.
. "${0%/*}/tap.sh"

random_file source 3000000

none_in_a_pipe() {
    status_is 0 "$program" copy source copy && [ ! -s "$folder.err" ] &&
        "$program" copy source copy 2>&1 | grep -c '#' >"$folder.out"
    [ "$(cat "$folder.out")" = 0 ]
}

# script runs its command on a terminal of its own.
on_a_terminal() {
    script --quiet --return --command "'$program' copy source copy" /dev/null </dev/null >"$folder.out" &&
        says out "########################################" && says out "100 %" && says out "verified" &&
        cmp source copy
}

failure_on_a_terminal() {
    ! script --quiet --return --command "'$program' copy missing copy" /dev/null </dev/null >"$folder.out" &&
        says out "No such file" && ! says out "#"
}

check "no progress bar in a pipe" none_in_a_pipe
check "a progress bar on a terminal" on_a_terminal
check "no progress bar before a failure" failure_on_a_terminal
finish
