# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # folder and program: of tap.sh
# Read by the tests beside it, after tap.sh: images to run, and what to say of a run.
sources=$(cd "$(dirname "$0")" && pwd)

# image NAME SOURCE [FLAG...]: build NAME.elf from images/SOURCE.c. No libc, no start-up code but ours.
image() {
    image_name=$1
    image_source=$2
    shift 2
    riscv64-unknown-elf-gcc --specs=picolibc.specs -march=rv32imac -mabi=ilp32 -nostartfiles -nodefaultlibs \
        -ffreestanding -Os -Wall -Wextra -Werror -Wl,--no-warn-rwx-segments \
        -I "$sources/../../src/chip" -T "$sources/images/image.ld" "$@" \
        "$sources/images/start.S" "$sources/images/$image_source.c" -lgcc -o "$image_name.elf" || {
        echo "Bail out! $image_name does not build"
        exit 1
    }
}

# prints LINE...: the last command printed these lines, and no others.
prints() {
    printf '%s\n' "$@" >"$folder.expected"
    diff -u "$folder.expected" "$folder.out"
}

# says_nothing FILE: out or err is empty.
says_nothing() {
    [ ! -s "$folder.$1" ]
}

# emulates STATUS IMAGE [OPTION...]
emulates() {
    emulates_status=$1
    emulates_image=$2
    shift 2
    status_is "$emulates_status" "$program" emulate "$@" "$emulates_image.elf"
}
