/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernels for x86-64. One block an iteration, and the source fetched well ahead: loads in larger groups make
 * the CPU's own prefetcher lose track. A prefetch beyond the source reads nothing that could fault.
 */
#include <immintrin.h>

#include "copy.h"

#define AHEAD 2048 /* bytes */

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") != 0;
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") != 0;
}

__attribute__((target("avx512f"))) static void stream_avx512(unsigned char *dst, const unsigned char *src,
                                                             size_t blocks)
{
    for (; blocks != 0; blocks--, dst += COPY_BLOCK, src += COPY_BLOCK) {
        _mm_prefetch((const char *)src + AHEAD, _MM_HINT_T0);
        _mm512_stream_si512((__m512i *)dst, _mm512_loadu_si512(src));
    }
    _mm_sfence();
}

__attribute__((target("avx2"))) static void stream_avx2(unsigned char *dst, const unsigned char *src,
                                                        size_t blocks)
{
    for (; blocks != 0; blocks--, dst += COPY_BLOCK, src += COPY_BLOCK) {
        _mm_prefetch((const char *)src + AHEAD, _MM_HINT_T0);
        __m256i low = _mm256_loadu_si256((const __m256i *)src);
        __m256i high = _mm256_loadu_si256((const __m256i *)src + 1);
        _mm256_stream_si256((__m256i *)dst, low);
        _mm256_stream_si256((__m256i *)dst + 1, high);
    }
    _mm_sfence();
}

const struct copy_kernel copy_kernels[] = {
    {"avx512", has_avx512, stream_avx512},
    {"avx2", has_avx2, stream_avx2},
    {NULL, NULL, NULL},
};
