/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only place that touches a register or a descriptor word: a volatile access on silicon, a call on a
 * host, where whoever plays the bus (software chip, explorer, tests) supplies bus_read() and bus_write() at
 * link time.
 */
#ifndef MMIO_H
#define MMIO_H

#include <stdint.h>

#if defined(__riscv) && __riscv_xlen == 32

static inline uint32_t mmio_read(uint32_t address)
{
    return *(volatile uint32_t *)(uintptr_t)address;
}

static inline void mmio_write(uint32_t address, uint32_t value)
{
    *(volatile uint32_t *)(uintptr_t)address = value;
}

/* Stores before it reach memory before stores after it reach a register: read by the DMA (hardware
 * facts, 4.5). */
static inline void mmio_fence(void)
{
    __asm__ volatile("fence iorw, iorw" ::: "memory");
}

#else

#include <stdatomic.h>

/* One 32-bit access of the CPU, to a register or to a word of the chip's memory. */
uint32_t bus_read(uint32_t address);
void bus_write(uint32_t address, uint32_t value);

static inline uint32_t mmio_read(uint32_t address)
{
    return bus_read(address);
}

static inline void mmio_write(uint32_t address, uint32_t value)
{
    bus_write(address, value);
}

/* Whoever plays the bus takes one access after the other. */
static inline void mmio_fence(void)
{
    atomic_signal_fence(memory_order_seq_cst);
}

#endif

/* A word that the DMA reads or writes too. The chip's memory lies at its own addresses, on a host as well. */
static inline uint32_t desc_read(const uint32_t *word)
{
    return mmio_read((uint32_t)(uintptr_t)word);
}

static inline void desc_write(uint32_t *word, uint32_t value)
{
    mmio_write((uint32_t)(uintptr_t)word, value);
}

#endif
