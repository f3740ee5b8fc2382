/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A DMA device that does what a test tells it to. It takes the place of the device in software,
 * dma_skeleton0, which never fails and always works in order: the functions that copy are exchanged in DPDK's
 * table, and those that configure, start and stop pass here on their way (the linker's --wrap).
 *
 *   engine ─ rte_dma_copy, _submit, _completed … ─▶ here: a queue, whose copies run when _completed is called
 *   engine ─ rte_dma_start, _stop, _info_get … ───▶ here ─▶ DPDK ─▶ dma_skeleton0
 */
#ifndef HARDWARE_H
#define HARDWARE_H

#include <rte_dmadev.h>
#include <stdatomic.h>
#include <stdbool.h>
#include "esp_async_memcpy.h"

/* How the hardware is to behave; hardware_reset() sets what is said in brackets. Written before copies come.
 */
struct hardware_plan {
    bool is_software;  /* a device on DPDK's virtual bus [no: hardware] */
    bool backwards;    /* runs the copies of a doorbell from the last to the first, as it may [no] */
    uint64_t lacks;    /* capabilities [none] */
    uint16_t min_desc; /* of a queue [the device's in software] */
    uint16_t max_desc;
    uint16_t most;    /* copies that it takes before they are reported [4000] */
    uint16_t batch;   /* copies that it takes before the doorbell [4000] */
    bool mute;        /* does not tell how many more it takes: always 0 [it does] */
    uint32_t longest; /* longer copies are RTE_DMA_STATUS_INVALID_LENGTH [UINT32_MAX] */
    int configure;    /* what these return, unless it is 0 [0] */
    int setup;
    int start;
    int stop;
    bool stays_active; /* rte_dma_vchan_status() tells that it goes on, even when it was stopped [no] */
    bool reports_fail; /* rte_dma_completed_status() has nothing to tell of a failure [it has] */
};

/* Faults, each at one of the copies since hardware_reset(), the first being 0; more than once: `times` in a
 * row. */
enum hardware_fault {
    HARDWARE_NO_FAULT,
    HARDWARE_FAILS,       /* with `code`, having written rubbish */
    HARDWARE_STANDS,      /* this one and those behind are never done, until the device is started again */
    HARDWARE_REFUSES,     /* rte_dma_copy() returns `refusal` */
    HARDWARE_NO_DOORBELL, /* the rte_dma_submit() after it fails, and does nothing */
};

struct hardware_fault_at {
    enum hardware_fault fault;
    unsigned at;
    unsigned times;
    enum rte_dma_status_code code;
    int refusal;
};

/* What it has seen since hardware_reset(). */
struct hardware_seen {
    atomic_uint copies;  /* taken */
    atomic_uint refused; /* for want of room, or by a fault */
    atomic_uint doorbells;
    atomic_uint starts, stops;
    atomic_uint most; /* copies on it at once */
    atomic_uint longest_batch;
    atomic_uint longest; /* bytes */
    atomic_uint places;  /* of the queue, when it was set up last */
    atomic_uint misuses; /* asked for what may not be asked then */
};

extern struct hardware_plan hardware_plan;
extern struct hardware_fault_at hardware_fault;
extern struct hardware_seen hardware_seen;

/* A sound device, seen nothing yet. No driver is installed. */
void hardware_reset(void);

/* Install a driver on it. */
esp_err_t hardware_install(const async_memcpy_config_t *config, async_memcpy_t *driver);

#endif
