/* SPDX-License-Identifier: Apache-2.0 */
/* What passes between driver and engine at install, and what is left when it fails. */
#include <sys/wait.h>
#include <unistd.h>

#include "faults.h"
#include "group.h"
#include "manual_engine.h"
#include "port.h"

static void *const not_null = &(char){0};

static void failing_open_is_passed_up_and_holds_nothing(void **state)
{
    (void)state;
    const esp_err_t codes[] = {ESP_FAIL, ESP_ERR_NO_MEM, ESP_ERR_INVALID_STATE, ESP_ERR_NOT_FOUND, 12345};
    manual_reset();
    for (size_t i = 0; i < 1000; i++) {
        async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
        async_memcpy_t driver = not_null;
        long before = faults_live_blocks();
        manual_plan.open = codes[i % 5];
        assert_code(manual_install(&config, &driver), codes[i % 5]);
        assert_null(driver);
        assert_int_equal(faults_live_blocks(), before);
    }
    assert_int_equal(manual_seen.opens, 1000);
    assert_int_equal(manual_seen.closes, 0);
    pid_t child = fork(); /* nobody is told of it in memory that has been freed */
    if (child == 0) {
        _exit(0);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void engine_gets_the_checked_configuration(void **state)
{
    (void)state;
    manual_reset();
    async_memcpy_config_t config = {.backlog = 0, .dma_burst_size = 32, .weight = 7};
    async_memcpy_t driver = NULL;
    assert_ok(manual_install(&config, &driver));
    assert_int_equal(manual_seen.config.backlog, 8);
    assert_int_equal(manual_seen.config.sram_align, 1);
    assert_int_equal(manual_seen.config.psram_align, 16);
    assert_int_equal(manual_seen.config.burst_size, 32);
    assert_int_equal(manual_seen.config.weight, 7);
    uninstall(driver);
    assert_int_equal(manual_seen.closes, 1);
    uninstall(install_aligned(32, 64));
    assert_int_equal(manual_seen.config.sram_align, 32);
    assert_int_equal(manual_seen.config.psram_align, 64);
}

static void flags_that_the_engine_knows_are_accepted(void **state)
{
    (void)state;
    manual_reset();
    manual_plan.flags = 0x5;
    for (uint32_t flags = 0; flags < 16; flags++) {
        async_memcpy_config_t config = {.flags = flags};
        async_memcpy_t driver = not_null;
        if ((flags & ~UINT32_C(0x5)) == 0) {
            assert_ok(manual_install(&config, &driver));
            assert_int_equal(manual_seen.config.flags, flags);
            uninstall(driver);
        } else {
            assert_refused(manual_install(&config, &driver), ESP_ERR_INVALID_ARG, "flags",
                           "this engine knows 0x");
            assert_null(driver);
        }
    }
}

static void engine_gets_zeroed_room(void **state)
{
    (void)state;
    manual_reset();
    manual_plan.has_room = true;
    for (manual_plan.room = 0; manual_plan.room < 5000; manual_plan.room = manual_plan.room * 3 + 1) {
        async_memcpy_t driver = install(3);
        assert_int_equal((uintptr_t)manual_seen.config.room % _Alignof(max_align_t), 0);
        assert_int_equal(manual_seen.room_in_use, 0);
        uninstall(driver);
    }
}

static void absurd_room_is_no_memory(void **state)
{
    (void)state;
    const size_t rooms[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 4096, SIZE_MAX / 2 + 1, SIZE_MAX / 2};
    manual_reset();
    manual_plan.has_room = true;
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
        async_memcpy_t driver = not_null;
        manual_plan.room = rooms[i];
        assert_refused(manual_install(&config, &driver), ESP_ERR_NO_MEM, "no memory");
        assert_null(driver);
    }
    assert_int_equal(manual_seen.opens, 0);
}

/* Interrupt context is refused whatever the arguments say, and without a line in the log. */
static void install_from_interrupt_context_fails(void **state)
{
    (void)state;
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = not_null;
    manual_reset();
    port_isr_enter();
    assert_mute(manual_install(&config, &driver), ESP_FAIL);
    port_isr_leave();
    assert_null(driver);
    assert_int_equal(manual_seen.opens, 0);
}

static void engine_without_events_says_so(void **state)
{
    (void)state;
    manual_reset();
    manual_plan.no_events = true;
    async_memcpy_t driver = install(1);
    esp_etm_event_handle_t event = not_null;
    assert_refused(esp_async_memcpy_new_etm_event(driver, ASYNC_MEMCPY_ETM_EVENT_COPY_DONE, &event),
                   ESP_ERR_NOT_SUPPORTED, "engine manual gives no events");
    assert_ptr_equal(event, not_null);
    uninstall(driver);
}

GROUP(manual_install, cmocka_unit_test(failing_open_is_passed_up_and_holds_nothing),
      cmocka_unit_test(engine_gets_the_checked_configuration),
      cmocka_unit_test(flags_that_the_engine_knows_are_accepted), cmocka_unit_test(engine_gets_zeroed_room),
      cmocka_unit_test(absurd_room_is_no_memory), cmocka_unit_test(install_from_interrupt_context_fails),
      cmocka_unit_test(engine_without_events_says_so));
