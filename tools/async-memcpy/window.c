/* SPDX-License-Identifier: Apache-2.0 */
#include "window.h"
#include <err.h>
#include <sys/mman.h>
#include <unistd.h>
#include "stop.h"

static void read_each_page(const volatile unsigned char *memory, size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    for (size_t at = 0; at < size; at += page) {
        (void)memory[at];
    }
}

/* For memory that holds nothing yet. */
static void write_each_page(volatile unsigned char *memory, size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    for (size_t at = 0; at < size; at += page) {
        memory[at] = 0;
    }
}

bool window_open(struct window *window, int source, int target, off_t offset, size_t size)
{
    window->size = size;
    window->source = mmap(NULL, size, PROT_READ, MAP_SHARED, source, offset);
    if (window->source == MAP_FAILED) {
        warn("cannot map the source");
        return false;
    }
    window->target = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, target, offset);
    if (window->target == MAP_FAILED) {
        warn("cannot map the destination");
        munmap(window->source, size);
        return false;
    }
    stop_target_memory(window->target, size);
    read_each_page(window->source, size);
    write_each_page(window->target, size);
    return true;
}

void window_close(struct window *window)
{
    stop_target_memory(NULL, 0);
    munmap(window->source, window->size);
    munmap(window->target, window->size);
}

unsigned char *window_scratch(size_t size)
{
    unsigned char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        warn("cannot get %zu bytes of memory", size);
        return NULL;
    }
    write_each_page(memory, size);
    return memory;
}
