# SPDX-License-Identifier: Apache-2.0
# what: a copy accepted while feeding ends is not fed (B8)
# file: engine
# run: --scene joins
# The flag lies behind the table of pairs, where snapshots find it.
/^static struct gdma_engine \*pair_users/d
/void feed(struct/,/^}/ {
s/^    while (feed_request(engine)) {/    if (pair_users[CHIP_GDMA_PAIRS] != NULL) {\n        return;\n    }\n    pair_users[CHIP_GDMA_PAIRS] = engine;\n&/
s/^}/    pair_users[CHIP_GDMA_PAIRS] = NULL;\n&/
s/^static __attribute__((noinline)) void feed/static struct gdma_engine *pair_users[CHIP_GDMA_PAIRS + 1];\n&/
}
