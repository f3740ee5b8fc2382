#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Does tools/check-includes see what it should? check_includes.sh SOURCE
# Small trees with one wrong line each, then the real tree.
# shellcheck source=../program/tap.sh
. "$(dirname "$0")/../program/tap.sh"
source=$1
work=$folder

# A tree in which every file is there and includes nothing, so that a name always has its file.
fresh_tree() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree"
    (
        cd "$work/tree" || exit 1
        mkdir -p include compat/include/freertos compat/posix compat/chip src/engine src/port src/chip model examples
        for file in include/esp_async_memcpy.h compat/include/esp_err.h compat/include/freertos/task.h \
            compat/posix/heap_caps_private.h compat/posix/log.c src/engine.h src/driver.h src/port.h src/async_memcpy.c \
            src/engine/threads.c src/engine/gdma.c src/engine/gdma.h src/engine/gdma_etm.c src/etm_chip.c compat/chip/gpio.c src/port/posix.c src/chip/mmio.h model/model.h \
            model/gdma.c examples/guide.c; do
            echo "/* nothing */" >"$file"
        done
    )
}

# check_with FILE LINE: the status for a fresh tree with this line in that file.
check_with() {
    fresh_tree
    printf '%s\n' "$2" >>"$work/tree/$1"
    "$source/tools/check-includes" "$work/tree"
}

refused() {
    check_with "$1" "$2" >"$work/said"
    [ $? -eq 1 ] && grep "^$1:2: " "$work/said"
}

refuses() {
    check "refuses in $1: $2" refused "$1" "$2"
}

accepts() {
    check "accepts in $1: ${3:-$2}" check_with "$1" "$2"
}

refuses src/async_memcpy.c '#include "../model/model.h"'
refuses src/engine/gdma.c '#include "model.h"'
refuses src/engine/threads.c '#include "gdma.h"'
refuses src/async_memcpy.c '#include "chip/mmio.h"'
refuses src/engine/threads.c '#include "driver.h"'
refuses compat/chip/gpio.c '#include "../../model/model.h"'
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
accepts src/engine/gdma_etm.c '#include "gdma.h"'
accepts src/etm_chip.c '#include "chip/mmio.h"'
accepts compat/chip/gpio.c '#include "chip/mmio.h"'
accepts model/gdma.c '#include "mmio.h"'
accepts src/async_memcpy.c '#include "engine.h"'
accepts src/async_memcpy.c '#include "driver.h"'
accepts src/port/posix.c '#if 1'
accepts src/engine.h '#ifndef ENGINE_H
#define ENGINE_H' 'an include guard'
accepts include/esp_async_memcpy.h '#ifdef __cplusplus'

check "the tree itself is clean" "$source/tools/check-includes" "$source"
finish
