/* SPDX-License-Identifier: Apache-2.0 */
/* A copy that an event starts: esp_async_memcpy_new_etm_task(). */
#include "fixture.h"
#include <pthread.h>
#include "port.h"

#define NODE_MAX 4095u

/* A driver whose events start the copy of another one. */
struct chain {
    async_memcpy_t trigger;
    async_memcpy_t driver;
    esp_etm_event_handle_t event;
    esp_etm_task_handle_t task;
    esp_etm_channel_handle_t channel;
    unsigned char *src;
    unsigned char *dst;
    size_t size;
    struct seen seen;
};

static void build(struct chain *chain, uint32_t backlog, size_t size)
{
    memset(chain, 0, sizeof *chain);
    chain->trigger = install(4);
    chain->driver = install(backlog);
    chain->event = new_event(chain->trigger);
    chain->size = size;
    chain->src = new_memory(size);
    chain->dst = new_memory(size + 2);
    memset(chain->dst, 0xEE, size + 2);
    assert_ok(esp_async_memcpy_new_etm_task(chain->driver, chain->dst + 1, chain->src, size, see,
                                            &chain->seen, &chain->task));
    chain->channel = wire(chain->event, chain->task);
}

static void give_back(struct chain *chain)
{
    unwire(chain->channel);
    if (chain->task != NULL) {
        assert_ok(esp_etm_del_task(chain->task));
    }
    assert_ok(esp_etm_del_event(chain->event));
    if (chain->driver != NULL) {
        uninstall(chain->driver);
    }
    uninstall(chain->trigger);
    heap_caps_free(chain->dst);
    heap_caps_free(chain->src);
}

/* One event, one run, awaited; the destination holds the source, and nothing beside it has changed. */
static void run_once(struct chain *chain, unsigned char mark)
{
    unsigned before = atomic_load(&chain->seen.calls);
    for (size_t i = 0; i < chain->size; i++) {
        chain->src[i] = (unsigned char)(mark + i % 253);
    }
    raise_event(chain->trigger);
    assert_true(await(&chain->seen.calls, before + 1));
    assert_int_equal(chain->seen.result.status, ESP_OK);
    assert_memory_equal(chain->dst + 1, chain->src, chain->size);
    assert_int_equal(chain->dst[0], 0xEE);
    assert_int_equal(chain->dst[chain->size + 1], 0xEE);
}

static void copy_runs_at_every_event(void **state)
{
    (void)state;
    const size_t sizes[] = {1, 3, 64, 4095, 4096, 9000, 16380};
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct chain chain;
        build(&chain, 8, sizes[i]);
        for (unsigned run = 1; run <= 20; run++) {
            run_once(&chain, (unsigned char)run);
        }
        assert_int_equal(atomic_load(&chain.seen.calls), 20);
        assert_int_equal(atomic_load(&chain.seen.failures), 0);
        assert_int_equal(chain.seen.result.size, sizes[i]);
        assert_ptr_equal(chain.seen.result.dst, chain.dst + 1);
        assert_ptr_equal(chain.seen.result.src, chain.src);
        give_back(&chain);
    }
}

static void no_event_no_run(void **state)
{
    (void)state;
    struct chain chain;
    build(&chain, 8, 64);
    assert_ok(esp_etm_channel_disable(chain.channel));
    raise_event(chain.trigger);
    sleep_ms(20);
    assert_int_equal(atomic_load(&chain.seen.calls), 0);
    assert_int_equal(chain.dst[1], 0xEE);
    assert_ok(esp_etm_channel_enable(chain.channel));
    run_once(&chain, 7);
    give_back(&chain);
}

