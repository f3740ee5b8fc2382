/* SPDX-License-Identifier: Apache-2.0 */
/* DPDK's environment, once per process. */
#ifndef DPDK_H
#define DPDK_H

#include <stdbool.h>

/* False: not to be had (told). Before any open() of its subjects. */
bool dpdk_init(void);
void dpdk_close(void);

const char *dpdk_version(void);

#endif
