/* SPDX-License-Identifier: Apache-2.0 */
/* The code under exploration, in one unit so that the explorer reaches its statics. Mutants replace one of
 * the first four. */
#ifndef SUBJECT_DRIVER
#define SUBJECT_DRIVER "../../src/async_memcpy.c"
#endif
#ifndef SUBJECT_BATCH
#define SUBJECT_BATCH "../../src/batch.c"
#endif
#ifndef SUBJECT_INSTALL
#define SUBJECT_INSTALL "../../src/install.c"
#endif
#ifndef SUBJECT_ENGINE
#define SUBJECT_ENGINE "../../src/engine/gdma.c"
#endif
/* NOLINTBEGIN(bugprone-suspicious-include) */
#include SUBJECT_DRIVER
#include SUBJECT_INSTALL
#include SUBJECT_ENGINE
#include SUBJECT_BATCH
#include "../../src/engine/gdma_etm.c"
#include "../../src/events.c"
#include "../../src/waiting.c"
/* NOLINTEND(bugprone-suspicious-include) */
#include "world.h"

const struct region subject_statics = {pair_users, sizeof pair_users};

void subject_set_segment(async_memcpy_t driver, uint32_t bytes)
{
    ((struct gdma_engine *)driver->engine)->node_max = (uint16_t)bytes;
}

unsigned subject_nodes(async_memcpy_t driver)
{
    const struct gdma_engine *engine = (const struct gdma_engine *)driver->engine;
    return (unsigned)(engine->last - gdma_first(engine)) + 1;
}

bool subject_holds_pairs(void)
{
    for (unsigned pair = 0; pair < CHIP_GDMA_PAIRS; pair++) {
        if (pair_users[pair] != NULL) {
            return true;
        }
    }
    return false;
}