/* Copies and callbacks go with the hardware's own events, one for one. */
static void each_run_raises_the_copy_done_event(void **state)
{
    (void)state;
    struct chain chain;
    build(&chain, 8, 9000);
    esp_etm_event_handle_t done = new_event(chain.driver);
    esp_etm_task_handle_t toggle = new_pin_task(GPIO_ETM_TASK_ACTION_TOG, PIN);
    esp_etm_channel_handle_t to_pin = wire(done, toggle);
    uint32_t changes = softchip_pin_changes(PIN);
    for (unsigned run = 1; run <= 10; run++) {
        run_once(&chain, (unsigned char)run);
        assert_int_equal(softchip_pin_changes(PIN) - changes, run);
    }
    unwire(to_pin);
    del_pin_task(toggle, PIN);
    assert_ok(esp_etm_del_event(done));
    give_back(&chain);
}

static void event_that_meets_a_running_copy_is_lost(void **state)
{
    (void)state;
    struct chain chain;
    build(&chain, 8, 16000);
    unsigned char *memory = new_memory(8);
    for (unsigned round = 1; round <= 5; round++) {
        softchip_pause(true);
        for (unsigned i = 0; i < 4; i++) { /* in a row, long before 16000 bytes can be through */
            assert_ok(esp_async_memcpy(chain.trigger, memory + 4, memory, 4, NULL, NULL));
        }
        softchip_pause(false);
        assert_ok(esp_async_memcpy_wait(chain.trigger, -1));
        assert_true(await(&chain.seen.calls, round));
        sleep_ms(5);
        assert_int_equal(atomic_load(&chain.seen.calls), round);
        assert_memory_equal(chain.dst + 1, chain.src, chain.size);
    }
    assert_int_equal(atomic_load(&chain.seen.failures), 0);
    heap_caps_free(memory);
    give_back(&chain);
}

static void runs_that_share_an_interrupt_are_all_told(void **state)
{
    (void)state;
    struct chain chain;
    build(&chain, 8, 4); /* nine laps */
    unsigned char *memory = new_memory(600);
    for (unsigned i = 1; i <= 5; i++) {
        unsigned mask = port_irq_mask(); /* hardware goes on, handlers wait */
        for (unsigned copy = 0; copy < 4; copy++) {
            assert_ok(esp_async_memcpy(chain.trigger, memory + 300, memory, 256, NULL, NULL));
        }
        sleep_ms(10);
        port_irq_unmask(mask);
        assert_true(await(&chain.seen.calls, 4 * i));
    }
    sleep_ms(5);
    assert_int_equal(atomic_load(&chain.seen.calls), 20);
    assert_int_equal(atomic_load(&chain.seen.failures), 0);
    heap_caps_free(memory);
    give_back(&chain);
}

static void null_callback_is_fine_for_a_task(void **state)
{
    (void)state;
    async_memcpy_t trigger = install(1), driver = install(1);
    esp_etm_event_handle_t event = new_event(trigger);
    esp_etm_task_handle_t task = NULL;
    unsigned char *memory = new_memory(200);
    assert_ok(esp_async_memcpy_new_etm_task(driver, memory + 100, memory, 100, NULL, NULL, &task));
    esp_etm_channel_handle_t channel = wire(event, task);
    raise_event(trigger);
    for (unsigned turn = 0; turn < 1000 && memcmp(memory, memory + 100, 100) != 0; turn++) {
        sleep_ms(1);
    }
    assert_memory_equal(memory, memory + 100, 100);
    unwire(channel);
    assert_ok(esp_etm_del_task(task));
    assert_ok(esp_etm_del_event(event));
    uninstall(driver);
    uninstall(trigger);
    heap_caps_free(memory);
}

/* A chain that bites its tail: the driver's own event starts it anew, until the callback ends it. */
struct circle {
    struct seen seen;
    esp_etm_task_handle_t task;
    atomic_uint deleted;
};

static bool end_the_circle(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    struct circle *circle = argument;
    see(driver, event, &circle->seen);
    if (atomic_load(&circle->seen.calls) == 10) {
        atomic_store(&circle->deleted, esp_etm_del_task(circle->task) == ESP_OK ? 1 : 2);
    }
    return false;
}

