#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# No space for the copy: said before anything is copied, and nothing stays behind.
. "${0%/*}/tap.sh"

random_file source 3000000
echo "an older copy" >copy

# In a name space of its own, where a small disk can be had without disturbing anybody.
on_small_disk() {
    if [ "$(id -u)" -eq 0 ]; then
        unshare --mount -- "$@"
    else
        unshare --user --map-root-user --mount -- "$@"
    fi
}

mkdir disk
cat >small_disk.sh <<'SCRIPT'
mount -t tmpfs -o size=1m small disk || exit 77
[ -n "$2" ] || exit 0
echo "an older copy" >disk/copy
"$1" copy source disk/copy
status=$?
[ "$(ls -A disk)" = copy ] && [ "$(cat disk/copy)" = "an older copy" ] || exit 99
exit $status
SCRIPT

full_disk() {
    fails_and_leaves_all "No space left" on_small_disk sh small_disk.sh "$program" copy
}

cat >limited.sh <<'SCRIPT'
ulimit -f 100
exec "$@"
SCRIPT

# The limit is in blocks of 512 or 1024 bytes, as the shell likes; the copy is beyond either.
size_limit() {
    fails_and_leaves_all "File too large" sh limited.sh "$program" copy source copy
}

if on_small_disk sh small_disk.sh "$program" '' >/dev/null 2>&1; then
    check "a full disk" full_disk
else
    skip "a full disk" "no right to mount a small one"
fi
check "a limit on the size of files" size_limit
finish
