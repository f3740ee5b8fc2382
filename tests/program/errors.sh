#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A copy that cannot be: status 1, a message that says why, everything as before.
. "${0%/*}/tap.sh"

echo source >source
echo "an older copy" >copy
chmod 0640 copy
mkdir subfolder
mkfifo pipe
ln source hard_link
ln -s source soft_link
ln -s nowhere dangling

refuses() {
    check "$1" fails_and_leaves_all "$2" "$program" copy "$3" "$4"
}

refuses "a missing source" "No such file" missing copy
refuses "a source in a missing folder" "No such file" missing/source copy
refuses "a folder as source" "is a folder" subfolder copy
refuses "a pipe as source" "not a regular file" pipe copy
refuses "a device as source" "not a regular file" /dev/zero copy
refuses "a source that does not tell its size" "does not tell its size" /proc/self/status copy
refuses "a folder as destination" "is a folder" source subfolder
refuses "a folder as destination, with a slash" "is a folder" source subfolder/
refuses "a destination in a missing folder" "No such file" source missing/copy
refuses "a new destination that ends with a slash" "No such file" source new/
refuses "a destination below a file" "Not a directory" source copy/copy
refuses "a pipe as destination" "not a regular file" source pipe
refuses "a device as destination" "not a regular file" source /dev/null
refuses "a symbolic link to nothing as destination" "link to nothing" source dangling
refuses "an empty name as source" "No such file" "" copy
refuses "an empty name as destination" "No such file" source ""
refuses "the source as destination" "is the source itself" source source
refuses "the source as destination, by another path" "is the source itself" source subfolder/../source
refuses "the source as destination, through a hard link" "is the source itself" source hard_link
refuses "the source as destination, through a symbolic link" "is the source itself" source soft_link
refuses "the source as destination, from a symbolic link" "is the source itself" soft_link source

# Permissions do not bind root: these cases run as somebody else then.
as_somebody() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
    else
        "$@"
    fi
}

refuses_somebody() {
    if as_somebody "$program" --version >/dev/null 2>&1; then
        check "$1" fails_and_leaves_all "$2" as_somebody "$program" copy "$3" "$4"
    else
        skip "$1" "nobody else can run the program where it is"
    fi
}

chmod 0777 .
echo secret >secret
chmod 0000 secret
echo fixed >fixed
chmod 0444 fixed
mkdir closed
chmod 0555 closed
refuses_somebody "a source that may not be read" "cannot open 'secret': Permission denied" secret copy
refuses_somebody "a destination that may not be written" "cannot write 'fixed': Permission denied" source fixed
refuses_somebody "a folder that may not be written" "beside 'closed/copy': Permission denied" source closed/copy
finish
