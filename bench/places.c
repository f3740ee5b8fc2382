/* SPDX-License-Identifier: Apache-2.0 */
#include "places.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define MIB ((size_t)1 << 20)
#define GIB ((size_t)1 << 30)

#define HOT_SIZE (128 * MIB)
/* The source is longer, so that a destination meets another source each time round: then a copy that was not
 * made shows. */
#define COLD_DST GIB
#define COLD_SRC (GIB + 48 * MIB)

static struct {
    char *hot_dst, *hot_src, *cold_dst, *cold_src;
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

bool places_init(bool quick)
{
    (void)quick;
    memory.hot_dst = take(HOT_SIZE);
    memory.hot_src = take(HOT_SIZE);
    memory.cold_dst = take(COLD_DST);
    memory.cold_src = take(COLD_SRC);
    if (memory.hot_dst == NULL || memory.hot_src == NULL || memory.cold_dst == NULL ||
        memory.cold_src == NULL) {
        fprintf(stderr, "bench: no memory; 3 GiB must be free\n");
        return false;
    }
    fill(memory.hot_src, HOT_SIZE, 1);
    fill(memory.cold_src, COLD_SRC, 2);
    memset(memory.hot_dst, 0xa5, HOT_SIZE);
    memset(memory.cold_dst, 0xa5, COLD_DST);
    return true;
}

struct places places_hot(size_t n, unsigned slots)
{
    size_t end = n * slots;
    if (end > HOT_SIZE) {
        end = HOT_SIZE / n * n;
    }
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
                           .dst_end = COLD_DST,
                           .src_end = COLD_SRC,
                           .dst_at = round_up(memory.cold_dst_at, n, COLD_DST),
                           .src_at = round_up(memory.cold_src_at, n, COLD_SRC),
                           .cold = true};
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
    uint64_t lap = places->dst_end / places->n;
    for (uint64_t i = 0; i < places->count && i < lap; i++) {
        struct copy copy = places_next(&walk);
        if (places->count > lap && places->cold) {
            continue;
        }
        if (memcmp(copy.dst, copy.src, copy.n) != 0) {
            return false;
        }
    }
    return true;
}
