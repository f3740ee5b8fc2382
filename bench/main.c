/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "clock.h"
#include "cpus.h"
#include "dpdk.h"
#include "goals.h"
#include "limits.h"
#include "measure.h"
#include "samples.h"

enum { ROUNDS = 9 };

#define HOT(size, depth) ((struct point){size, depth, false})

static void one_round(void)
{
    static const struct subject *const small[] = {&subject_ours, &subject_flagged, &subject_batched};
    for (size_t i = 0; i < 3; i++) {
        measure_submit(small[i], HOT(4096, 64));
        measure_stream(small[i], HOT(64, 512));
        measure_stream(small[i], HOT(1024, 64));
        measure_stream(small[i], HOT(4096, 64));
        measure_stream(small[i], HOT(65536, 8));
        measure_latency(small[i], 64);
        measure_idle_latency(small[i], 4096);
    }
    measure_stream(&subject_callback, HOT(4096, 64));
    measure_stream(&subject_worker, HOT(1024, 64));
    measure_stream(&subject_worker_polled, HOT(1024, 64));
    measure_stream(&subject_memcpy, HOT(65536, 8));
    limits_pingpong();
}

int main(void)
{
    cpus_init();
    clock_calibrate();
    if (!places_init(true) || !dpdk_init()) {
        return EXIT_FAILURE;
    }
    cpus_pin_caller();
    setpriority(PRIO_PROCESS, 0, -20);
    measure_set_patience(15);
    for (unsigned i = 0; i < ROUNDS; i++) {
        one_round();
    }
    const struct series *series;
    for (size_t i = 0; (series = samples_at(i)) != NULL; i++) {
        printf("%-10s %-14s %8zu %4u %10.4g\n", series->figure, series->subject, series->size, series->depth,
               samples_median(series));
    }
    printf("%u measurements, %u of them disturbed\n", measure_count(), measure_disturbed());
    goals_print();
    return EXIT_SUCCESS;
}
