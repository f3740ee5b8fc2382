/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"
#include <pthread.h>
#include <time.h>
#include "chip/mmio.h"
#include "etm_objects.h"
#include "port.h"

/* ---- What the linker puts in place of the library's ---- */

static atomic_uint alloc_countdown;
static pthread_mutex_t writes_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct write kept[WRITES_KEPT];
static unsigned kept_count;

void *__real_port_alloc(size_t size, size_t align, bool dma);
void *__wrap_port_alloc(size_t size, size_t align, bool dma);
void __real_bus_write(uint32_t address, uint32_t value);
void __wrap_bus_write(uint32_t address, uint32_t value);

void *__wrap_port_alloc(size_t size, size_t align, bool dma)
{
    unsigned left = atomic_load(&alloc_countdown);
    while (left != 0 && !atomic_compare_exchange_weak(&alloc_countdown, &left, left - 1)) {
    }
    return left == 1 ? NULL : __real_port_alloc(size, align, dma);
}

void __wrap_bus_write(uint32_t address, uint32_t value)
{
    if (address - CHIP_ETM_BASE <= ETM_DATE - CHIP_ETM_BASE) {
        pthread_mutex_lock(&writes_mutex);
        if (kept_count < WRITES_KEPT) {
            kept[kept_count++] = (struct write){address, value};
        }
        pthread_mutex_unlock(&writes_mutex);
    }
    __real_bus_write(address, value);
}

void fail_alloc(unsigned countdown)
{
    atomic_store(&alloc_countdown, countdown);
}

void forget_writes(void)
{
    pthread_mutex_lock(&writes_mutex);
    kept_count = 0;
    pthread_mutex_unlock(&writes_mutex);
}

unsigned etm_writes(struct write writes[WRITES_KEPT])
{
    pthread_mutex_lock(&writes_mutex);
    memcpy(writes, kept, sizeof kept);
    unsigned count = kept_count;
    pthread_mutex_unlock(&writes_mutex);
    return count;
}

/* ---- Around each test ---- */

static size_t free_before;

int switch_chip_on(void **state)
{
    (void)state;
    return port_chip_start() ? 0 : -1;
}

int look_around(void **state)
{
    (void)state;
    free_before = heap_caps_get_free_size(MALLOC_CAP_DMA);
    return 0;
}

static unsigned channels_in_use(void)
{
    unsigned used = 0;
    struct etm_channel_view view;
    for (unsigned number = 0; etm_read_channel(number, &view); number++) {
        used += view.used;
    }
    return used;
}

int nothing_is_left(void **state)
{
    (void)state;
    fail_alloc(0);
    bool enabled =
        CHIP_HAS_ETM && (mmio_read(etm_enable(0, ETM_ENABLE)) | mmio_read(etm_enable(32, ETM_ENABLE))) != 0;
    if (channels_in_use() != 0 || enabled || heap_caps_get_free_size(MALLOC_CAP_DMA) != free_before) {
        print_error("left over: %u channels, %s, %zd bytes\n", channels_in_use(),
                    enabled ? "some in hardware" : "none in hardware",
                    (ssize_t)(free_before - heap_caps_get_free_size(MALLOC_CAP_DMA)));
        return -1;
    }
    return 0;
}

/* ---- Made, or the test fails ---- */

async_memcpy_t install(uint32_t backlog)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    config.backlog = backlog;
    assert_ok(esp_async_memcpy_install_gdma_ahb(&config, &driver));
    return driver;
}

void uninstall(async_memcpy_t driver)
{
    assert_ok(esp_async_memcpy_uninstall(driver));
}

unsigned char *new_memory(size_t size)
{
    unsigned char *memory = heap_caps_malloc(size, MALLOC_CAP_DMA);
    assert_non_null(memory);
    for (size_t i = 0; i < size; i++) {
        memory[i] = (unsigned char)(i % 251);
    }
    return memory;
}

esp_etm_event_handle_t new_event(async_memcpy_t driver)
{
    esp_etm_event_handle_t event = NULL;
    assert_ok(esp_async_memcpy_new_etm_event(driver, ASYNC_MEMCPY_ETM_EVENT_COPY_DONE, &event));
    return event;
}

esp_etm_channel_handle_t new_channel(void)
{
    const esp_etm_channel_config_t config = {.flags = {.allow_pd = 0}};
    esp_etm_channel_handle_t channel = NULL;
    assert_ok(esp_etm_new_channel(&config, &channel));
    return channel;
}

esp_etm_task_handle_t new_pin_task(gpio_etm_task_action_t action, int pin)
{
    const gpio_config_t output = {.pin_bit_mask = BIT64(pin), .mode = GPIO_MODE_OUTPUT};
    const gpio_etm_task_config_t config = {.action = action};
    esp_etm_task_handle_t task = NULL;
    assert_ok(gpio_set_level(pin, 0));
    assert_ok(gpio_config(&output));
    assert_ok(gpio_new_etm_task(&config, &task));
    assert_ok(gpio_etm_task_add_gpio(task, pin));
    return task;
}

void del_pin_task(esp_etm_task_handle_t task, int pin)
{
    assert_ok(gpio_etm_task_rm_gpio(task, pin));
    assert_ok(esp_etm_del_task(task));
    assert_ok(gpio_reset_pin(pin));
}

esp_etm_channel_handle_t wire(esp_etm_event_handle_t event, esp_etm_task_handle_t task)
{
    esp_etm_channel_handle_t channel = new_channel();
    assert_ok(esp_etm_channel_connect(channel, event, task));
    assert_ok(esp_etm_channel_enable(channel));
    return channel;
}

void unwire(esp_etm_channel_handle_t channel)
{
    assert_ok(esp_etm_channel_disable(channel));
    assert_ok(esp_etm_del_channel(channel));
}

void raise_event(async_memcpy_t driver)
{
    unsigned char *memory = new_memory(8);
    assert_ok(esp_memcpy_blocking(driver, memory + 4, memory, 4, -1));
    heap_caps_free(memory);
}

/* ---- Seeing and waiting ---- */

bool see(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver;
    struct seen *seen = argument;
    seen->result = *(const async_memcpy_result_t *)event->data;
    if (seen->result.status != ESP_OK) {
        atomic_store(&seen->failure, seen->result.status);
        atomic_fetch_add(&seen->failures, 1);
    } else {
        atomic_fetch_add(&seen->good, 1);
    }
    atomic_fetch_add(&seen->calls, 1);
    return false;
}

void sleep_ms(unsigned ms)
{
    struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&time, NULL);
}

bool await(atomic_uint *count, unsigned wanted)
{
    for (unsigned turn = 0; turn < 50000 && atomic_load(count) < wanted; turn++) {
        struct timespec time = {0, 100000};
        nanosleep(&time, NULL);
    }
    return atomic_load(count) >= wanted;
}

/* ---- The matrix ---- */

static bool is_enabled(unsigned channel)
{
    return (mmio_read(etm_enable(channel, ETM_ENABLE)) >> channel % 32 & 1) != 0;
}

bool carries(unsigned channel, uint32_t event, uint32_t task)
{
    return is_enabled(channel) && mmio_read(etm_event_id(channel)) == event &&
           mmio_read(etm_task_id(channel)) == task;
}

bool carries_nothing(unsigned channel)
{
    return !is_enabled(channel) && mmio_read(etm_event_id(channel)) == 0 &&
           mmio_read(etm_task_id(channel)) == 0;
}
