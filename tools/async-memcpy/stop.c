/* SPDX-License-Identifier: Apache-2.0 */
#include "stop.h"
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Read by the handlers; written with nothing to be caught half-way: each is one word. */
static const char *volatile temporary;
static volatile uintptr_t target_first;
static volatile size_t target_size;

static const int requests[] = {SIGHUP, SIGINT, SIGTERM};

#define REQUESTS (sizeof requests / sizeof requests[0])

static void remove_temporary(void)
{
    if (temporary != NULL) {
        unlink(temporary);
    }
}

static void on_request(int number)
{
    remove_temporary();
    /* Die of it once this handler returns, so that whoever started the program sees why it ended. */
    signal(number, SIG_DFL);
    raise(number);
}

static void say(const char *message)
{
    ssize_t written = write(STDERR_FILENO, message, strlen(message));
    (void)written; /* nowhere left to complain */
}

/* Runs on the thread that touched the memory: the main thread or an engine's. */
static void on_bus_error(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)context;
    remove_temporary();
    if (isatty(STDERR_FILENO) == 1) {
        say("\n"); /* off the progress bar */
    }
    if ((uintptr_t)info->si_addr - target_first < target_size) {
        say("async-memcpy: the destination's file system could not take the data\n");
    } else {
        say("async-memcpy: the source became shorter while it was being copied, or could not be read\n");
    }
    _exit(EXIT_FAILURE);
}

void stop_watch(void)
{
    struct sigaction action = {.sa_handler = on_request};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < REQUESTS; i++) {
        struct sigaction before;
        sigaction(requests[i], NULL, &before);
        /* Ignored from outside, as nohup does: stays so. */
        if (before.sa_handler != SIG_IGN) {
            sigaction(requests[i], &action, NULL);
        }
    }
    action.sa_sigaction = on_bus_error;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGBUS, &action, NULL);
    /* A file size limit then shows as an error of the call that met it. */
    signal(SIGXFSZ, SIG_IGN);
}

int stop_mkstemp(char *name)
{
    sigset_t held, before;
    sigemptyset(&held);
    for (size_t i = 0; i < REQUESTS; i++) {
        sigaddset(&held, requests[i]);
    }
    /* Between the making of the file and the note of its name no handler may run. */
    sigprocmask(SIG_BLOCK, &held, &before);
    int fd = mkstemp(name);
    if (fd >= 0) {
        temporary = name;
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return fd;
}

void stop_forget(void)
{
    temporary = NULL;
}

void stop_target_memory(const void *first, size_t size)
{
    target_first = (uintptr_t)first;
    target_size = size;
}
