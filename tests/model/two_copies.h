/* SPDX-License-Identifier: Apache-2.0 */
/* A copy at work, and a second one that may be appended to its lists. */
#ifndef TWO_COPIES_H
#define TWO_COPIES_H

#include "bench.h"

/* The first: 64 bytes, at work or done; RX nodes 0 and 1 and the second TX node lie ready, not linked yet. */
void first_copy(uint32_t conf1);

/* Link the second, of 16 bytes; have both directions look again. */
void link_both(void);
void restart_both(void);

bool second_copy_is_done(void);

#endif