static void callback_may_delete_the_task(void **state)
{
    (void)state;
    async_memcpy_t trigger = install(1), driver = install(8);
    esp_etm_event_handle_t begin = new_event(trigger), again = new_event(driver);
    struct circle circle = {.task = NULL};
    unsigned char *memory = new_memory(200);
    assert_ok(esp_async_memcpy_new_etm_task(driver, memory + 100, memory, 100, end_the_circle, &circle,
                                            &circle.task));
    esp_etm_channel_handle_t channels[] = {wire(begin, circle.task), wire(again, circle.task)};
    raise_event(trigger);
    assert_true(await(&circle.deleted, 1));
    assert_int_equal(atomic_load(&circle.deleted), 1);
    assert_int_equal(atomic_load(&circle.seen.calls), 10);
    raise_event(driver); /* an ordinary driver again */
    raise_event(trigger);
    assert_int_equal(atomic_load(&circle.seen.calls), 10);
    for (unsigned i = 0; i < 2; i++) {
        unwire(channels[i]);
    }
    assert_ok(esp_etm_del_event(begin));
    assert_ok(esp_etm_del_event(again));
    uninstall(driver);
    uninstall(trigger);
    heap_caps_free(memory);
}

/* ---- The driver meanwhile ---- */

static void ordinary_copies_fail_while_a_task_lives(void **state)
{
    (void)state;
    static const char reserved[] = "has an ETM task; delete that first";
    struct chain chain;
    esp_etm_task_handle_t second = NULL;
    build(&chain, 2, 64);
    assert_refused(esp_async_memcpy(chain.driver, chain.dst, chain.src, 4, NULL, NULL), ESP_FAIL,
                   "copy: ", reserved);
    const async_memcpy_copy_t copy = {.dst = chain.dst, .src = chain.src, .n = 4};
    assert_refused(esp_async_memcpy_batch(chain.driver, &copy, 1), ESP_FAIL, "batch: ", reserved);
    assert_refused(esp_memcpy_blocking(chain.driver, chain.dst, chain.src, 4, -1), ESP_FAIL,
                   "copy: ", reserved);
    assert_refused(esp_async_memcpy_timed(chain.driver, chain.dst, chain.src, 4, NULL, NULL, -1), ESP_FAIL,
                   "copy: ", reserved);
    assert_ok(esp_async_memcpy_wait(chain.driver, -1)); /* there is nothing to wait for */
    assert_refused(esp_async_memcpy_new_etm_task(chain.driver, chain.dst, chain.src, 4, NULL, NULL, &second),
                   ESP_ERR_INVALID_STATE, "delete that first");
    run_once(&chain, 1);
    assert_ok(esp_etm_del_task(chain.task));
    raise_event(chain.driver);
    assert_ok(esp_async_memcpy_new_etm_task(chain.driver, chain.dst + 1, chain.src, chain.size, see,
                                            &chain.seen, &chain.task));
    assert_ok(esp_etm_channel_connect(chain.channel, chain.event, chain.task));
    run_once(&chain, 2);
    give_back(&chain);
}

/* Threads that call and tell how it ended. */
struct call {
    pthread_t thread;
    async_memcpy_t driver;
    unsigned char *memory;
    esp_etm_task_handle_t task;
    atomic_uint ended;
    esp_err_t status;
};

static void *copy_when_there_is_a_slot(void *argument)
{
    struct call *call = argument;
    call->status = esp_async_memcpy_timed(call->driver, call->memory, call->memory + 8, 4, NULL, NULL, -1);
    atomic_store(&call->ended, 1);
    return NULL;
}

static void *make_a_task(void *argument)
{
    struct call *call = argument;
    call->status = esp_async_memcpy_new_etm_task(call->driver, call->memory, call->memory + 8, 4, NULL, NULL,
                                                 &call->task);
    atomic_store(&call->ended, 1);
    return NULL;
}

static void *uninstall_it(void *argument)
{
    struct call *call = argument;
    call->status = esp_async_memcpy_uninstall(call->driver);
    atomic_store(&call->ended, 1);
    return NULL;
}

