/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks that the rows share of engines which complete copies on a thread of their own and reach all memory.
 */
#ifndef HOSTED_H
#define HOSTED_H

#include "row.h"

void *hosted_alloc(size_t size, size_t align);

/* By an interrupt that does not end, the copy that brought it being over. */
void hosted_hold(async_memcpy_t driver);
void hosted_hold_beside_callers(async_memcpy_t driver); /* by a copy that no submitter makes itself */
void hosted_release(void);

/* By a function task. */
void hosted_count_begin(unsigned counter, esp_etm_event_handle_t event);
unsigned long hosted_count(unsigned counter);
void hosted_count_end(unsigned counter);

#endif
