/* SPDX-License-Identifier: Apache-2.0 */
/* Where no way past the cache is known: the C library's. */
#include "streaming.h"

#include <string.h>

static bool always(void)
{
    return true;
}

static void plain(char *dst, const char *src, size_t n)
{
    memcpy(dst, src, n);
}

const struct streaming streaming[] = {{"memcpy", always, plain}, {NULL, NULL, NULL}};
