#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPEC.md and the tests name each other: check_spec.sh SOURCE
# Every clause names a test, every test named exists, and every test of the contract suite, of the software chip and of
# the DPDK engine is named. A test is a function, or a case of a script, by its words.
set -u
cd "$1" || exit 1
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
number=0

# Clauses and the tests they name, a tab between, one pair a line; a clause without any is paired with "-".
awk '
function finish(    part, i) {
    if (clause == "") return
    gsub(/ +/, " ", text)
    if (!sub(/.* Tests: /, "", text)) { print clause "\t-" }
    else for (i = split(text, part, "`"); i > 0; i--) if (i % 2 == 0) print clause "\t" part[i]
    clause = ""
}
/^- \*\*[0-9]+\.[0-9]+\*\* / { finish(); clause = $2; gsub(/\*/, "", clause); text = ""; clauses++ }
/^$/ || /^#/ { finish() }
clause != "" { text = text " " $0 }
END { finish(); exit clauses == 0 }
' SPEC.md >"$folder/pairs" || printf 'none\t-\n' >"$folder/pairs"

# Test functions registered in these files.
registered() {
    find "$@" -name '*.c' -exec sed -n 's/chip_test(/cmocka_unit_test(/g; s/cmocka_unit_test/\n&/gp' {} + |
        sed -n 's/^cmocka_unit_test[a-z_]*( *\([A-Za-z0-9_]*\).*/\1/p' | sort -u
}

# Cases of scripts.
cases() {
    find tests -name '*.sh' -exec sed -n 's/^ *check "\([^"$]*\)" .*/\1/p' {} +
}

# check WHAT FILE: is the list of faults empty?
check() {
    number=$((number + 1))
    if [ -s "$2" ]; then
        echo "not ok $number - $1"
        sed 's/^/# /' "$2"
    else
        echo "ok $number - $1"
    fi
}

cut -f 2 "$folder/pairs" | sort -u >"$folder/named"
{ registered tests; cases; } | sort -u >"$folder/tests"
registered tests/contract tests/softchip tests/dpdk >"$folder/contract"
grep "$(printf '\t-$')" "$folder/pairs" >"$folder/bare"
grep -vx -e - "$folder/named" | comm -23 - "$folder/tests" >"$folder/missing"
comm -13 "$folder/named" "$folder/contract" >"$folder/unnamed"
sed -n 's/^- \*\*\([0-9.]*\)\*\*.*/\1/p' SPEC.md | sort | uniq -d >"$folder/twice"

echo 1..5
check "every clause names a test" "$folder/bare"
check "every test that a clause names exists" "$folder/missing"
check "every test of the contract suite, of the software chip and of the DPDK engine is named by a clause" "$folder/unnamed"
check "no number is used twice" "$folder/twice"
[ -s "$folder/contract" ] && : >"$folder/empty" || echo "no tests found" >"$folder/empty"
check "there are tests" "$folder/empty"
! cat "$folder/bare" "$folder/missing" "$folder/unnamed" "$folder/twice" "$folder/empty" | grep -q .
