/* SPDX-License-Identifier: Apache-2.0 */
/* The sizes that tables and pictures have, and how many copies are in flight at each. */
#ifndef SIZES_H
#define SIZES_H

#include <stddef.h>

extern const size_t sizes[]; /* ascending, in steps of four; 0 after the last */

unsigned sizes_depth(size_t size);      /* of streams of copies */
unsigned sizes_keep_depth(size_t size); /* beside the caller's own work */

#endif
