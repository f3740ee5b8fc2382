#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `info` tells what is built in and what the machine offers.
. "${0%/*}/tap.sh"

shows() {
    status_is 0 "$program" info && grep -Eq "$1" "$folder.out"
}

# The kernel's word for a feature, against ours: shown as found exactly if the kernel shows it.
agrees_with_kernel() {
    "$program" info >"$folder.out"
    for feature in sse2 avx2 avx512f movdir64b erms; do
        answer=no
        grep -qw "$feature" /proc/cpuinfo && answer=yes
        says out "$feature $answer;" || return 1
    done
}

check "shows the threads engine" shows '^engine +threads .*: usable, the default$'
check "shows the software chip" shows '^engine +gdma .* software esp32h2: usable$'
check "shows the version" shows "^version +$("$program" --version | cut -d ' ' -f 2)$"
check "shows the number of CPUs" shows "^CPUs +$(getconf _NPROCESSORS_ONLN) online$"
check "shows the page size" shows "^page +$(getconf PAGESIZE) bytes$"
check "shows that plain C will do" shows '^CPU .* plain C yes$'
if [ "$(uname -m)" = x86_64 ]; then
    check "agrees with the kernel about the CPU" agrees_with_kernel
else
    skip "agrees with the kernel about the CPU" "another family of CPUs"
fi
finish
