#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A copy that is stopped, or whose source changes under it, leaves nothing behind and the destination as it was.
# The second argument is the engine.
. "${0%/*}/tap.sh"
engine=$2

# In MiB, by how fast the engine is: big enough to be met half-way. Those of `run` are copied to their end.
case $engine,${ASYNC_MEMCPY_TEST-} in
gdma,quick) met=32 run=8 ;;
gdma,*) met=64 run=32 ;;
*,quick) met=128 run=96 ;;
*) met=512 run=256 ;;
esac

# big_source SIZE: no data on the disk, but every byte is copied and hashed.
big_source() {
    rm -f source
    truncate -s "$1M" source
    echo "an older copy" >copy
}

# Start a copy in the background (as $copying) and return when its temporary file is there, and a little later.
# start PREFIX...: the words before the program, such as env with its options
start() {
    "$@" "$program" copy --engine "$engine" source copy >"$folder.out" 2>"$folder.err" &
    copying=$!
    tries=0
    until [ -n "$(find . -name '.async-memcpy-*')" ]; do
        tries=$((tries + 1))
        if [ $tries -gt 500 ] || ! kill -0 "$copying" 2>/dev/null; then
            cat "$folder.err"
            echo "the copy did not begin, or was over too soon"
            return 1
        fi
        sleep 0.02
    done
    sleep 0.05
}

ends_with() {
    wait "$copying"
    actual=$?
    [ "$actual" -eq "$1" ] || {
        cat "$folder.err"
        echo "status $actual instead of $1"
        return 1
    }
}

nothing_happened() {
    [ "$(ls -A)" = "$(printf 'copy\nsource')" ] && [ "$(cat copy)" = "an older copy" ]
}

# A shell's background jobs ignore SIGINT; env makes that undone.
stopped_by() {
    big_source "$met"
    start env --default-signal="$1" && kill -s "$1" "$copying" && ends_with "$2" && nothing_happened
}

ignores_what_was_ignored() {
    big_source "$run"
    start env --ignore-signal=HUP && kill -s HUP "$copying" && ends_with 0 && cmp source copy
}

source_truncated() {
    big_source "$met"
    start env && truncate -s "$1" source && ends_with 1 && says err "async-memcpy: " && says err "$2" &&
        nothing_happened
}

source_written() {
    big_source "$run"
    start env && printf x | dd of=source conv=notrunc status=none && ends_with 1 &&
        says err "changed while it was being copied" && nothing_happened
}

check "stopped by SIGINT" stopped_by INT 130
check "stopped by SIGTERM" stopped_by TERM 143
check "stopped by SIGHUP" stopped_by HUP 129
check "goes on at a SIGHUP that was ignored from the start" ignores_what_was_ignored
check "source truncated to nothing" source_truncated 0 "became shorter"
check "source truncated by half" source_truncated $((met / 2))M "shorter"
check "source written to" source_written
finish
