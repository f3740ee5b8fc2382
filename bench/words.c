/* SPDX-License-Identifier: Apache-2.0 */
/* From which size on the library pays, computed from what was measured. */
#include "report.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "samples.h"
#include "sizes.h"

static double median(const char *figure, const char *subject, size_t size, unsigned depth)
{
    return samples_median(samples_find(figure, subject, size, depth));
}

/* ns of a copy that the caller makes itself, of cold memory. */
static double copying(size_t size)
{
    return (double)size / median("cold", "memcpy", size, sizes_depth(size));
}

/* ns that the caller loses by a copy that it hands over. */
static double handing_over(size_t size)
{
    unsigned depth = sizes_keep_depth(size);
    double kept = median("kept", "ours", size, depth);
    return fmax(1 - kept, 0) * (double)size / median("kept_rate", "ours", size, depth);
}

static double waiting(size_t size)
{
    return (double)size / median("cold", "blocking", size, 1);
}

static double streaming(size_t size)
{
    return (double)size / median("cold", "ours", size, sizes_depth(size));
}

/* The smallest size from which on the one takes less time than the other at every size measured; 0: none. */
static size_t pays_from(double (*one)(size_t size), double (*other)(size_t size))
{
    size_t from = 0;
    for (const size_t *size = sizes; *size != 0; size++) {
        double a = one(*size), b = other(*size);
        if (isnan(a) || isnan(b)) {
            continue;
        }
        if (a >= b) {
            from = 0;
        } else if (from == 0) {
            from = *size;
        }
    }
    return from;
}

static const char *in_words(size_t size)
{
    static char text[32];
    bool mib = size >= (size_t)1 << 20, kib = size >= 1024;
    snprintf(text, sizeof text, "%zu %s",
             mib   ? size >> 20
             : kib ? size >> 10
                   : size,
             mib   ? "MiB"
             : kib ? "KiB"
                   : "bytes");
    return text;
}

static void tell(FILE *out, const char *who, double (*one)(size_t size), const char *what,
                 double (*other)(size_t size))
{
    size_t from = pays_from(one, other);
    if (from == 0) {
        fprintf(out, "%s: call memcpy; %s takes longer at the largest size measured.\n", who, what);
        return;
    }
    fprintf(out, "%s: from %s on the library pays; there %s takes %.0f ns, memcpy %.0f ns.", who,
            in_words(from), what, one(from), other(from));
    const size_t *size = sizes;
    while (*size != from && size[1] != from) {
        size++;
    }
    if (*size != from) {
        fprintf(out, " At %s and below, call memcpy: %.0f ns, memcpy %.0f ns.", in_words(*size), one(*size),
                other(*size));
    }
    fputc('\n', out);
}

void report_words(FILE *out)
{
    if (samples_find("kept", "ours", sizes[0], sizes_keep_depth(sizes[0])) == NULL) {
        return; /* a quick run does not know */
    }
    fprintf(out, "\nWhen to use the library (cold memory, sizes in steps of four)\n");
    tell(out, "A caller with work of its own", handing_over, "handing a copy over", copying);
    tell(out, "A caller that keeps copies in flight and has nothing else to do", streaming, "a copy",
         copying);
    tell(out, "A caller that waits for each copy", waiting, "esp_memcpy_blocking()", copying);
}
