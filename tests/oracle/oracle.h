/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The oracle for copies, after the idea of Linux's dmatest: each byte says where it belongs.
 *
 *          guard          window (n)          guard
 *   src  ▒▒▒▒▒▒▒▒▒▒ ████████████████████████ ▒▒▒▒▒▒▒▒▒▒     bits 7..6: which of these four
 *   dst  ░░░░░░░░░░ ························ ░░░░░░░░░░     bits 5..0: a counter, scrambled by seed and place
 *
 * After the copy every byte of both buffers, guards included, is compared with what it should be; a wrong one
 * tells by its mark what went wrong. dst == src is the copy in place: then nothing may have changed.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct oracle {
    unsigned char *dst; /* the windows: `guard` bytes before and after them belong to the oracle, too */
    unsigned char *src;
    size_t n;
    size_t guard;
    uint32_t seed; /* another one for each copy, so that old data do not pass for new */
};

enum oracle_verdict {
    ORACLE_GOOD,
    ORACLE_NOT_COPIED,     /* the destination still has its own byte */
    ORACLE_TOO_FAR,        /* a byte of the source lies outside the destination's window */
    ORACLE_ELSEWHERE,      /* a byte of the source, but of another place */
    ORACLE_SOURCE_DAMAGED, /* a byte of the source has changed */
    ORACLE_DST_DAMAGED,    /* a byte of the destination has become something else */
};

/* Mark both buffers. */
void oracle_prepare(const struct oracle *oracle);

/* Judge them after the copy; the worst is told in one line in `message`, which stays empty if all is good. */
enum oracle_verdict oracle_check(const struct oracle *oracle, char *message, size_t size);

/* The same where no copy may have happened: nothing has changed. */
enum oracle_verdict oracle_check_untouched(const struct oracle *oracle, char *message, size_t size);

#endif
