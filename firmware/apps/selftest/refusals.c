/* SPDX-License-Identifier: Apache-2.0 */
/* What is refused, with which code, in which words; and that a refusal changes nothing. */
#include "esp_heap_caps.h"
#include "esp_log.h"
#include "freertos/FreeRTOS.h"
#include "selftest.h"

#define PAIRS 3

static esp_err_t try_install(async_memcpy_config_t config)
{
    async_memcpy_t driver = (async_memcpy_t)&config;
    size_t before = heap_caps_get_free_size(MALLOC_CAP_DMA);
    esp_err_t status = esp_async_memcpy_install(&config, &driver);
    if (status == ESP_OK) {
        uninstall(driver);
    } else {
        EXPECT(driver == NULL);
    }
    EXPECT(heap_caps_get_free_size(MALLOC_CAP_DMA) == before);
    return status;
}

static void install_refuses_null(void)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = (async_memcpy_t)&config;
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy_install(NULL, &driver));
    EXPECT(driver == NULL);
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy_install(&config, NULL));
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy_install_gdma_ahb(NULL, NULL));
}

static void install_takes_alignments_that_are_allowed(void)
{
    for (size_t align = 0; align <= 130; align++) {
        bool power = align != 0 && (align & (align - 1)) == 0;
        bool sram = align == 0 || (power && align <= 64);
        bool psram = align == 0 || align == 16 || align == 32 || align == 64;
        EXPECT_CODE(sram ? ESP_OK : ESP_ERR_INVALID_ARG,
                    try_install((async_memcpy_config_t){.sram_trans_align = align}));
        EXPECT_CODE(psram ? ESP_OK : ESP_ERR_INVALID_ARG,
                    try_install((async_memcpy_config_t){.psram_trans_align = align}));
    }
}

static void install_refuses_each_flag(void)
{
    for (unsigned bit = 0; bit < 32; bit++) {
        uint32_t flag = UINT32_C(1) << bit;
        if ((flag & ASYNC_MEMCPY_FLAG_HINTS) == 0) {
            EXPECT_CODE(ESP_ERR_INVALID_ARG, try_install((async_memcpy_config_t){.flags = flag}));
        }
    }
}

static void install_takes_fields_of_newer_programs(void)
{
    EXPECT_CODE(ESP_OK, try_install((async_memcpy_config_t){.dma_burst_size = 64, .weight = 3}));
}

static void backlogs_beyond_memory_are_no_memory(void)
{
    static const uint32_t backlogs[] = {20000,    65534,          65535,    1000000,
                                        1u << 24, (1u << 24) + 1, 1u << 31, UINT32_MAX};
    for (size_t i = 0; i < sizeof backlogs / sizeof backlogs[0]; i++) {
        EXPECT_CODE(ESP_ERR_NO_MEM, try_install((async_memcpy_config_t){.backlog = backlogs[i]}));
    }
}

static void fourth_driver_finds_no_channel(void)
{
    async_memcpy_t drivers[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
        drivers[i] = install(1);
    }
    for (int again = 0; again < 100; again++) {
        EXPECT_CODE(ESP_FAIL, try_install((async_memcpy_config_t)ASYNC_MEMCPY_DEFAULT_CONFIG()));
    }
    uninstall(drivers[1]);
    EXPECT_CODE(ESP_OK, try_install((async_memcpy_config_t)ASYNC_MEMCPY_DEFAULT_CONFIG()));
    uninstall(drivers[0]);
    uninstall(drivers[2]);
}

static void copy_refuses_null_and_nothing(void)
{
    async_memcpy_t driver = install(1);
    uint8_t *bytes = buffer(8);
    unsigned calls = 0;
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy(NULL, bytes, bytes + 4, 4, count, &calls));
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy(driver, NULL, bytes, 4, count, &calls));
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy(driver, bytes, NULL, 4, count, &calls));
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy(driver, bytes, bytes + 4, 0, count, &calls));
    EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
    EXPECT(calls == 0);
    uninstall(driver);
    heap_caps_free(bytes);
}

/* Flash, ROM, LP memory, registers, and windows that leave the SRAM at either end. */
static void copy_refuses_memory_that_the_dma_cannot_reach(void)
{
    static const struct {
        uintptr_t address;
        size_t n;
    } windows[] = {
        {0x42000000, 16}, {0x40000000, 16}, {0x50000000, 16}, {0x60080000, 16},         {0x407FFFFC, 8},
        {0x4084FFFC, 8},  {0x40850000, 1},  {0xFFFFFFF0, 32}, {0x40840000, 0xFFFFFFFF},
    };
    async_memcpy_t driver = install(1);
    uint8_t *bytes = buffer(64);
    for (size_t i = 0; i < sizeof windows / sizeof windows[0]; i++) {
        void *there = (void *)windows[i].address;
        EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy(driver, bytes, there, windows[i].n, NULL, NULL));
        EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy(driver, there, bytes, windows[i].n, NULL, NULL));
    }
    uninstall(driver);
    heap_caps_free(bytes);
}

