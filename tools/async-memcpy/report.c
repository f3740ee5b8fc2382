/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"
#include <inttypes.h>
#include <stdio.h>

#define BUS_MHZ 32 /* the ESP32-H2's AHB, nominally */

/* Bytes per nanosecond are gigabytes per second. */
static void print_rate(const char *what, off_t size, uint64_t ns, const char *how)
{
    if (ns == 0) {
        printf("%-16s -\n", what);
    } else {
        printf("%-16s %.2f GB/s, %s\n", what, (double)size / (double)ns, how);
    }
}

/* A call that began in the copy phase may end after it. */
static double free_percent(const struct report *report)
{
    double busy = report->copy_ns == 0 ? 0 : (double)report->call_ns / (double)report->copy_ns;
    return busy > 1 ? 0 : 100 * (1 - busy);
}

static void print_rates(const struct report *report, off_t size)
{
    print_rate("through the API", size, report->copy_ns, "the main thread hashing beside it");
    print_rate("plain memcpy", size, report->memcpy_ns, "the same requests, nothing beside it");
    if (report->copy_ns != 0) {
        printf("%-16s %.1f %% free while the copies ran\n", "main thread", free_percent(report));
    }
}

static void print_chip(const struct report *report, off_t size)
{
    const async_memcpy_chip_counters_t *chip = &report->chip;
    printf("%-16s through the chip's memory, %zu bytes each\n", "pieces", report->piece);
    printf("%-16s %" PRIu64, "bus cycles", chip->bus_cycles);
    if (chip->bus_cycles != 0) {
        printf(", %.1f %% of them moved data", 100 * (double)chip->data_cycles / (double)chip->bus_cycles);
    }
    printf("\n%-16s %" PRIu64 "\n", "interrupts", chip->interrupts);
    if (chip->bus_cycles != 0) {
        printf("%-16s %.1f MB/s at a bus clock of %d MHz\n", "model",
               (double)size * BUS_MHZ / (double)chip->bus_cycles, BUS_MHZ);
    }
    printf("%-16s took %.3f s here\n", "simulation", (double)report->copy_ns / 1e9);
}

void report_print(const struct report *report, off_t size, const char *engine, uint32_t backlog)
{
    printf("%-16s %jd, in %" PRIu64 " requests\n", "bytes", (intmax_t)size, report->requests);
    printf("%-16s %s, backlog %" PRIu32 "\n", "engine", engine, backlog);
    if (report->piece == 0) {
        print_rates(report, size);
    } else {
        print_chip(report, size);
    }
    printf("%-16s %s\n", "SHA-256", report->target_hash);
    printf("%-16s source and destination agree\n", "verified");
}
