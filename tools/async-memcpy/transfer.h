/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The copying itself, on engines that reach all memory. Per window of the file:
 *
 *   main thread  submit … hash … submit … hash … │ hash the rest │ memcpy to scratch
 *   engine       copy copy copy copy copy copy … │               │
 *                ◀──────── copy phase ─────────▶                  ◀─ memcpy phase ─▶
 *
 * "hash": SHA-256 of the source, and of the destination as far as the copies have completed.
 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include <stdbool.h>
#include "report.h"

/* Copy size bytes; true: every copy succeeded. Otherwise the message is printed. */
bool transfer_run(async_memcpy_t driver, int source, int target, off_t size, struct report *report);

#endif
