/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The copying itself. Per window of the file:
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
#include <stdint.h>
#include <sys/types.h>
#include "esp_async_memcpy.h"
#include "sha256.h"

struct transfer_report {
    uint64_t requests;
    uint64_t copy_ns;   /* copy phases: first submit to last completion */
    uint64_t call_ns;   /* of which the main thread was inside calls of the API */
    uint64_t memcpy_ns; /* memcpy phases: the same requests through memcpy() */
    char source_hash[SHA256_TEXT];
    char target_hash[SHA256_TEXT];
};

/* Copy size bytes; true: every copy succeeded. Otherwise the message is printed. */
bool transfer_run(async_memcpy_t driver, int source, int target, off_t size, struct transfer_report *report);

#endif
