/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the world refuses the library, and what the library holds: the linker puts these in place of
 * port_alloc, port_free, pthread_create, port_isr_leave and port_isr_yield (see CMakeLists.txt).
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <stdbool.h>

/* The countdown-th port_alloc() from now on fails, 1 being the next; 0: none. */
void faults_fail_alloc(unsigned countdown);

/* Has it failed since? */
bool faults_alloc_failed(void);

/* Blocks of port_alloc() that have not been freed. */
long faults_live_blocks(void);

/* pthread_create() fails until refuse is false. */
void faults_refuse_threads(bool refuse);

/* The countdown-th pthread_create() from now on fails, 1 being the next; 0: none. */
void faults_fail_thread(unsigned countdown);

/* Ends of interrupts that asked for a yield, so far. */
unsigned long faults_yields(void);

/* In interrupt context: before this interrupt ends, its copies and callbacks being over, the action runs. */
void faults_at_end_of_interrupt(void (*action)(void));

#endif
