/* SPDX-License-Identifier: Apache-2.0 */
/* What the port asks about memory by capability. */
#ifndef COMPAT_HEAP_CAPS_PRIVATE_H
#define COMPAT_HEAP_CAPS_PRIVATE_H

#include <stdbool.h>

/* Does this address lie in PSRAM? Two compares. Any context. */
bool heap_caps_is_psram(const void *address);

/* Does it lie in the software chip's own memory? Two compares. Any context. */
bool heap_caps_is_chip(const void *address);

#endif
