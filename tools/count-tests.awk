# SPDX-License-Identifier: Apache-2.0
# Count the cases in a log of ctest whose tests print TAP: "PASSED FAILED" on standard output, remarks on standard error.
# Variables: tree (its name), programs (how many tests ctest knows), status (what ctest returned).

function remark(text) {
    print tree ": " text > "/dev/stderr"
}

function finish(ended_well,    missing) {
    missing = planned - ok - not_ok - skipped
    if (planned == 0) {
        remark(name " printed no plan")
        not_ok++
    } else if (missing > 0) {
        remark(name " did not run " missing " of its " planned " cases")
        not_ok += missing
    } else if (!ended_well && not_ok == 0) {
        remark(name " failed outside its cases")
        not_ok++
    }
    passed += ok
    failed += not_ok
    all_skipped += skipped
    seen++
    inside = 0
}

/^ *[0-9]+\/[0-9]+ Testing: / {
    name = $3
    ok = not_ok = skipped = planned = 0
    inside = 1
}
/^1\.\.[0-9]+$/ { planned += substr($0, 4) }
/^(not )?ok [0-9]+.*# SKIP/ {
    skipped++
    remark("skipped: " name ": " $0)
    next
}
/^ok [0-9]+/ { ok++ }
/^not ok [0-9]+/ { not_ok++ }
/^Test (Passed|Failed)\.$/ && inside { finish($2 == "Passed.") }

END {
    if (inside) {
        finish(0)
    }
    if (seen < programs) {
        remark(programs - seen " tests left no result")
        failed += programs - seen
    }
    if (status != 0 && failed == 0) {
        remark("ctest returned " status)
        failed++
    }
    if (all_skipped > 0) {
        remark(all_skipped " cases skipped")
    }
    print passed + 0, failed + 0
}
