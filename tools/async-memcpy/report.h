/* SPDX-License-Identifier: Apache-2.0 */
/* What there is to tell about a copy. */
#ifndef REPORT_H
#define REPORT_H

#include <stdint.h>
#include <sys/types.h>
#include "esp_async_memcpy_ext.h"
#include "sha256.h"

struct report {
    uint64_t requests;
    uint64_t copy_ns; /* copy phases: first submit to last completion */
    char source_hash[SHA256_TEXT];
    char target_hash[SHA256_TEXT];

    /* On engines that reach all memory (transfer.h) */
    uint64_t call_ns;   /* of copy_ns, the main thread was inside calls of the API */
    uint64_t memcpy_ns; /* memcpy phases: the same requests through memcpy() */

    /* On engines of the chip (staged.h) */
    size_t piece;                      /* bytes of a full request; 0: not such an engine */
    async_memcpy_chip_counters_t chip; /* what the chip did for this copy */
};

/* For a copy that went well. */
void report_print(const struct report *report, off_t size, const char *engine, uint32_t backlog);

#endif
