/* SPDX-License-Identifier: Apache-2.0 */
/* Start-up and the end of a run. */
#ifndef FIRMWARE_START_H
#define FIRMWARE_START_H

#include <stddef.h>

/* Bytes of the stack that were in use at the deepest moment. */
size_t stack_used(void);

#endif
