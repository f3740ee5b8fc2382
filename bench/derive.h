/* SPDX-License-Identifier: Apache-2.0 */
/* Figures that follow from others, for the tables and pictures; after the last round. */
#ifndef DERIVE_H
#define DERIVE_H

/*
 * "cold": the limits, "one_thread" and "two_threads", by the fastest kernel.
 * "hot", "cold": the library by the better of DPDK's two ways, "by_B"; by memcpy, "by_memcpy".
 * "kept": "memcpy", what a caller keeps that makes itself, in the same time, the copies the library made.
 */
void derive_all(void);

#endif
