/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Moments inside a call of the driver that no test would hit by luck. An action is for the thread that asks
 * for it and runs once; the linker puts these in place of port_event_wait, port_pause and
 * pthread_mutex_(un)lock.
 */
#ifndef MOMENTS_H
#define MOMENTS_H

typedef void (*moment_action)(void *argument);

/* When this thread next waits: the wait ends at once as if its time were up, after the action. */
void moment_at_timeout(moment_action action, void *argument);

/* Before this thread next takes a lock; after it has next given one back. */
void moment_before_lock(moment_action action, void *argument);
void moment_after_unlock(moment_action action, void *argument);

/* When this thread next pauses because others are still inside a call. */
void moment_in_pause(moment_action action, void *argument);

#endif
