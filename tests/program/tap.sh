# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Read by the tests beside it: an empty folder to work in, cases, and the words they are written in.
# Each test is called with the program to test as its only argument.
set -u
program=$1
[ -e "$program" ] || exit 2
cases=0
failures=0
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1

# check NAME COMMAND...: one case, passed if the command succeeds; what it printed is shown if not.
check() {
    cases=$((cases + 1))
    name=$1
    shift
    if "$@" >"$folder.log" 2>&1; then
        echo "ok $cases - $name"
    else
        echo "not ok $cases - $name"
        sed 's/^/# /' "$folder.log"
        failures=$((failures + 1))
    fi
    rm -f "$folder.log"
}

# skip NAME WHY
skip() {
    cases=$((cases + 1))
    echo "ok $cases - $1 # SKIP $2"
}

# The last command of a test.
finish() {
    echo "1..$cases"
    [ "$failures" -eq 0 ]
}

# random_file NAME SIZE
random_file() {
    head -c "$2" /dev/urandom >"$1"
}

# status_is STATUS COMMAND...: output goes to the files out and err, beside the folder's own content.
status_is() {
    expected=$1
    shift
    "$@" >"$folder.out" 2>"$folder.err"
    actual=$?
    cat "$folder.out" "$folder.err"
    [ "$actual" -eq "$expected" ] || {
        echo "status $actual instead of $expected"
        return 1
    }
}

# says FILE WORDS: the last command's out or err contains the words.
says() {
    grep -qF -e "$2" "$folder.$1" || {
        echo "std$1 does not say: $2"
        return 1
    }
}

# Names, kinds, permissions and content of all there is, so that two moments can be compared.
everything() {
    find . -exec ls -ldn --time-style=+ {} + | sort
    find . -type f -exec cat {} + 2>/dev/null | cksum
}

# fails_and_leaves_all WORDS COMMAND...: status 1, a message with these words, and nothing changed in the folder.
fails_and_leaves_all() {
    words=$1
    shift
    before=$(everything)
    status_is 1 "$@" && says err "async-memcpy: " && says err "$words" || return 1
    [ "$before" = "$(everything)" ] || {
        printf 'before:\n%s\nafter:\n%s\n' "$before" "$(everything)"
        return 1
    }
}
