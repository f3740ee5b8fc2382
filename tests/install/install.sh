#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Install into a folder of its own and use that copy alone: install.sh BUILD
# The consumers are built from a copy too, outside of this tree, so that nothing of it can help them.
set -u
build=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix
headers=$prefix/include/async-memcpy
strict="-Wall -Wextra -Wpedantic -Werror"
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"

cases=0
failures=0
# case_of NAME COMMAND...: passes if the command does; what it says is shown if it does not.
case_of() {
    cases=$((cases + 1))
    name=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        echo "ok $cases - $name"
    else
        echo "not ok $cases - $name"
        sed 's/^/# /' "$work/log"
        failures=$((failures + 1))
    fi
}

installs() {
    cmake --install "$build" --prefix "$prefix" &&
        cp -r "$here" "$work/consumer"
}

everything_in_its_place() {
    for file in include/async-memcpy/esp_async_memcpy.h include/async-memcpy/esp_async_memcpy_ext.h \
        include/async-memcpy/esp_etm.h include/async-memcpy/freertos/FreeRTOS.h lib/libasync-memcpy.a \
        lib/libasync-memcpy.so lib/pkgconfig/async-memcpy.pc lib/cmake/AsyncMemcpy/AsyncMemcpyConfig.cmake \
        bin/async-memcpy; do
        [ -f "$prefix/$file" ] || { echo "missing: $file"; return 1; }
    done
}

nothing_else() {
    ! find "$prefix" -type f -o -type l | sed "s|^$prefix/||" |
        grep -vE '^(include/async-memcpy/([a-z_/]*/)?[A-Za-z_]+\.h|lib/libasync-memcpy\.(a|so[.0-9]*)|lib/pkgconfig/async-memcpy\.pc|lib/cmake/AsyncMemcpy/[A-Za-z-]+\.cmake|bin/async-memcpy)$'
}

versioned() {
    soname=$(objdump -p "$prefix/lib/libasync-memcpy.so" | awk '$1 == "SONAME" {print $2}')
    echo "soname: $soname"
    case $soname in
    libasync-memcpy.so.[0-9]*) [ -e "$prefix/lib/$soname" ] ;;
    *) false ;;
    esac
}

# Whether NAME stands in an installed header.
declared() {
    grep -rqw "$1" "$headers"
}

exports() {
    nm -D --defined-only --format=posix "$prefix/lib/libasync-memcpy.so" | sed 's/[ @].*//' | grep -v '^ASYNC_MEMCPY_' | sort -u
}

exports_only_what_headers_declare() {
    [ -n "$(exports)" ] || return 1
    for symbol in $(exports); do
        declared "$symbol" || { echo "exported, but in no header: $symbol"; return 1; }
    done
}

exports_all_that_headers_declare() {
    exports >"$work/exports"
    for symbol in $(nm -g --defined-only --format=posix "$prefix/lib/libasync-memcpy.a" | awk 'NF > 2 {print $1}'); do
        if declared "$symbol" && ! grep -qx "$symbol" "$work/exports"; then
            echo "in a header, but not exported: $symbol"
            return 1
        fi
    done
}

# each_header COMMAND...: the command compiles a file that includes just one header.
each_header() {
    for header in $(cd "$headers" && find . -name '*.h' | sed 's|^\./||'); do
        # shellcheck disable=SC2086
        echo "#include \"$header\"" | "$@" $strict -I"$headers" -fsyntax-only - || return 1
    done
}

program_runs() {
    head -c 100000 /dev/urandom >"$work/from"
    env -u LD_LIBRARY_PATH "$prefix/bin/async-memcpy" info &&
        env -u LD_LIBRARY_PATH "$prefix/bin/async-memcpy" copy "$work/from" "$work/to" &&
        cmp "$work/from" "$work/to"
}

says_copied() {
    [ "$("$@")" = copied ]
}

# with_pkg_config NAME COMPILER SOURCE SHARED|STATIC
with_pkg_config() {
    flags="$(pkg-config --cflags async-memcpy)"
    libraries="$(pkg-config --libs async-memcpy) -Wl,-rpath,$prefix/lib"
    [ "$4" = STATIC ] && libraries="-static $(pkg-config --static --libs async-memcpy)"
    # shellcheck disable=SC2086
    $2 $strict $flags "$work/consumer/$3" -o "$work/$1" $libraries && says_copied "$work/$1"
}

with_cmake() {
    cmake -G Ninja -S "$work/consumer/cmake" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix" \
        -DCMAKE_C_FLAGS="$strict" -DCMAKE_CXX_FLAGS="$strict" && cmake --build "$work/cmake" || return 1
    for program in c-shared c-static cxx-shared; do
        says_copied "$work/cmake/$program" || { echo "$program failed"; return 1; }
    done
}

moved_elsewhere() {
    mv "$prefix" "$work/moved" && prefix=$work/moved && export PKG_CONFIG_PATH="$prefix/lib/pkgconfig" &&
        program_runs && with_pkg_config moved-c "gcc -std=c11" consumer.c SHARED
}

echo 1..15
case_of "installs" installs
case_of "everything is in its place" everything_in_its_place
case_of "nothing else is installed" nothing_else
case_of "the shared library is versioned" versioned
case_of "no private name is exported" exports_only_what_headers_declare
case_of "every public function is exported" exports_all_that_headers_declare
case_of "each header compiles alone as C11" each_header gcc -std=c11 -x c
case_of "each header compiles alone as C++17" each_header g++ -std=c++17 -x c++
case_of "the program runs" program_runs
case_of "pkg-config, C, shared" with_pkg_config pc-c "gcc -std=c11" consumer.c SHARED
case_of "pkg-config, C, static" with_pkg_config pc-c-static "gcc -std=c11" consumer.c STATIC
case_of "pkg-config, C++, shared" with_pkg_config pc-cxx "g++ -std=c++17" consumer.cpp SHARED
case_of "pkg-config, C++, static" with_pkg_config pc-cxx-static "g++ -std=c++17" consumer.cpp STATIC
case_of "CMake package, C and C++, shared and static" with_cmake
case_of "the folder can be moved" moved_elsewhere
[ "$failures" -eq 0 ]