static void begin(struct call *call, void *(*function)(void *), async_memcpy_t driver, unsigned char *memory)
{
    *call = (struct call){.driver = driver, .memory = memory};
    assert_int_equal(pthread_create(&call->thread, NULL, function, call), 0);
}

static void task_waits_for_copies_in_flight_and_turns_slot_waiters_away(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    unsigned char *memory = new_memory(64);
    struct call copy, task;
    softchip_pause(true);
    assert_ok(esp_async_memcpy(driver, memory + 32, memory, 16, NULL, NULL));
    begin(&copy, copy_when_there_is_a_slot, driver, memory);
    sleep_ms(100);
    log_capture_begin();
    begin(&task, make_a_task, driver, memory);
    pthread_join(copy.thread, NULL);
    log_capture_end();
    expect_log((const char *const[]){"has an ETM task", NULL}, "copy", __FILE__, __LINE__);
    assert_int_equal(copy.status, ESP_FAIL);
    assert_int_equal(atomic_load(&task.ended), 0);
    softchip_pause(false);
    pthread_join(task.thread, NULL);
    assert_ok(task.status);
    assert_memory_equal(memory + 32, memory, 16);
    assert_ok(esp_etm_del_task(task.task));
    raise_event(driver);
    uninstall(driver);
    heap_caps_free(memory);
}

static void uninstall_waits_for_the_call_that_makes_a_task(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    unsigned char *memory = new_memory(64);
    struct call task, end;
    softchip_pause(true);
    assert_ok(esp_async_memcpy(driver, memory + 32, memory, 16, NULL, NULL));
    begin(&task, make_a_task, driver, memory);
    sleep_ms(100);
    begin(&end, uninstall_it, driver, memory);
    esp_err_t status = ESP_ERR_INVALID_STATE; /* until the uninstall has begun */
    log_capture_begin();
    for (unsigned turn = 0; turn < 500 && status == ESP_ERR_INVALID_STATE; turn++) {
        sleep_ms(10);
        status = esp_async_memcpy_new_etm_task(driver, memory, memory + 8, 4, NULL, NULL, &end.task);
    }
    log_capture_end();
    assert_code(status, ESP_FAIL);
    assert_int_equal(atomic_load(&end.ended), 0);
    softchip_pause(false);
    pthread_join(task.thread, NULL);
    pthread_join(end.thread, NULL);
    assert_ok(task.status);
    assert_ok(end.status);
    assert_ok(esp_etm_del_task(task.task)); /* inert */
    heap_caps_free(memory);
}

/* ---- Its end ---- */

static void task_outlives_its_driver_inert_and_can_be_deleted(void **state)
{
    (void)state;
    struct chain chain;
    esp_etm_task_handle_t next_task = NULL;
    struct seen next_seen = {.calls = 0};
    build(&chain, 8, 64);
    run_once(&chain, 1);
    uninstall(chain.driver);
    memset(chain.dst, 0xEE, chain.size + 2);
    raise_event(chain.trigger);
    async_memcpy_t next = install(8); /* the same pair, with a task that the old channel must not start */
    assert_ok(esp_async_memcpy_new_etm_task(next, chain.dst + 1, chain.src, 64, see, &next_seen, &next_task));
    raise_event(chain.trigger);
    sleep_ms(10);
    assert_int_equal(atomic_load(&chain.seen.calls), 1);
    assert_int_equal(atomic_load(&next_seen.calls), 0);
    assert_int_equal(chain.dst[1], 0xEE);
    assert_ok(esp_etm_del_task(next_task));
    chain.driver = next;
    give_back(&chain);
}

