/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle.h"

#include <stdio.h>

enum mark { DST_OUTSIDE = 0x00, DST_INSIDE = 0x40, SRC_OUTSIDE = 0x80, SRC_INSIDE = 0xC0, MARK = 0xC0 };

static const char *const verdicts[] = {
    [ORACLE_GOOD] = "good",
    [ORACLE_NOT_COPIED] = "not copied",
    [ORACLE_TOO_FAR] = "copied too far",
    [ORACLE_ELSEWHERE] = "copied from elsewhere",
    [ORACLE_SOURCE_DAMAGED] = "source damaged",
    [ORACLE_DST_DAMAGED] = "destination damaged",
};

/* Six bits that a shift by any distance changes. `place` counts from the first byte of the guard. */
static unsigned char counter(uint32_t seed, size_t place)
{
    uint64_t mixed = (place + 1 + ((uint64_t)seed << 32)) * UINT64_C(0x9E3779B97F4A7C15);
    mixed ^= mixed >> 29;
    mixed *= UINT64_C(0xBF58476D1CE4E5B9);
    return (unsigned char)(mixed >> 58);
}

static bool inside(const struct oracle *oracle, size_t place)
{
    return place >= oracle->guard && place - oracle->guard < oracle->n;
}

static unsigned char src_byte(const struct oracle *oracle, size_t place)
{
    return (unsigned char)((inside(oracle, place) ? SRC_INSIDE : SRC_OUTSIDE) | counter(oracle->seed, place));
}

static unsigned char dst_byte(const struct oracle *oracle, size_t place)
{
    return (unsigned char)((inside(oracle, place) ? DST_INSIDE : DST_OUTSIDE) |
                           counter(~oracle->seed, place));
}

void oracle_prepare(const struct oracle *oracle)
{
    size_t size = oracle->n + 2 * oracle->guard;
    for (size_t place = 0; place < size; place++) {
        oracle->src[place - oracle->guard] = src_byte(oracle, place);
    }
    for (size_t place = 0; oracle->dst != oracle->src && place < size; place++) {
        oracle->dst[place - oracle->guard] = dst_byte(oracle, place);
    }
}

/* Why a byte of the destination is not what it should be. */
static enum oracle_verdict judge_dst(const struct oracle *oracle, size_t place, unsigned char found,
                                     bool copied)
{
    bool from_source = (found & MARK) == SRC_INSIDE || (found & MARK) == SRC_OUTSIDE;
    if (found == dst_byte(oracle, place)) {
        return ORACLE_NOT_COPIED;
    }
    if (!from_source) {
        return ORACLE_DST_DAMAGED;
    }
    return copied && inside(oracle, place) ? ORACLE_ELSEWHERE : ORACLE_TOO_FAR;
}

struct finding {
    enum oracle_verdict verdict; /* the worst */
    size_t bytes;                /* with this verdict */
    size_t first;
    unsigned char found;
    unsigned char wanted;
};

static void note(struct finding *finding, enum oracle_verdict verdict, size_t place, unsigned char found,
                 unsigned char wanted)
{
    if (verdict > finding->verdict) {
        *finding = (struct finding){verdict, 0, place, found, wanted};
    }
    finding->bytes += verdict == finding->verdict;
}

static struct finding look(const struct oracle *oracle, bool copied)
{
    struct finding finding = {.verdict = ORACLE_GOOD};
    for (size_t place = 0; place < oracle->n + 2 * oracle->guard; place++) {
        unsigned char wanted = src_byte(oracle, place);
        unsigned char found = oracle->src[place - oracle->guard];
        if (found != wanted) {
            note(&finding, ORACLE_SOURCE_DAMAGED, place, found, wanted);
        }
        if (oracle->dst == oracle->src) {
            continue;
        }
        wanted = copied && inside(oracle, place) ? wanted : dst_byte(oracle, place);
        found = oracle->dst[place - oracle->guard];
        if (found != wanted) {
            note(&finding, judge_dst(oracle, place, found, copied), place, found, wanted);
        }
    }
    return finding;
}

static enum oracle_verdict check(const struct oracle *oracle, bool copied, char *message, size_t size)
{
    struct finding finding = look(oracle, copied);
    message[0] = '\0';
    if (finding.verdict != ORACLE_GOOD) {
        snprintf(message, size,
                 "%s: %zu bytes, the first at %lld of a window of %zu: 0x%02x instead of 0x%02x; "
                 "dst %p, src %p, seed %u",
                 verdicts[finding.verdict], finding.bytes,
                 (long long)finding.first - (long long)oracle->guard, oracle->n, finding.found,
                 finding.wanted, (void *)oracle->dst, (void *)oracle->src, (unsigned)oracle->seed);
    }
    return finding.verdict;
}

enum oracle_verdict oracle_check(const struct oracle *oracle, char *message, size_t size)
{
    return check(oracle, true, message, size);
}

enum oracle_verdict oracle_check_untouched(const struct oracle *oracle, char *message, size_t size)
{
    return check(oracle, false, message, size);
}
