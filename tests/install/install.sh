#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Install into a folder of its own and use that copy alone: install.sh BUILD [dpdk]
# dpdk: the library async-memcpy-dpdk was built, too.
# The consumers are built from a copy too, outside of this tree, so that nothing of it can help them.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../program/tap.sh
. "$here/../program/tap.sh"
build=$1
with_dpdk=${2:-}
work=$folder
prefix=$work/prefix
headers=$prefix/include/async-memcpy
warnings="-Wall -Wextra -Wconversion -Werror"
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"

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
        grep -vE '^(include/async-memcpy/([a-z_/]*/)?[A-Za-z_]+\.h|lib/libasync-memcpy(\.a|(-dpdk)?\.so[.0-9]*)|lib/pkgconfig/async-memcpy(-dpdk)?\.pc|lib/cmake/AsyncMemcpy/[A-Za-z-]+\.cmake|bin/async-memcpy)$'
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

# exported LIBRARY PATTERN: its names, each with its version, that fit
exported() {
    nm -D --defined-only --format=posix "$prefix/lib/$1.so" | sed 's/ .*//' | grep -v '^ASYNC_MEMCPY_' | grep -E "$2"
}

exports() {
    exported libasync-memcpy '@ASYNC_MEMCPY_[0-9]+$' | sed 's/@.*//' | sort -u
}

one_private_name() {
    exported libasync-memcpy '' | grep -vE '@ASYNC_MEMCPY_[0-9]+$' >"$work/private"
    cat "$work/private"
    [ "$(wc -l <"$work/private")" -eq 1 ] && grep -qE '^async_memcpy_core@+ASYNC_MEMCPY_PRIVATE_[0-9.]+$' "$work/private"
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
        printf '#include "%s"\ntypedef int a_file_is_not_empty;\n' "$header" |
            "$@" -Wpedantic $warnings -I"$headers" -fsyntax-only - || return 1
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
    $2 $warnings $flags "$work/consumer/$3" -o "$work/$1" $libraries && says_copied "$work/$1"
}

with_cmake() {
    cmake -G Ninja -S "$work/consumer/cmake" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix" \
        -DCMAKE_C_FLAGS="$warnings" -DCMAKE_CXX_FLAGS="$warnings" && cmake --build "$work/cmake" || return 1
    for program in c-shared c-static cxx-shared; do
        says_copied "$work/cmake/$program" || { echo "$program failed"; return 1; }
    done
}

# What the component dpdk brings, or that nothing of it is there.
dpdk_in_its_place() {
    for file in include/async-memcpy/esp_async_memcpy_dpdk.h lib/libasync-memcpy-dpdk.so lib/pkgconfig/async-memcpy-dpdk.pc \
        lib/cmake/AsyncMemcpy/AsyncMemcpyDpdkTargets.cmake; do
        if [ -n "$with_dpdk" ]; then
            [ -f "$prefix/$file" ] || { echo "missing: $file"; return 1; }
        else
            [ ! -e "$prefix/$file" ] || { echo "should not be there: $file"; return 1; }
        fi
    done
}

dpdk_exports_its_installer_only() {
    exported libasync-memcpy-dpdk '' >"$work/dpdk"
    cat "$work/dpdk"
    [ "$(sed 's/@.*//' "$work/dpdk")" = esp_async_memcpy_install_dpdk ]
}

nobody_else_needs_dpdk() {
    ! ldd "$prefix/lib/libasync-memcpy.so" "$prefix/bin/async-memcpy" | grep librte
}

dpdk_with_pkg_config() {
    # shellcheck disable=SC2046,SC2086
    gcc -std=c11 -D_GNU_SOURCE $warnings $(pkg-config --cflags async-memcpy-dpdk) "$work/consumer/consumer_dpdk.c" \
        -o "$work/dpdk-c" $(pkg-config --libs async-memcpy-dpdk) -Wl,-rpath,"$prefix/lib" && says_copied "$work/dpdk-c"
}

dpdk_with_cmake() {
    cmake -G Ninja -S "$work/consumer/cmake-dpdk" -B "$work/cmake-dpdk" -DCMAKE_PREFIX_PATH="$prefix" \
        -DCMAKE_C_FLAGS="$warnings -D_GNU_SOURCE" && cmake --build "$work/cmake-dpdk" || return 1
    says_copied "$work/cmake-dpdk/c-dpdk"
}

# A component that is not there is said to be missing.
dpdk_is_missed() {
    ! cmake -G Ninja -S "$work/consumer/cmake-dpdk" -B "$work/cmake-dpdk" -DCMAKE_PREFIX_PATH="$prefix" >"$work/missed" 2>&1 &&
        cat "$work/missed" && grep -q 'without its component' "$work/missed"
}

moved_elsewhere() {
    mv "$prefix" "$work/moved" && prefix=$work/moved && export PKG_CONFIG_PATH="$prefix/lib/pkgconfig" &&
        program_runs && with_pkg_config moved-c "gcc -std=c11" consumer.c SHARED
}

check "installs" installs
check "everything is in its place" everything_in_its_place
check "nothing else is installed" nothing_else
check "the shared library is versioned" versioned
check "no private name is exported" exports_only_what_headers_declare
check "every public function is exported" exports_all_that_headers_declare
check "each header compiles alone as C11" each_header gcc -std=c11 -x c
check "each header compiles alone as C++17" each_header g++ -std=c++17 -x c++
check "the program runs" program_runs
check "pkg-config, C, shared" with_pkg_config pc-c "gcc -std=c11" consumer.c SHARED
check "pkg-config, C, static" with_pkg_config pc-c-static "gcc -std=c11" consumer.c STATIC
check "pkg-config, C++, shared" with_pkg_config pc-cxx "g++ -std=c++17" consumer.cpp SHARED
check "pkg-config, C++, static" with_pkg_config pc-cxx-static "g++ -std=c++17" consumer.cpp STATIC
check "CMake package, C and C++, shared and static" with_cmake
check "one private name is exported, for libraries of the same version" one_private_name
check "the component dpdk is there if it was built" dpdk_in_its_place
check "the library and the program need no DPDK" nobody_else_needs_dpdk
if [ -n "$with_dpdk" ]; then
    check "the library for DPDK exports its installer only" dpdk_exports_its_installer_only
    check "DPDK, pkg-config" dpdk_with_pkg_config
    check "DPDK, CMake component" dpdk_with_cmake
else
    check "a component that is not there is missed" dpdk_is_missed
fi
check "the folder can be moved" moved_elsewhere
finish
