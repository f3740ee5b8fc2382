/* SPDX-License-Identifier: Apache-2.0 */
/* An idle driver costs nothing. */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>

#include "group.h"

/* Nanoseconds of CPU that all threads of this process have used. */
static uint64_t cpu_ns(void)
{
    DIR *dir = opendir("/proc/self/task");
    uint64_t sum = 0;
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char path[300];
        uint64_t ns = 0;
        snprintf(path, sizeof path, "/proc/self/task/%s/schedstat", entry->d_name);
        FILE *file = entry->d_name[0] != '.' ? fopen(path, "r") : NULL;
        if (file != NULL) {
            assert_int_equal(fscanf(file, "%" SCNu64, &ns), 1);
            fclose(file);
        }
        sum += ns;
    }
    closedir(dir);
    return sum;
}

static void idle_driver_uses_no_cpu(void **state)
{
    (void)state;
    if (is_quick()) {
        print_message("measured without sanitizers only\n");
        skip();
    }
    async_memcpy_t driver = install(8);
    struct areas areas;
    areas_open(&areas, 100000 < row.max_size ? 100000 : row.max_size);
    for (unsigned long i = 0; i < times(1000, 1000); i++) {
        assert_ok(esp_memcpy_blocking(driver, areas.oracle.dst, areas.oracle.src, areas.oracle.n, -1));
    }
    sleep_ms(1000);
    uint64_t before = cpu_ns();
    assert_true(before > 1000000); /* the copies have been counted */
    sleep_ms(5000);
    assert_in_range(cpu_ns() - before, 0, 5000000); /* 0.1 % of 5 s, this thread's own looking included */
    areas_close(&areas);
    uninstall(driver);
}

GROUP(idle, cmocka_unit_test(idle_driver_uses_no_cpu));
