/* SPDX-License-Identifier: Apache-2.0 */
/* Ending a program whose use of these names is wrong in a way that could only hang or crash. */
#ifndef COMPAT_STOP_H
#define COMPAT_STOP_H

#define COMPAT_STOP_STATUS 134 /* what a shell sees of a program that abort() ended */

/* A line on the UART, then the end of the run. The format has no newline. Any context. */
void compat_stop(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* In interrupt context: stop, naming this call and the address of the callback that made it. */
void compat_task_only(const char *call);

/* The end of a run that failed, with that status: given by the start-up code, which knows whom to tell. */
void stop_run(void) __attribute__((noreturn));

#endif
