/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of an arena's list, from the system's allocator. */
#include <stdlib.h>

#include "arena.h"

struct arena_block *arena_new_block(void)
{
    return calloc(1, sizeof(struct arena_block));
}

void arena_drop_block(struct arena_block *block)
{
    free(block);
}
