# SPDX-License-Identifier: Apache-2.0
# what: a copy accepted while feeding ends is not fed (B8)
# file: engine
# run: --scene joins
# The flag lies behind the table of pairs, where snapshots find it.
/^static struct gdma_engine \*pair_users/d
/^static bool gdma_kick(struct/,/^}/ {
s/^    if (next != NULL && engine->feeding == NULL) {/    if (next != NULL \&\& pair_users[CHIP_GDMA_PAIRS] != NULL) {\n        driver_put_back(base->driver);\n        port_irq_unmask(state);\n        return false;\n    }\n&/
s/^    bool more = .*/&\n    if (more) {\n        pair_users[CHIP_GDMA_PAIRS] = engine;\n    }/
s/^    return more;/    if (!more) {\n        pair_users[CHIP_GDMA_PAIRS] = NULL;\n    }\n&/
s/^static bool gdma_kick(struct engine/static struct gdma_engine *pair_users[CHIP_GDMA_PAIRS + 1];\n&/
}