static void deleting_breaks_a_run_off(void **state)
{
    (void)state;
    struct chain chain;
    build(&chain, 8, 16000);
    unsigned char *memory = new_memory(8);
    softchip_pause(true);
    assert_ok(esp_async_memcpy(chain.trigger, memory + 4, memory, 4, NULL, NULL));
    softchip_pause(false);
    assert_ok(esp_async_memcpy_wait(chain.trigger, -1));
    assert_ok(esp_etm_del_task(chain.task)); /* in the middle, most likely */
    unsigned calls = atomic_load(&chain.seen.calls);
    memset(chain.dst, 0xEE, chain.size + 2);
    sleep_ms(20);
    for (size_t i = 0; i < chain.size + 2; i++) { /* nothing is written any more */
        assert_int_equal(chain.dst[i], 0xEE);
    }
    assert_int_equal(atomic_load(&chain.seen.calls), calls);
    raise_event(chain.driver);
    chain.task = NULL;
    heap_caps_free(memory);
    give_back(&chain);
}

static void *delete_it(void *argument)
{
    struct call *call = argument;
    call->status = esp_etm_del_task(call->task);
    return NULL;
}

static void deleting_and_uninstalling_at_once_is_safe(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 50; round++) {
        struct chain chain;
        struct call call = {.ended = 0};
        build(&chain, 2, 64);
        raise_event(chain.trigger);
        call.task = chain.task;
        assert_int_equal(pthread_create(&call.thread, NULL, delete_it, &call), 0);
        uninstall(chain.driver);
        pthread_join(call.thread, NULL);
        assert_ok(call.status);
        chain.task = NULL;
        chain.driver = NULL;
        give_back(&chain);
    }
}

/* ---- Refusals ---- */

static void bad_arguments_of_a_task_are_refused(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    unsigned char *memory = new_memory(64);
    unsigned char elsewhere[8];
    esp_etm_task_handle_t untouched = (esp_etm_task_handle_t)&driver, task = untouched;
    assert_refused(esp_async_memcpy_new_etm_task(NULL, memory, memory + 8, 4, NULL, NULL, &task),
                   ESP_ERR_INVALID_ARG, "handle (nil)");
    assert_refused(esp_async_memcpy_new_etm_task(driver, memory, memory + 8, 4, NULL, NULL, NULL),
                   ESP_ERR_INVALID_ARG, "out_task (nil)");
    assert_refused(esp_async_memcpy_new_etm_task(driver, NULL, memory + 8, 4, NULL, NULL, &task),
                   ESP_ERR_INVALID_ARG, "dst");
    assert_refused(esp_async_memcpy_new_etm_task(driver, memory, memory + 8, 0, NULL, NULL, &task),
                   ESP_ERR_INVALID_ARG, "n 0");
    assert_refused(esp_async_memcpy_new_etm_task(driver, memory, memory + 8, 9, NULL, NULL, &task),
                   ESP_ERR_INVALID_ARG, "overlap");
    assert_refused(esp_async_memcpy_new_etm_task(driver, elsewhere, memory, 4, NULL, NULL, &task),
                   ESP_ERR_INVALID_ARG, "MALLOC_CAP_DMA");
    fail_alloc(1);
    assert_refused(esp_async_memcpy_new_etm_task(driver, memory, memory + 8, 4, NULL, NULL, &task),
                   ESP_ERR_NO_MEM, "memory");
    assert_ptr_equal(task, untouched);
    raise_event(driver); /* unharmed, and open */
    uninstall(driver);
    heap_caps_free(memory);
}

static void size_is_bounded_by_half_of_the_descriptors(void **state)
{
    (void)state;
    static const struct {
        uint32_t backlog;
        size_t most;
    } cases[] = {
        {1, 2 * NODE_MAX}, {3, 2 * NODE_MAX}, {4, 2 * NODE_MAX}, {5, 3 * NODE_MAX}, {8, 4 * NODE_MAX}};
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        async_memcpy_t driver = install(cases[i].backlog);
        unsigned char *src = new_memory(cases[i].most + 1);
        unsigned char *dst = new_memory(cases[i].most + 1);
        esp_etm_task_handle_t task = NULL;
        assert_refused(esp_async_memcpy_new_etm_task(driver, dst, src, cases[i].most + 1, NULL, NULL, &task),
                       ESP_ERR_INVALID_ARG, "backlog");
        assert_ok(esp_async_memcpy_new_etm_task(driver, dst, src, cases[i].most, NULL, NULL, &task));
        assert_ok(esp_etm_del_task(task));
        raise_event(driver);
        uninstall(driver);
        heap_caps_free(dst);
        heap_caps_free(src);
    }
}

