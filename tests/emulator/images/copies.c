/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shape of the API, for pictures: four calls, of which one is refused, one fails and one has no callback.
 * NO_DONE: neither the driver's report of a copy without a callback, nor results for callbacks.
 */
#include "board.h"

#define REFUSED 0x102u
#define FAILED  UINT32_MAX

typedef bool (*callback_t)(void *driver, void *event, void *argument);

struct result {
    uint32_t status;
    uint32_t size;
    void *dst;
    void *src;
};

struct request {
    void *dst;
    void *src;
    uint32_t n;
    callback_t callback;
    void *argument;
    uint32_t status;
};

static struct request requests[8];
static volatile unsigned accepted;
static volatile unsigned done;
static int driver;

uint32_t __attribute__((noinline))
esp_async_memcpy(void *handle, void *dst, void *src, uint32_t n, callback_t callback, void *argument)
{
    (void)handle;
    if (n == 0) {
        return REFUSED;
    }
    requests[accepted] = (struct request){dst, src, n, callback, argument, n == 13 ? FAILED : 0};
    accepted++;
    *(volatile char *)dst = 1;
    return 0;
}

#ifdef NO_DONE
#define NAME(name) other_##name
#else
#define NAME(name) name
#endif

void __attribute__((noinline)) NAME(end_quietly)(void *handle, const struct request *request, uint32_t status)
{
    __asm__ volatile("" ::"r"(handle), "r"(request), "r"(status));
}

static void end(const struct request *request)
{
    if (request->callback == NULL) {
        NAME(end_quietly)(&driver, request, request->status);
        return;
    }
#ifdef NO_DONE
    request->callback(&driver, NULL, request->argument);
#else
    struct result result = {request->status, request->n, request->dst, request->src};
    struct result *event = &result;
    request->callback(&driver, &event, request->argument);
#endif
}

void interrupt(uint32_t cause, uint32_t *saved)
{
    (void)cause;
    (void)saved;
    wr(intpri_from_cpu(0), 0);
    while (done < accepted) {
        end(&requests[done++]);
    }
}

static bool count(void *handle, void *event, void *argument)
{
    (void)handle;
    (void)event;
    ++*(volatile int *)argument;
    return false;
}

int main(void)
{
    static char to[64];
    static char from[64];
    static volatile int counts[2];

    route(CHIP_FROM_CPU_SOURCE, 1, 1);
    esp_async_memcpy(&driver, to, from, 10, count, (void *)&counts[0]);
    esp_async_memcpy(&driver, to, from, 0, count, (void *)&counts[0]);
    esp_async_memcpy(&driver, to, from, 12, NULL, NULL);
    esp_async_memcpy(&driver, to, from, 13, count, (void *)&counts[1]);
    unmask(MIE);
    wr(intpri_from_cpu(0), 1);
    while (counts[1] == 0) {
    }
    esp_async_memcpy(&driver, to, from, 14, count, (void *)&counts[1]); /* never over */
    say("done", done);
    return 0;
}
