/* SPDX-License-Identifier: Apache-2.0 */
#include "faults.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include "port.h"

static atomic_uint alloc_countdown;
static atomic_bool alloc_failed;
static atomic_long live_blocks;
static atomic_bool threads_refused;
static atomic_uint thread_countdown;
static atomic_ulong yields;

void faults_fail_alloc(unsigned countdown)
{
    alloc_failed = false;
    alloc_countdown = countdown;
}

bool faults_alloc_failed(void)
{
    return alloc_failed;
}

long faults_live_blocks(void)
{
    return live_blocks;
}

void faults_refuse_threads(bool refuse)
{
    threads_refused = refuse;
}

void faults_fail_thread(unsigned countdown)
{
    thread_countdown = countdown;
}

unsigned long faults_yields(void)
{
    return yields;
}

void *__real_port_alloc(size_t size, size_t align, bool dma);
void *__wrap_port_alloc(size_t size, size_t align, bool dma);
void *__wrap_port_alloc(size_t size, size_t align, bool dma)
{
    if (alloc_countdown != 0 && --alloc_countdown == 0) {
        alloc_failed = true;
        return NULL;
    }
    void *memory = __real_port_alloc(size, align, dma);
    live_blocks += memory != NULL;
    return memory;
}

void __real_port_free(void *memory);
void __wrap_port_free(void *memory);
void __wrap_port_free(void *memory)
{
    live_blocks -= memory != NULL;
    __real_port_free(memory);
}

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                          void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                          void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                          void *argument)
{
    bool fails = thread_countdown != 0 && --thread_countdown == 0;
    return threads_refused || fails ? EAGAIN : __real_pthread_create(thread, attributes, start, argument);
}

static _Thread_local bool yield_asked_for;
static _Thread_local void (*at_end)(void);

void faults_at_end_of_interrupt(void (*action)(void))
{
    at_end = action;
}

void __real_port_isr_yield(void);
void __wrap_port_isr_yield(void);
void __wrap_port_isr_yield(void)
{
    yield_asked_for = true;
    __real_port_isr_yield();
}

void __real_port_isr_leave(void);
void __wrap_port_isr_leave(void);
void __wrap_port_isr_leave(void)
{
    yields += yield_asked_for;
    yield_asked_for = false;
    void (*action)(void) = at_end;
    at_end = NULL;
    if (action != NULL) {
        action();
    }
    __real_port_isr_leave();
}
