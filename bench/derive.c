/* SPDX-License-Identifier: Apache-2.0 */
#include "derive.h"

#include <math.h>
#include <stddef.h>

#include "limits.h"
#include "samples.h"
#include "sizes.h"

static void add(const char *figure, const char *subject, size_t size, unsigned depth, double value)
{
    if (!isnan(value)) {
        samples_add(figure, subject, size, depth, value);
    }
}

static void derive_limits(size_t size)
{
    add("cold", "one_thread", size, sizes_depth(size), samples_median(limits_best("limit_1", size)));
    add("cold", "two_threads", size, sizes_depth(size), samples_median(limits_best("limit_2", size)));
}

static void derive_ratios(const char *figure, size_t size, unsigned depth)
{
    const struct series *ours = samples_find(figure, "ours", size, depth);
    const struct series *flagged = samples_find(figure, "flagged", size, depth);
    const struct series *batched = samples_find(figure, "batched", size, depth);
    const struct series *best = samples_median(flagged) > samples_median(batched) ? flagged : batched;
    add(figure, "by_B", size, depth, samples_ratio(ours, best));
    add(figure, "by_memcpy", size, depth, samples_ratio(ours, samples_find(figure, "memcpy", size, depth)));
}

static void derive_kept(size_t size)
{
    unsigned depth = sizes_keep_depth(size);
    double made = samples_median(samples_find("kept_rate", "ours", size, depth));
    double possible = samples_median(samples_find("cold", "memcpy", size, sizes_depth(size)));
    double kept = 1 - made / possible;
    add("kept", "memcpy", size, depth, kept < 0 ? 0 : kept);
}

void derive_all(void)
{
    for (const size_t *size = sizes; *size != 0; size++) {
        derive_limits(*size);
        derive_ratios("hot", *size, sizes_depth(*size));
        derive_ratios("cold", *size, sizes_depth(*size));
        derive_kept(*size);
    }
}
