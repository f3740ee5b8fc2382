/* SPDX-License-Identifier: Apache-2.0 */
/* What a scene does with the API, each step watched: copies, waits, install, uninstall. */
#ifndef ORACLE_H
#define ORACLE_H

#include <stdint.h>

#include "world.h"

/* Sizes of the copies, in turn. */
void set_sizes(uint32_t first, uint32_t second, uint32_t third);

/* Install driver number `which`; exploring begins with explore_from_here(). */
void install(unsigned which, uint32_t backlog, size_t align);
/* The first so many drivers are installed, and no further copies than these come. */
void explore_from_here(unsigned drivers, unsigned copies);
void uninstall(unsigned which);

/* Submit the next copy, or so many as a batch. A full backlog is fine. */
void submit(void);
void submit_batch(unsigned count);
void submit_timed(int32_t timeout_ms);
void submit_blocking(int32_t timeout_ms);
/* What must be refused is. */
void submit_nonsense(void);

/* Wait for everything accepted by the driver that is submitted to, and see that it has completed. */
void wait_for_all(void);

/* Installing fails for want of this, and nothing is kept. */
void fail_to_install(uint32_t backlog);

/* Count ends of frames in hardware, as an ETM channel and a pin do; false: this chip has no ETM. */
bool count_frames(void);

/* The beginning and the end of every scene. */
void oracle_begin(void);
void oracle_end(void);

#endif
