/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copying with a chip's DMA, which reaches the chip's memory only: piece by piece through buffers there.
 *
 *   source page ── CPU ──▶ buffer ── DMA ──▶ buffer ── CPU ──▶ destination page
 *                  load            copy              store
 *
 * There is one pair of buffers more than the backlog has slots: a piece is loaded and waits while all slots
 * are taken, so that the backlog stays full. In what time is left the main thread hashes.
 */
#ifndef STAGED_H
#define STAGED_H

#include <stdbool.h>
#include "report.h"

/* To declare at install, so that the DMA moves data in bursts: odd sizes are rounded up inside the buffers.
 */
#define STAGED_ALIGN 4

/* Copy size bytes with a driver of this backlog; true: every copy succeeded. Otherwise the message is
 * printed. */
bool staged_run(async_memcpy_t driver, uint32_t backlog, int source, int target, off_t size,
                struct report *report);

#endif
