/* SPDX-License-Identifier: Apache-2.0 */
/* Non-temporal stores of 32 and 64 bytes, with and without prefetch, straight on or four pages at a time. */
#include "streaming.h"

#include <immintrin.h>
#include <string.h>

#define AHEAD 2048 /* bytes: how far the prefetch is ahead */
#define PAGE  4096

static bool always(void)
{
    return true;
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f");
}

static void plain(char *dst, const char *src, size_t n)
{
    memcpy(dst, src, n);
}

__attribute__((target("avx2"))) static void line_avx2(char *dst, const char *src)
{
    __m256i low = _mm256_load_si256((const __m256i *)src);
    __m256i high = _mm256_load_si256((const __m256i *)(src + 32));
    _mm256_stream_si256((__m256i *)dst, low);
    _mm256_stream_si256((__m256i *)(dst + 32), high);
}

__attribute__((target("avx2"))) static void straight_avx2(char *dst, const char *src, size_t n)
{
    for (size_t at = 0; at < n; at += 64) {
        line_avx2(dst + at, src + at);
    }
    _mm_sfence();
}

__attribute__((target("avx2"))) static void prefetch_avx2(char *dst, const char *src, size_t n)
{
    for (size_t at = 0; at < n; at += 64) {
        _mm_prefetch(src + at + AHEAD, _MM_HINT_T0);
        line_avx2(dst + at, src + at);
    }
    _mm_sfence();
}

__attribute__((target("avx2"))) static void pages_avx2(char *dst, const char *src, size_t n)
{
    for (size_t at = 0; at < n; at += 4 * (size_t)PAGE) {
        for (size_t line = at; line < at + PAGE; line += 64) {
            line_avx2(dst + line, src + line);
            line_avx2(dst + line + PAGE, src + line + PAGE);
            line_avx2(dst + line + 2 * PAGE, src + line + 2 * PAGE);
            line_avx2(dst + line + 3 * PAGE, src + line + 3 * PAGE);
        }
    }
    _mm_sfence();
}

__attribute__((target("avx512f"))) static void straight_avx512(char *dst, const char *src, size_t n)
{
    for (size_t at = 0; at < n; at += 64) {
        _mm512_stream_si512((__m512i *)(dst + at), _mm512_load_si512(src + at));
    }
    _mm_sfence();
}

__attribute__((target("avx512f"))) static void prefetch_avx512(char *dst, const char *src, size_t n)
{
    for (size_t at = 0; at < n; at += 64) {
        _mm_prefetch(src + at + AHEAD, _MM_HINT_T0);
        _mm512_stream_si512((__m512i *)(dst + at), _mm512_load_si512(src + at));
    }
    _mm_sfence();
}

__attribute__((target("avx512f"))) static void pages_avx512(char *dst, const char *src, size_t n)
{
    for (size_t at = 0; at < n; at += 4 * (size_t)PAGE) {
        for (size_t line = at; line < at + PAGE; line += 64) {
            for (size_t page = line; page < line + 4 * (size_t)PAGE; page += PAGE) {
                _mm512_stream_si512((__m512i *)(dst + page), _mm512_load_si512(src + page));
            }
        }
    }
    _mm_sfence();
}

const struct streaming streaming[] = {
    {"memcpy", always, plain},
    {"avx2", has_avx2, straight_avx2},
    {"avx2 prefetch", has_avx2, prefetch_avx2},
    {"avx2 4 pages", has_avx2, pages_avx2},
    {"avx512 prefetch", has_avx512, prefetch_avx512},
    {"avx512", has_avx512, straight_avx512},
    {"avx512 4 pages", has_avx512, pages_avx512},
    {NULL, NULL, NULL},
};
