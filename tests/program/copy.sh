#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `copy` makes identical files, of every size, and says so.
. "${0%/*}/tap.sh"

copies() {
    random_file "source $1" "$1"
    status_is 0 "$program" copy "source $1" "copy $1" &&
        cmp "source $1" "copy $1" &&
        says out "verified" &&
        grep -Eq "^bytes +$1," "$folder.out" &&
        says out "$(sha256sum <"source $1" | cut -d ' ' -f 1)" &&
        [ "$(find . | wc -l)" -eq 3 ]
    result=$?
    rm -f -- *
    return $result
}

reports_rates() {
    random_file source 5000000
    status_is 0 "$program" copy source copy &&
        grep -Eq '^through the API +[0-9]+\.[0-9]+ GB/s' "$folder.out" &&
        grep -Eq '^plain memcpy +[0-9]+\.[0-9]+ GB/s' "$folder.out" &&
        grep -Eq '^main thread +[0-9]+\.[0-9] % free' "$folder.out"
}

engine_and_backlog() {
    random_file source 5000000
    status_is 0 "$program" copy --engine threads --backlog "$1" source copy &&
        cmp source copy && says out "threads, backlog $1"
}

new_file_gets_permissions() {
    echo new >source
    chmod 0755 source
    rm -f copy
    (umask 027 && status_is 0 "$program" copy source copy) && [ "$(stat -c %a copy)" = 750 ]
}

existing_file_keeps_permissions() {
    echo new >source
    echo old >copy
    chmod 0644 source
    chmod 0622 copy
    status_is 0 "$program" copy source copy && cmp source copy && [ "$(stat -c %a copy)" = 622 ]
}

existing_file_keeps_owner() {
    chown 65534:65533 copy
    chmod 4711 copy
    status_is 0 "$program" copy source copy && [ "$(stat -c %u:%g:%a copy)" = 65534:65533:4711 ]
}

follows_links() {
    rm -f copy
    echo new >source
    echo old >copy
    ln -s source from
    ln -s copy to
    status_is 0 "$program" copy from to && cmp source copy && [ -L to ] && [ ! -L copy ]
}

into_other_folder() {
    echo new >source
    mkdir "$folder/a folder"
    status_is 0 "$program" copy ./source "$folder/a folder/copy" && cmp source "a folder/copy" &&
        [ "$(find "a folder" | wc -l)" -eq 2 ]
}

name_with_dash() {
    echo new >-source
    status_is 0 "$program" copy -- -source -copy && cmp ./-source ./-copy
}

for size in 0 1 2 64 4095 4096 4097 65537 1048577 12345678; do
    check "copies a file of $size bytes" copies "$size"
done
# One window and a bit: the file goes through memory in windows of 256 MiB.
check "copies a file of more than one window" copies $((256 * 1024 * 1024 + 4097))
check "reports rates and free time" reports_rates
check "takes engine and backlog 1" engine_and_backlog 1
check "takes engine and backlog 1000" engine_and_backlog 1000
check "a new file gets the source's permissions less the umask" new_file_gets_permissions
check "an existing file keeps its permissions" existing_file_keeps_permissions
if [ "$(id -u)" -eq 0 ]; then
    check "an existing file keeps its owner" existing_file_keeps_owner
else
    skip "an existing file keeps its owner" "only root can give files away"
fi
check "follows symbolic links on both sides" follows_links
check "copies into another folder" into_other_folder
check "takes names that begin with a dash" name_with_dash
finish
