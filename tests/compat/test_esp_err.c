/* SPDX-License-Identifier: Apache-2.0 */
/* esp_err.h: values, names, and what the checks do. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "check.h"
#include "child.h"
#include "esp_err.h"

static void codes_have_esp_idf_s_values_and_their_names(void **state)
{
    (void)state;
    static const struct {
        esp_err_t code;
        int value;
        const char *name;
    } codes[] = {
        {ESP_OK, 0, "ESP_OK"},
        {ESP_FAIL, -1, "ESP_FAIL"},
        {ESP_ERR_NO_MEM, 0x101, "ESP_ERR_NO_MEM"},
        {ESP_ERR_INVALID_ARG, 0x102, "ESP_ERR_INVALID_ARG"},
        {ESP_ERR_INVALID_STATE, 0x103, "ESP_ERR_INVALID_STATE"},
        {ESP_ERR_INVALID_SIZE, 0x104, "ESP_ERR_INVALID_SIZE"},
        {ESP_ERR_NOT_FOUND, 0x105, "ESP_ERR_NOT_FOUND"},
        {ESP_ERR_NOT_SUPPORTED, 0x106, "ESP_ERR_NOT_SUPPORTED"},
        {ESP_ERR_TIMEOUT, 0x107, "ESP_ERR_TIMEOUT"},
        {ESP_ERR_INVALID_RESPONSE, 0x108, "ESP_ERR_INVALID_RESPONSE"},
        {ESP_ERR_INVALID_CRC, 0x109, "ESP_ERR_INVALID_CRC"},
        {ESP_ERR_INVALID_VERSION, 0x10a, "ESP_ERR_INVALID_VERSION"},
        {ESP_ERR_INVALID_MAC, 0x10b, "ESP_ERR_INVALID_MAC"},
        {ESP_ERR_NOT_FINISHED, 0x10c, "ESP_ERR_NOT_FINISHED"},
        {ESP_ERR_NOT_ALLOWED, 0x10d, "ESP_ERR_NOT_ALLOWED"},
        {ESP_ERR_WIFI_BASE, 0x3000, "ESP_ERR_WIFI_BASE"},
        {ESP_ERR_MESH_BASE, 0x4000, "ESP_ERR_MESH_BASE"},
        {ESP_ERR_FLASH_BASE, 0x6000, "ESP_ERR_FLASH_BASE"},
        {ESP_ERR_HW_CRYPTO_BASE, 0xc000, "ESP_ERR_HW_CRYPTO_BASE"},
        {ESP_ERR_MEMPROT_BASE, 0xd000, "ESP_ERR_MEMPROT_BASE"},
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        assert_int_equal(codes[i].code, codes[i].value);
        assert_string_equal(esp_err_to_name(codes[i].code), codes[i].name);
    }
    assert_string_equal(esp_err_to_name(0x7777), "UNKNOWN ERROR");
    assert_string_equal(esp_err_to_name(-2), "UNKNOWN ERROR");
}

static int calls;

static esp_err_t counted(esp_err_t result)
{
    calls++;
    return result;
}

static void a_check_that_holds_goes_on_after_one_evaluation(void **state)
{
    (void)state;
    calls = 0;
    ESP_ERROR_CHECK(counted(ESP_OK));
    assert_int_equal(calls, 1);
    assert_int_equal(ESP_ERROR_CHECK_WITHOUT_ABORT(counted(ESP_OK)), ESP_OK);
    assert_int_equal(calls, 2);
}

static int failing_check(void)
{
    ESP_ERROR_CHECK(counted(ESP_ERR_NO_MEM));
    return 0;
}
enum { LINE_OF_FAILING_CHECK = __LINE__ - 3 };

static void a_check_that_fails_says_what_and_where_and_stops(void **state)
{
    (void)state;
    char place[64];
    snprintf(place, sizeof place, "test_esp_err.c:%d:", LINE_OF_FAILING_CHECK);
    assert_stops(failing_check, (const char *const[]){place, "failing_check()", "counted(ESP_ERR_NO_MEM)",
                                                      "gave ESP_ERR_NO_MEM (0x101)", NULL});
}

static int failing_check_without_abort(void)
{
    calls = 0;
    esp_err_t code = ESP_ERROR_CHECK_WITHOUT_ABORT(counted(ESP_ERR_TIMEOUT));
    return code == ESP_ERR_TIMEOUT && calls == 1 ? 0 : 1;
}

static void a_check_without_abort_says_the_same_and_goes_on(void **state)
{
    (void)state;
    char said[1024];
    int status = child_run(failing_check_without_abort, said, sizeof said);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_non_null(strstr(said, "failing_check_without_abort()"));
    assert_non_null(strstr(said, "gave ESP_ERR_TIMEOUT (0x107)\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_have_esp_idf_s_values_and_their_names),
        cmocka_unit_test(a_check_that_holds_goes_on_after_one_evaluation),
        cmocka_unit_test(a_check_that_fails_says_what_and_where_and_stops),
        cmocka_unit_test(a_check_without_abort_says_the_same_and_goes_on),
    };
    return cmocka_run_group_tests_name("compat: esp_err.h", tests, NULL, NULL);
}