static void never_called(void *argument)
{
    (void)argument;
}

static void task_without_an_interrupt_line_is_refused(void **state)
{
    (void)state;
    const unsigned others = CHIP_GDMA_OUT_SOURCE + CHIP_GDMA_PAIRS; /* sources that nobody uses here */
    async_memcpy_t driver = install(1);
    unsigned char *memory = new_memory(16);
    esp_etm_task_handle_t task = NULL;
    unsigned taken = 0;
    while (port_irq_attach(others % CHIP_INTMTX_SOURCES, never_called, NULL)) {
        taken++;
    }
    assert_true(taken > 0);
    assert_refused(esp_async_memcpy_new_etm_task(driver, memory, memory + 8, 4, NULL, NULL, &task), ESP_FAIL,
                   "interrupt line");
    port_irq_detach(others % CHIP_INTMTX_SOURCES);
    assert_ok(esp_async_memcpy_new_etm_task(driver, memory, memory + 8, 4, NULL, NULL, &task));
    assert_ok(esp_etm_del_task(task));
    uninstall(driver);
    heap_caps_free(memory);
}

static void other_engines_have_no_such_task(void **state)
{
    (void)state;
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    esp_etm_task_handle_t task = NULL;
    unsigned char memory[16];
    assert_ok(esp_async_memcpy_install_threads(&config, &driver));
    assert_refused(esp_async_memcpy_new_etm_task(driver, memory, memory + 8, 4, NULL, NULL, &task),
                   ESP_ERR_NOT_SUPPORTED, "no ETM");
    uninstall(driver);
}

struct attempt {
    esp_err_t status;
    atomic_uint made;
    unsigned char *memory;
};

static bool make_from_callback(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)event;
    struct attempt *attempt = argument;
    esp_etm_task_handle_t task;
    attempt->status =
        esp_async_memcpy_new_etm_task(driver, attempt->memory, attempt->memory + 8, 4, NULL, NULL, &task);
    atomic_store(&attempt->made, 1);
    return false;
}

static void task_cannot_be_made_in_interrupt_context(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    struct attempt attempt = {.memory = new_memory(16)};
    assert_ok(esp_async_memcpy(driver, attempt.memory, attempt.memory + 8, 4, make_from_callback, &attempt));
    assert_true(await(&attempt.made, 1));
    assert_int_equal(attempt.status, ESP_ERR_INVALID_STATE);
    uninstall(driver);
    heap_caps_free(attempt.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        chip_test(copy_runs_at_every_event),
        chip_test(no_event_no_run),
        chip_test(each_run_raises_the_copy_done_event),
        chip_test(event_that_meets_a_running_copy_is_lost),
        chip_test(runs_that_share_an_interrupt_are_all_told),
        chip_test(null_callback_is_fine_for_a_task),
        chip_test(callback_may_delete_the_task),
        chip_test(ordinary_copies_fail_while_a_task_lives),
        chip_test(task_waits_for_copies_in_flight_and_turns_slot_waiters_away),
        chip_test(uninstall_waits_for_the_call_that_makes_a_task),
        chip_test(task_outlives_its_driver_inert_and_can_be_deleted),
        chip_test(deleting_breaks_a_run_off),
        chip_test(deleting_and_uninstalling_at_once_is_safe),
        chip_test(bad_arguments_of_a_task_are_refused),
        chip_test(size_is_bounded_by_half_of_the_descriptors),
        chip_test(task_without_an_interrupt_line_is_refused),
        chip_test(other_engines_have_no_such_task),
        chip_test(task_cannot_be_made_in_interrupt_context),
    };
    return cmocka_run_group_tests(tests, switch_chip_on, NULL);
}
