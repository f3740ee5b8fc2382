#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# make firmware APP=file.c: anyone's program, warnings or not, and the ELF's path as the last line. Arguments: the
# program, the source tree.
source=$2
. "${0%/*}/../program/tap.sh"

# builds APP: make's last line is the absolute path of an ELF, in $elf.
builds() {
    status_is 0 make -s -C "$source" firmware APP="$1" && elf=$(tail -n 1 "$folder.out") && [ -f "$elf" ] || return 1
    case $elf in
    /*) ;;
    *) return 1 ;;
    esac
}

builds_and_runs() {
    printf '#include <stdio.h>\nvoid app_main(void) { int unused; printf("from %%s\\n", "%s"); }\n' "$1" >"$2"
    builds "$2" && rm "$2" && status_is 0 "$program" emulate "$elf" && says out "from $1"
}

# What gcc only warns of, and a header beside the program.
sloppy() {
    echo '#define SEVEN 7' >mine.h
    printf '#include "mine.h"\nint puts();void app_main() { char *p = SEVEN; later(p); }\nint later(int a) { exit(a); }\n' >sloppy.c
    builds sloppy.c && says err "warning: implicit declaration of function 'later'" && status_is 7 "$program" emulate "$elf"
}

# Relative to where make was called, or to the project.
from_elsewhere() {
    mkdir -p deep/er && cp "$source/examples/resubmit.c" deep/resub.c &&
        (cd deep/er && builds ../resub.c) && builds examples/resubmit.c && rm -r deep &&
        [ "$(cd / && "$source/tools/firmware" "$source/examples/resubmit.c" | tail -n 1)" = "$elf" ]
}

# fails FILE WORDS...: no ELF, make's status, and words that tell what is wrong.
fails() {
    status_is 2 make -s -C "$source" firmware APP="$1" || return 1
    shift
    for words in "$@"; do
        says err "$words" || return 1
    done
    [ ! -s "$folder.out" ]
}

mkdir folder.c
echo 'void app_main(void) { printf("no semicolon") }' >syntax.c
echo 'int main(void) { return 0; }' >other.c
echo 'static void app_main(void) { }' >static.c
echo 'extern "C" void app_main(void) { }' >plus.cpp
printf '#include "nowhere.h"\nvoid app_main(void) { }\n' >header.c
echo 'int pthread_create(); void app_main(void) { pthread_create(); }' >linux.c
echo 'static char huge[400000]; char *volatile p; void app_main(void) { p = huge; }' >huge.c

check "a program with warnings" builds_and_runs one mine.c
check "a program whose name has a space" builds_and_runs two "my program.c"
check "a program whose name has signs" builds_and_runs three "it's;mine&.c"
check "a sloppy program" sloppy
check "from elsewhere" from_elsewhere
check "a file that is not there" fails missing.c "missing.c: no such file"
check "a folder" fails folder.c "folder.c: not a file that can be read"
check "C++" fails plus.cpp "plus.cpp: not a C source"
check "an error of syntax" fails syntax.c "syntax.c:1:" "error: expected ';'" "syntax.c: does not compile"
check "a header that is not there" fails header.c "nowhere.h: No such file" "header.c: does not compile"
check "no app_main()" fails other.c "other.c: has no function app_main()"
check "an app_main() of its own" fails static.c "static.c: has no function app_main()"
check "a function that the chip has not" fails linux.c "undefined reference to \`pthread_create'" "linux.c: does not link"
check "more than the memory" fails huge.c "\`sram' overflowed" "huge.c: does not link"
finish
