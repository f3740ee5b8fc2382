/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of ETM in hardware share: drivers on the software chip, wires from events to tasks, pins,
 * and copies that events start. Nothing may be left over from one test to the next. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include "driver/gpio.h"
#include "driver/gpio_etm.h"
#include "esp_async_memcpy_ext.h"
#include "esp_heap_caps.h"
#include "expect.h"
#include "model/model.h"
#include "softchip.h"

#define PIN 5

int switch_chip_on(void **state); /* of a group, before all tests */
int look_around(void **state);    /* before each test */
int nothing_is_left(void **state);

#define chip_test(function) cmocka_unit_test_setup_teardown(function, look_around, nothing_is_left)

/* Made, or the test fails. */
async_memcpy_t install(uint32_t backlog);
void uninstall(async_memcpy_t driver);
unsigned char *new_memory(size_t size); /* filled with a counter; heap_caps_free() */
esp_etm_event_handle_t new_event(async_memcpy_t driver);
esp_etm_channel_handle_t new_channel(void);
esp_etm_task_handle_t new_pin_task(gpio_etm_task_action_t action, int pin); /* the pin is an output, low */
void del_pin_task(esp_etm_task_handle_t task, int pin);

/* A new channel, connected and enabled; and its end. */
esp_etm_channel_handle_t wire(esp_etm_event_handle_t event, esp_etm_task_handle_t task);
void unwire(esp_etm_channel_handle_t channel);

/* Raise the copy-done event of a driver: one small copy. */
void raise_event(async_memcpy_t driver);

/* What a callback saw; its argument. */
struct seen {
    atomic_uint good;
    atomic_uint failures;
    atomic_uint calls;         /* both; counted last */
    _Atomic esp_err_t failure; /* the latest */
    async_memcpy_result_t result;
};
bool see(async_memcpy_t driver, async_memcpy_event_t *event, void *seen);

/* Until *count is at least this, five seconds at the most; whether it came. */
bool await(atomic_uint *count, unsigned wanted);
void sleep_ms(unsigned ms);

/* What the matrix of the chip carries on a channel. */
bool carries(unsigned channel, uint32_t event, uint32_t task);
bool carries_nothing(unsigned channel);

/* Writes to the matrix since forget_writes(): address and value, in order. */
#define WRITES_KEPT 16
struct write {
    uint32_t address;
    uint32_t value;
};
void forget_writes(void);
unsigned etm_writes(struct write writes[WRITES_KEPT]);

/* The countdown-th port_alloc() from now on fails, 1 being the next; 0: none. */
void fail_alloc(unsigned countdown);

#endif
