/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "limits.h"
#include "samples.h"

enum { MAX_COLUMNS = 20 };

static const struct title {
    const char *figure;
    const char *text;
} titles[] = {
    {"submit", "Caller's time per submitted copy, window full, ns"},
    {"hot", "Throughput, hot, GB/s"},
    {"cold", "Throughput, cold, GB/s"},
    {"limit_1", "Limit: copies past the cache by one thread, cold, GB/s"},
    {"limit_2", "Limit: copies past the cache by two threads at once, cold, GB/s"},
    {"pingpong", "Limit: a cache line from one CPU to the other, ns"},
    {"awake", "Latency, worker awake, ns"},
    {"idle", "Latency after 2 ms without work, ns"},
    {"kept", "Part of the caller's own work that gets done beside the copies"},
    {"kept_rate", "The copies meanwhile, GB/s"},
    {"rest", "CPUs used when there is nothing to copy"},
    {"threads", "Submitting threads (in the column of depth), GB/s"},
    {"shares", "Submitting threads: most copies of one by the least of another"},
};

/* ---- Tables ---- */

struct columns {
    const char *subjects[MAX_COLUMNS];
    unsigned count;
};

static void add_column(struct columns *columns, const char *subject)
{
    for (unsigned i = 0; i < columns->count; i++) {
        if (strcmp(columns->subjects[i], subject) == 0) {
            return;
        }
    }
    if (columns->count < MAX_COLUMNS) {
        columns->subjects[columns->count++] = subject;
    }
}

static bool is_first_of_row(size_t index)
{
    const struct series *row = samples_at(index);
    for (size_t i = 0; i < index; i++) {
        const struct series *series = samples_at(i);
        if (strcmp(series->figure, row->figure) == 0 && series->size == row->size &&
            series->depth == row->depth) {
            return false;
        }
    }
    return true;
}

static void print_row(FILE *out, const struct series *row, const struct columns *columns)
{
    fprintf(out, "%9zu %5u", row->size, row->depth);
    for (unsigned i = 0; i < columns->count; i++) {
        double median =
            samples_median(samples_find(row->figure, columns->subjects[i], row->size, row->depth));
        if (isnan(median)) {
            fprintf(out, " %15s", "-");
        } else {
            fprintf(out, " %15.4g", median);
        }
    }
    fputc('\n', out);
}

static void print_table(FILE *out, const struct title *title)
{
    struct columns columns = {.count = 0};
    const struct series *series;
    for (size_t i = 0; (series = samples_at(i)) != NULL; i++) {
        if (strcmp(series->figure, title->figure) == 0) {
            add_column(&columns, series->subject);
        }
    }
    if (columns.count == 0) {
        return;
    }
    fprintf(out, "\n%s\n%9s %5s", title->text, "size", "depth");
    for (unsigned i = 0; i < columns.count; i++) {
        fprintf(out, " %15s", columns.subjects[i]);
    }
    fputc('\n', out);
    for (size_t i = 0; (series = samples_at(i)) != NULL; i++) {
        if (strcmp(series->figure, title->figure) == 0 && is_first_of_row(i)) {
            print_row(out, series, &columns);
        }
    }
}

void report_tables(FILE *out)
{
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        print_table(out, &titles[i]);
    }
}

void report_csv(FILE *out)
{
    fprintf(out, "figure,subject,size,depth,median,rounds\n");
    const struct series *series;
    for (size_t i = 0; (series = samples_at(i)) != NULL; i++) {
        fprintf(out, "%s,%s,%zu,%u,%.6g", series->figure, series->subject, series->size, series->depth,
                samples_median(series));
        for (unsigned round = 0; round < series->count; round++) {
            fprintf(out, ",%.6g", series->values[round]);
        }
        fputc('\n', out);
    }
}
