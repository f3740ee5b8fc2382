#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Does tools/check-includes see what it should? check_includes.sh SOURCE
# Small trees with one wrong line each, then the real tree.
set -u
source=$1
check=$source/tools/check-includes
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

cases=0
failures=0
# report STATUS NAME: of a name of several lines, the first.
report() {
    cases=$((cases + 1))
    name=$(echo "$2" | head -n 1)
    if [ "$1" -eq 0 ]; then
        echo "ok $cases - $name"
    else
        echo "not ok $cases - $name"
        sed 's/^/# /' "$work/log"
        failures=$((failures + 1))
    fi
}

# A tree in which every file is there and includes nothing, so that a name always has its file.
fresh_tree() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree"
    (
        cd "$work/tree" || exit 1
        mkdir -p include compat/include/freertos compat/posix src/engine src/port src/chip model examples
        for file in include/esp_async_memcpy.h compat/include/esp_err.h compat/include/freertos/task.h \
            compat/posix/heap_caps_private.h compat/posix/log.c src/engine.h src/port.h src/async_memcpy.c \
            src/engine/threads.c src/engine/gdma.c src/engine/gdma.h src/port/posix.c src/chip/mmio.h model/model.h \
            model/gdma.c examples/guide.c; do
            echo "/* nothing */" >"$file"
        done
    )
}

# with_line FILE LINE: the check's status on a fresh tree with this line in that file.
with_line() {
    fresh_tree
    printf '%s\n' "$2" >>"$work/tree/$1"
    "$check" "$work/tree" >"$work/log" 2>&1
}

refuses() {
    with_line "$1" "$2"
    [ $? -eq 1 ] && grep -q "^$1:2: " "$work/log"
    report $? "refuses in $1: $2"
}

accepts() {
    with_line "$1" "$2"
    report $? "accepts in $1: $2"
}

echo 1..24
refuses src/async_memcpy.c '#include "../model/model.h"'
refuses src/engine/gdma.c '#include "model.h"'
refuses src/engine/threads.c '#include "gdma.h"'
refuses src/port.h '#include "esp_err.h"'
refuses src/port.h '#include <freertos/task.h>'
refuses src/port/posix.c '#include "engine.h"'
refuses src/chip/mmio.h '#include "engine.h"'
refuses include/esp_async_memcpy.h '#include "engine.h"'
refuses compat/include/esp_err.h '#include "port.h"'
refuses compat/posix/log.c '#include "engine.h"'
refuses model/gdma.c '#include "engine.h"'
refuses examples/guide.c '#include "engine.h"'
refuses src/async_memcpy.c '#if 1'
refuses src/engine/threads.c '#ifdef __x86_64__'
refuses compat/posix/log.c '  # if defined(X)'
refuses src/engine.h '#ifndef ENGINE_H'
accepts src/engine/gdma.c '#include "../chip/mmio.h"'
accepts src/engine/gdma.c '#include "gdma.h"'
accepts model/gdma.c '#include "mmio.h"'
accepts src/async_memcpy.c '#include "engine.h"'
accepts src/port/posix.c '#if 1'
accepts src/engine.h '#ifndef ENGINE_H
#define ENGINE_H'
accepts include/esp_async_memcpy.h '#ifdef __cplusplus'

"$check" "$source" >"$work/log" 2>&1
report $? "the tree itself is clean"
[ "$failures" -eq 0 ]