static void copy_refuses_overlaps(void)
{
    async_memcpy_t driver = install(1);
    uint8_t *bytes = buffer(64);
    for (size_t n = 1; n <= 16; n++) {
        for (int shift = -20; shift <= 20; shift++) {
            size_t distance = (size_t)(shift < 0 ? -shift : shift);
            bool fine = shift == 0 || distance >= n;
            EXPECT_CODE(fine ? ESP_OK : ESP_ERR_INVALID_ARG,
                        esp_async_memcpy(driver, bytes + 24 + shift, bytes + 24, n, NULL, NULL));
            EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
        }
    }
    uninstall(driver);
    heap_caps_free(bytes);
}

static void declared_alignment_binds_destination_and_size(void)
{
    uint8_t *bytes = heap_caps_aligned_calloc(64, 1, 512, MALLOC_CAP_DMA);
    for (size_t align = 1; align <= 64; align *= 2) {
        async_memcpy_config_t config = {.sram_trans_align = align};
        async_memcpy_t driver = NULL;
        ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));
        for (size_t offset = 0; offset < 65; offset++) {
            bool fine = offset % align == 0;
            EXPECT_CODE(fine ? ESP_OK : ESP_ERR_INVALID_ARG,
                        esp_memcpy_blocking(driver, bytes + offset, bytes + 256 + 3, 64, 1000));
            EXPECT_CODE(fine ? ESP_OK : ESP_ERR_INVALID_ARG,
                        esp_memcpy_blocking(driver, bytes, bytes + 256 + 3, 64 + offset, 1000));
        }
        uninstall(driver);
    }
    heap_caps_free(bytes);
}

static void others_refuse_bad_arguments(void)
{
    async_memcpy_t driver = install(1);
    uint8_t *bytes = buffer(8);
    esp_etm_event_handle_t event = NULL;
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy_uninstall(NULL));
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy_wait(NULL, 0));
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy_wait(driver, -2));
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_memcpy_blocking(NULL, bytes, bytes + 4, 4, 0));
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_memcpy_blocking(driver, bytes, bytes + 4, 0, 0));
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_memcpy_blocking(driver, bytes, bytes + 4, 4, -2));
    EXPECT_CODE(ESP_ERR_INVALID_ARG,
                esp_async_memcpy_timed(driver, bytes, bytes + 4, 4, NULL, NULL, INT32_MIN));
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy_timed(driver, NULL, bytes + 4, 4, NULL, NULL, -1));
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy_new_etm_event(driver, 0, NULL));
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy_new_etm_event(NULL, 0, &event));
    EXPECT_CODE(ESP_ERR_NOT_SUPPORTED, esp_async_memcpy_new_etm_event(driver, 1, &event));
    EXPECT(event == NULL);
    uninstall(driver);
    heap_caps_free(bytes);
}

static unsigned lines;

static int count_lines(const char *format, va_list arguments)
{
    (void)format;
    (void)arguments;
    lines++;
    return 0;
}

static void refuse_once(async_memcpy_t driver, void *arg)
{
    *(esp_err_t *)arg = esp_async_memcpy(driver, NULL, arg, 1, NULL, NULL);
}

static void refusals_log_one_line_but_not_from_interrupts(void)
{
    esp_err_t status = ESP_OK;
    vprintf_like_t before = esp_log_set_vprintf(count_lines);
    esp_log_level_set("async_memcpy", ESP_LOG_ERROR);
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy_uninstall(NULL));
    EXPECT(lines == 1);
    in_callback(refuse_once, &status);
    EXPECT(status == ESP_ERR_INVALID_ARG && lines == 1);
    esp_log_level_set("async_memcpy", ESP_LOG_NONE);
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy_uninstall(NULL));
    EXPECT(lines == 1);
    esp_log_set_vprintf(before);
}

void test_refusals(void)
{
    TEST(refusals_log_one_line_but_not_from_interrupts);
    TEST(install_refuses_null);
    TEST(install_takes_alignments_that_are_allowed);
    TEST(install_refuses_each_flag);
    TEST(install_takes_fields_of_newer_programs);
    TEST(backlogs_beyond_memory_are_no_memory);
    TEST(fourth_driver_finds_no_channel);
    TEST(copy_refuses_null_and_nothing);
    TEST(copy_refuses_memory_that_the_dma_cannot_reach);
    TEST(copy_refuses_overlaps);
    TEST(declared_alignment_binds_destination_and_size);
    TEST(others_refuse_bad_arguments);
}
