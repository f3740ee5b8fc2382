/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the ETM tests share: objects and log lines counted (port_alloc, port_free and port_log are wrapped by
 * the linker), sources that a test raises itself, tasks that count.
 */
#ifndef ETM_FIXTURE_H
#define ETM_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "esp_async_memcpy_ext.h"
#include "etm.h"
#include "etm_objects.h"
#include "port.h"

#define ALL_CHANNELS 50

typedef void (*etm_function)(void *);

/* Per test: nothing may be left over from one to the next. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

int live_objects(void);            /* events and tasks allocated and not freed */
unsigned channels_in_use(void);    /* as the table has it */
void fail_allocations(bool fail);  /* from now on */
unsigned lines_logged(void);       /* since the start */
bool last_line_has(const char *s); /* is it at level 'E', and does it contain this? */

/* Raise in interrupt context, as an engine does. */
void pulse(struct etm_source *source);

/* Made, or the test fails. */
esp_etm_channel_handle_t new_channel(void);
esp_etm_event_handle_t new_event(struct etm_source *source);
esp_etm_task_handle_t new_task(etm_function function, void *arg);

/* A new channel, connected and enabled; and its end. */
esp_etm_channel_handle_t wire(esp_etm_event_handle_t event, esp_etm_task_handle_t task);
void unwire(esp_etm_channel_handle_t channel);

/* A task's function: one more in the atomic_uint that arg points to. */
void count_run(void *arg);

/* Until *flag, ten seconds at the most; whether it came. Any thread. */
bool await(atomic_bool *flag);
void sleep_ms(unsigned ms);

#define assert_ok(call) assert_int_equal((call), ESP_OK)

/* The call returns this code and logs one line with these words; in interrupt context, the code and no line.
 */
#define assert_refused(call, code, words)                                                                    \
    do {                                                                                                     \
        unsigned lines_before = lines_logged();                                                              \
        assert_int_equal((call), (code));                                                                    \
        assert_int_equal(lines_logged(), lines_before + 1);                                                  \
        assert_true(last_line_has(words));                                                                   \
        port_isr_enter();                                                                                    \
        esp_err_t code_in_isr = (call);                                                                      \
        port_isr_leave();                                                                                    \
        assert_int_equal(code_in_isr, (code));                                                               \
        assert_int_equal(lines_logged(), lines_before + 1);                                                  \
    } while (0)

#define etm_test(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

#endif
