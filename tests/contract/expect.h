/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmocka, and what the contract suite asserts again and again. Everything here is for the main thread: the
 * others write down what they saw, and the main thread judges it after it has joined or waited.
 */
#ifndef EXPECT_H
#define EXPECT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "esp_err.h"

/* The call returns this code; a failure names both codes. */
#define assert_code(call, code) expect_code((call), (code), #call, __FILE__, __LINE__)
#define assert_ok(call)         assert_code(call, ESP_OK)

/* The call returns this code and logs one line, an error of the library's, which contains all the words of a
 * list that NULL ends; assert_mute(): it returns the code and logs nothing. */
#define assert_refused(call, code, ...)                                                                      \
    do {                                                                                                     \
        log_capture_begin();                                                                                 \
        esp_err_t returned_ = (call);                                                                        \
        log_capture_end();                                                                                   \
        expect_code(returned_, (code), #call, __FILE__, __LINE__);                                           \
        expect_log((const char *const[]){__VA_ARGS__, NULL}, #call, __FILE__, __LINE__);                     \
    } while (0)
#define assert_mute(call, code)                                                                              \
    do {                                                                                                     \
        log_capture_begin();                                                                                 \
        esp_err_t returned_ = (call);                                                                        \
        log_capture_end();                                                                                   \
        expect_code(returned_, (code), #call, __FILE__, __LINE__);                                           \
        assert_string_equal(log_captured(), "");                                                             \
    } while (0)

void expect_code(esp_err_t found, esp_err_t wanted, const char *call, const char *file, int line);
void expect_log(const char *const *words, const char *call, const char *file, int line);

/* Keep what is logged from begin to end, by any thread, instead of printing it. */
void log_capture_begin(void);
void log_capture_end(void);
const char *log_captured(void);

#endif
