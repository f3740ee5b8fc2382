# SPDX-License-Identifier: Apache-2.0
# what: a copy accepted while feeding ends is not fed (B8)
# file: engine
# run: --scene joins
# The flag lies behind the table of pairs, where snapshots find it.
/^static struct gdma_engine \*pair_users/d
/^static void feed(struct/,/^}/ {
s/^    bool more;/    if (pair_users[CHIP_GDMA_PAIRS] != NULL) {\n        return;\n    }\n    pair_users[CHIP_GDMA_PAIRS] = engine;\n&/
s/^    } while (more);/&\n    pair_users[CHIP_GDMA_PAIRS] = NULL;/
s/^static void feed(struct gdma_engine \*engine)/static struct gdma_engine *pair_users[CHIP_GDMA_PAIRS + 1];\n&/
}
