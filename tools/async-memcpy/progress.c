/* SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"
#include <stdio.h>
#include <unistd.h>
#include "clock.h"

#define CELLS    40
#define PAUSE_NS UINT64_C(100000000)

void progress_begin(struct progress *progress, uint64_t total)
{
    *progress = (struct progress){.shown = isatty(STDERR_FILENO) == 1, .total = total};
}

static void draw(uint64_t done, uint64_t total)
{
    double part = total == 0 ? 1.0 : (double)done / (double)total;
    char bar[CELLS + 1];
    for (int i = 0; i < CELLS; i++) {
        bar[i] = i < (int)(part * CELLS) ? '#' : '.';
    }
    bar[CELLS] = '\0';
    fprintf(stderr, "\r[%s] %3d %% of %.1f MB", bar, (int)(part * 100), (double)total / 1e6);
}

void progress_draw(struct progress *progress, uint64_t done)
{
    if (!progress->shown) {
        return;
    }
    uint64_t now = clock_ns();
    if (now >= progress->next_ns || done == progress->total) {
        draw(done, progress->total);
        progress->next_ns = now + PAUSE_NS;
    }
}

void progress_end(struct progress *progress)
{
    if (progress->shown) {
        fputc('\n', stderr);
    }
}
