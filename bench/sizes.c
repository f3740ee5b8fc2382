/* SPDX-License-Identifier: Apache-2.0 */
#include "sizes.h"

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)

const size_t sizes[] = {64,        256,     1 * KIB, 4 * KIB,  16 * KIB, 64 * KIB,
                        256 * KIB, 1 * MIB, 4 * MIB, 16 * MIB, 0};

unsigned sizes_depth(size_t size)
{
    return size <= 16 * KIB ? 64 : 8;
}

unsigned sizes_keep_depth(size_t size)
{
    return size < MIB ? 32 : 4;
}
