#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Firmware that does something wrong ends with a message and a status, and never hangs. Arguments: the program, the
# folder of images.
images=$2
. "${0%/*}/../program/tap.sh"

# ends FIRMWARE STATUS WORDS...: each of the words is in what it printed.
ends() {
    firmware=$1
    wanted=$2
    shift 2
    status_is "$wanted" timeout 60 "$program" emulate --max-cycles=5000000 "$images/wrong-$firmware.elf" || return 1
    cat "$folder.out" "$folder.err" >"$folder.both"
    for words in "$@"; do
        says both "$words" || return 1
    done
    rm -f "$folder.both"
}

ends_quietly() {
    ends "$@" && [ ! -s "$folder.err" ]
}

check "reading what is not there" ends read_nothing 125 "load from 0x30000000" "app_main" "reading"
check "writing what is not there" ends write_nothing 125 "store to 0x6ffffff0" "app_main"
check "calling what is not there" ends jump_nowhere 125 "jump to 0x00000100" "app_main"
check "an illegal instruction" ends illegal 125 "illegal instruction" "app_main"
check "copying from flash" ends copy_from_flash 134 "src 0x42000000" "reaches 0x40800000 to 0x4084ffff" \
    "ESP_ERR_INVALID_ARG"
check "blocking in a callback" ends block_in_callback 134 "xSemaphoreTake() is for tasks" "from the callback at 0x" \
    "the firmware gave up, with status 134" "take+0x" "gdma_interrupt" "app_main"
check "a fault in a callback" ends fault_in_callback 125 "load from 0x30000000" "read_nothing" "gdma_interrupt"
check "waiting for what never comes" ends wait_for_ever 125 "everything sleeps" "xSemaphoreTake" "app_main"
check "waiting in a critical section" ends wait_in_critical_section 134 "inside a critical section"
check "polling for what never comes" ends poll_for_ever 125 "a loop that never ends" "app_main"
check "notifying no task" ends notify_nobody 134 "vTaskNotifyGiveFromISR(): the task is NULL" "gave up" "notify" "app_main"
check "never ending" ends loop 125 "still running after 5000000 cycles" "app_main"
check "a stack too deep" ends overflow_stack 125 "store to 0x407ff" "deep+0x" "  and "
check "freeing twice" ends free_twice 134 "heap_caps_free(0x" "free already" "gave up" "app_main"
check "abort()" ends abort 134 "abort() was called from 0x" "called at" "app_main"
check "a failing assertion" ends assert 134 "two == 3" "app_main"
check "exit(3) is no failure" ends_quietly exit_3 3
check "a second task" ends second_task 0 "without a kernel" "xTaskCreate() gave -1"
finish
