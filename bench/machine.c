/* SPDX-License-Identifier: Apache-2.0 */
#include "machine.h"

#include <gnu/libc-version.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "cpus.h"
#include "dpdk.h"

static double load_before;

static double load(void)
{
    double average = 0;
    return getloadavg(&average, 1) == 1 ? average : 0;
}

void machine_note_load(void)
{
    load_before = load();
}

/* The value of a line "name : value" of a file of /proc; or "unknown". */
static void read_value(const char *path, const char *name, char *value, size_t size)
{
    char line[256];
    snprintf(value, size, "unknown");
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        char *colon = strchr(line, ':');
        if (strncmp(line, name, strlen(name)) == 0 && colon != NULL) {
            line[strcspn(line, "\n")] = '\0';
            snprintf(value, size, "%s", colon + 1 + strspn(colon + 1, " \t"));
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

static void print_cache(FILE *out, const char *name, int which)
{
    long size = sysconf(which);
    if (size > 0) {
        fprintf(out, ", %s %ld KiB", name, size / 1024);
    }
}

void machine_print(FILE *out)
{
    char model[128], memory[64];
    read_value("/proc/cpuinfo", "model name", model, sizeof model);
    read_value("/proc/meminfo", "MemTotal", memory, sizeof memory);
    struct utsname kernel;
    uname(&kernel);
    char date[32];
    time_t now = time(NULL);
    strftime(date, sizeof date, "%Y-%m-%d", gmtime(&now));
    fprintf(out, "date      %s\n", date);
    fprintf(out, "machine   %s, %d CPUs for this process, memory %s", model, cpus_count(), memory);
    print_cache(out, "L1", _SC_LEVEL1_DCACHE_SIZE);
    print_cache(out, "L2", _SC_LEVEL2_CACHE_SIZE);
    print_cache(out, "L3", _SC_LEVEL3_CACHE_SIZE);
    fprintf(out, "\nkernel    %s %s\n", kernel.sysname, kernel.release);
    fprintf(out, "compiler  %s, glibc %s, %s\n", __VERSION__, gnu_get_libc_version(), dpdk_version());
    fprintf(out, "load      %.2f before, %.2f after\n", load_before, load());
    fprintf(out, "pinned    %s\n",
            cpus_count() > 1 ? "the caller to the first CPU, every worker to the second"
                             : "nothing: there is one CPU");
}
