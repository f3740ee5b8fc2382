/* SPDX-License-Identifier: Apache-2.0 */
#include "moments.h"

#include <pthread.h>
#include "port.h"

struct moment {
    moment_action action;
    void *argument;
};

static _Thread_local struct moment at_timeout, before_lock, after_unlock, in_pause;

void moment_at_timeout(moment_action action, void *argument)
{
    at_timeout = (struct moment){action, argument};
}

void moment_before_lock(moment_action action, void *argument)
{
    before_lock = (struct moment){action, argument};
}

void moment_after_unlock(moment_action action, void *argument)
{
    after_unlock = (struct moment){action, argument};
}

void moment_in_pause(moment_action action, void *argument)
{
    in_pause = (struct moment){action, argument};
}

/* Has the moment come? Then it has gone before the action begins, which may wait and lock as well. */
static void pass(struct moment *moment)
{
    struct moment now = *moment;
    moment->action = NULL;
    if (now.action != NULL) {
        now.action(now.argument);
    }
}

bool __real_port_event_wait(struct port_event *event, uint32_t key, int64_t deadline);
bool __wrap_port_event_wait(struct port_event *event, uint32_t key, int64_t deadline);
bool __wrap_port_event_wait(struct port_event *event, uint32_t key, int64_t deadline)
{
    if (at_timeout.action == NULL) {
        return __real_port_event_wait(event, key, deadline);
    }
    bool signalled = __real_port_event_wait(event, key, 0);
    pass(&at_timeout);
    return signalled;
}

int __real_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex)
{
    pass(&before_lock);
    return __real_pthread_mutex_lock(mutex);
}

int __real_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    int error = __real_pthread_mutex_unlock(mutex);
    pass(&after_unlock);
    return error;
}

void __real_port_pause(void);
void __wrap_port_pause(void);
void __wrap_port_pause(void)
{
    pass(&in_pause);
    __real_port_pause();
}
