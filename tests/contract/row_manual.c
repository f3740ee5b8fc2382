/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manual engine's row. The suite for every engine cannot run on it, as nothing is copied unless the test
 * does it; the tests of its own (manual_*.c) do, and use the suite's scenes.
 */
#include <stdlib.h>

#include "group.h"
#include "manual_engine.h"

static void *alloc(size_t size, size_t align)
{
    return aligned_alloc(align, (size + align - 1) & ~(align - 1));
}

const struct row row = {
    .name = "manual",
    .install = manual_install,
    .alloc = alloc,
    .free = free,
    .max_size = 1 << 20,
    .divisor = 1,
};

#define GROUPS(g) g(manual_install) g(manual_steps) g(manual_results) g(manual_waits) g(manual_moments)

#define DECLARE(theme) extern const struct group theme##_group;
#define LIST(theme)    &theme##_group,

GROUPS(DECLARE)

int main(int argc, char **argv)
{
    static const struct group *const groups[] = {GROUPS(LIST)};
    return run_groups(row.name, groups, sizeof groups / sizeof *groups, argc, argv);
}
