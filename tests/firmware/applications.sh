#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every application prints what it should, line by line, and ends with status 0. Arguments: the program, the folder of
# images, the source tree.
images=$2
source=$3
. "${0%/*}/../program/tap.sh"

prints() {
    status_is 0 "$program" emulate "$images/$1.elf" && diff "$source/tests/firmware/expected/$1.txt" "$folder.out"
}

# The same image is the same run, to the instruction.
same_again() {
    "$program" emulate --count "$images/$1.elf" >first && "$program" emulate --count "$images/$1.elf" >second &&
        cmp first second && rm first second
}

# What firmware prints is what the same source prints on Linux.
as_on_linux() {
    status_is 0 "$program" emulate "$images/$1.elf" && "$2" >linux && diff linux "$folder.out" && rm linux
}

for expected in "$source"/tests/firmware/expected/*.txt; do
    name=${expected##*/}
    check "${name%.txt} prints what it should" prints "${name%.txt}"
done
check "a run is repeatable" same_again guide
check "the documented example prints the same as on Linux" as_on_linux guide "$4/guide"
check "resubmission prints the same as on Linux" as_on_linux resubmit "$4/resubmit"
finish
