/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of the contract on the chip share. Each test has its own drivers; when it ends, all memory
 * must be back.
 */
#ifndef SELFTEST_H
#define SELFTEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "esp_async_memcpy_ext.h"

/* Run one test, and say how it went: "ok NAME" or "not ok NAME". */
void test(const char *name, void (*run)(void));
#define TEST(run) test(#run, run)

/* Something that must be so; if not, the test at hand has failed and says where. Any context. */
void expect(bool so, const char *what, const char *file, int line);
#define EXPECT(condition)       expect((condition), #condition, __FILE__, __LINE__)
#define EXPECT_CODE(code, call) expect((call) == (code), #call " is " #code, __FILE__, __LINE__)

/* A driver with this backlog, and its end. */
async_memcpy_t install(uint32_t backlog);
void uninstall(async_memcpy_t driver);

/* Memory that the DMA reaches; the test stops the run without it. */
uint8_t *buffer(size_t size);

/* A callback that counts in the unsigned that its argument points to. */
bool count(async_memcpy_t driver, async_memcpy_event_t *event, void *arg);

/* One callback of a copy of its own, in which call() runs with arg: interrupt context on order. */
void in_callback(void (*call)(async_memcpy_t driver, void *arg), void *arg);

/* Interrupts are kept out, so that copies run in hardware but do not complete. */
void hold(void);
void release(void);

/* The chapters. */
void test_refusals(void);
void test_copies(void);
void test_queue(void);
void test_batch(void);
void test_waiting(void);
void test_ends(void);
void test_events(void);

#endif
