/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who runs where, the same for every subject: the caller on the first CPU that this process may use, every
 * worker on the second. A worker is pinned after its library has made it, and its library made it while the
 * caller was free to run anywhere: so no library sees a process with one CPU.
 */
#ifndef CPUS_H
#define CPUS_H

void cpus_init(void);

int cpus_count(void);

/* The calling thread, to the caller's CPU, or to the workers', or to any. */
void cpus_pin_caller(void);
void cpus_pin_worker(void);
void cpus_unpin(void);

/* The calling thread to every CPU but the workers': where more than one thread submits. */
void cpus_pin_submitter(void);

/* Remember the threads there are; later, pin those that are new to the workers' CPU. */
void cpus_note_threads(void);
void cpus_pin_new_threads(void);

/*
 * Nanoseconds that this process's threads have been ready to run and had no CPU. What it grows by during a
 * measurement is owed to other programs on this machine.
 */
double cpus_waited_ns(void);

#endif
