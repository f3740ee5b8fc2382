/* SPDX-License-Identifier: Apache-2.0 */
/* A progress bar on stderr, if that is a terminal; otherwise nothing at all. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool shown;
    uint64_t total;
    uint64_t next_ns; /* not drawn again before */
};

void progress_begin(struct progress *progress, uint64_t total);
void progress_draw(struct progress *progress, uint64_t done);
/* Leaves the bar as it is and goes to the next line. */
void progress_end(struct progress *progress);

#endif
