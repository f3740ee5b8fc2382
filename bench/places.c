/* SPDX-License-Identifier: Apache-2.0 */
#include "places.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

static struct {
    char *hot_dst, *hot_src, *cold_dst, *cold_src;
    size_t hot_end, cold_dst_end, cold_src_end;
    size_t cold_dst_at, cold_src_at;
    uint64_t mark;
} memory;

static char *take(size_t size)
{
    char *taken = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (taken == MAP_FAILED) {
        return NULL;
    }
    madvise(taken, size, MADV_HUGEPAGE);
    return taken;
}

/* Words that all differ. */
static void fill(char *region, size_t size, uint64_t seed)
{
    for (size_t at = 0; at < size; at += sizeof seed) {
        seed += UINT64_C(0x9e3779b97f4a7c15);
        memcpy(region + at, &seed, sizeof seed);
    }
}

bool places_init(size_t hot, size_t cold)
{
    memory.hot_end = hot;
    memory.cold_dst_end = cold;
    /* The source is longer, so that a destination meets another source each time round: then a copy that was
     * not made shows. */
    memory.cold_src_end = cold + cold / 16;
    memory.hot_dst = take(hot);
    memory.hot_src = take(hot);
    memory.cold_dst = take(memory.cold_dst_end);
    memory.cold_src = take(memory.cold_src_end);
    if (memory.hot_dst == NULL || memory.hot_src == NULL || memory.cold_dst == NULL ||
        memory.cold_src == NULL) {
        return false;
    }
    fill(memory.hot_src, hot, 1);
    fill(memory.cold_src, memory.cold_src_end, 2);
    memset(memory.hot_dst, 0xa5, hot);
    memset(memory.cold_dst, 0xa5, cold);
    return true;
}

struct places places_hot(size_t n, unsigned slots)
{
    size_t end = n * slots < memory.hot_end ? n * slots : memory.hot_end / n * n;
    return (struct places){
        .dst = memory.hot_dst, .src = memory.hot_src, .n = n, .dst_end = end, .src_end = end};
}

/* Up to a multiple of n: the walk before had another size. */
static size_t round_up(size_t at, size_t n, size_t end)
{
    at = (at + n - 1) / n * n;
    return at + n > end ? 0 : at;
}

struct places places_cold(size_t n)
{
    return (struct places){.dst = memory.cold_dst,
                           .src = memory.cold_src,
                           .n = n,
                           .dst_end = memory.cold_dst_end,
                           .src_end = memory.cold_src_end,
                           .dst_at = round_up(memory.cold_dst_at, n, memory.cold_dst_end),
                           .src_at = round_up(memory.cold_src_at, n, memory.cold_src_end),
                           .cold = true};
}

void places_skip(struct places *places)
{
    if (!places->cold) {
        places->dst += places->dst_end;
        places->src += places->src_end;
        return;
    }
    size_t half = places->dst_end / 2 / places->n * places->n;
    places->dst_at = round_up((places->dst_at + half) % places->dst_end, places->n, places->dst_end);
    places->src_at = round_up((places->src_at + half) % places->src_end, places->n, places->src_end);
    places->dst_from = places->dst_at;
    places->src_from = places->src_at;
}

void places_leave(const struct places *places)
{
    if (places->cold) {
        memory.cold_dst_at = places->dst_at;
        memory.cold_src_at = places->src_at;
    }
}

void places_check_from(struct places *places)
{
    places->count = 0;
    places->dst_from = places->dst_at;
    places->src_from = places->src_at;
    if (places->cold) {
        return;
    }
    memory.mark++;
    for (size_t at = 0; at + places->n <= places->src_end; at += places->n) {
        size_t word = (memory.mark * 8) % (places->n / 8 * 8);
        memcpy(places->src + at + word, &memory.mark, sizeof memory.mark);
    }
}

bool places_check(const struct places *places)
{
    struct places walk = *places;
    walk.dst_at = places->dst_from;
    walk.src_at = places->src_from;
    uint64_t slots = places->dst_end / places->n;
    for (uint64_t i = 0; i < places->count; i++) {
        struct copy copy = places_next(&walk);
        if (i + slots >= places->count && memcmp(copy.dst, copy.src, copy.n) != 0) {
            return false;
        }
    }
    return true;
}
