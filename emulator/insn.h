/* SPDX-License-Identifier: Apache-2.0 */
/* What the emulator has to know about an instruction of rv32imac before it is executed. */
#ifndef INSN_H
#define INSN_H

#include <stdint.h>

enum insn {
    INSN_PLAIN,
    INSN_JUMP,   /* leaves no return address: perhaps a tail call */
    INSN_CALL,   /* leaves one in ra or t0 */
    INSN_RETURN, /* jumps to ra or t0 */
    INSN_CSR,
    INSN_MRET,
    INSN_WFI,
    INSN_ECALL,
    INSN_EBREAK
};

enum { X_RA = 1, X_T0 = 5 };

static inline bool insn_is_link(uint32_t reg)
{
    return reg == X_RA || reg == X_T0;
}

static inline uint32_t insn_rd(uint32_t word)
{
    return word >> 7 & 31u;
}

static inline uint32_t insn_rs1(uint32_t word)
{
    return word >> 15 & 31u;
}

static inline uint32_t insn_csr(uint32_t word)
{
    return word >> 20;
}

static inline uint32_t insn_size(uint32_t word)
{
    return (word & 3u) == 3u ? 4 : 2;
}

static inline enum insn insn_compressed(uint32_t word)
{
    uint32_t reg = insn_rd(word);

    switch (word & 0xE003u) {
    case 0x2001u: /* c.jal */
        return INSN_CALL;
    case 0xA001u: /* c.j */
        return INSN_JUMP;
    case 0x8002u: /* c.jr, c.jalr, c.ebreak; with a second register c.mv, c.add */
        if ((word >> 2 & 31u) != 0) {
            return INSN_PLAIN;
        }
        if ((word & 0x1000u) != 0) {
            return reg == 0 ? INSN_EBREAK : INSN_CALL;
        }
        return insn_is_link(reg) ? INSN_RETURN : INSN_JUMP;
    default:
        return INSN_PLAIN;
    }
}

static inline enum insn insn_system(uint32_t word)
{
    if ((word >> 12 & 7u) != 0) {
        return INSN_CSR;
    }
    switch (word) {
    case 0x00000073u:
        return INSN_ECALL;
    case 0x00100073u:
        return INSN_EBREAK;
    case 0x10500073u:
        return INSN_WFI;
    case 0x30200073u:
        return INSN_MRET;
    default:
        return INSN_PLAIN;
    }
}

static inline enum insn insn_of(uint32_t word)
{
    if ((word & 3u) != 3u) {
        return insn_compressed(word);
    }
    switch (word & 0x7Fu) {
    case 0x6Fu: /* jal */
        return insn_is_link(insn_rd(word)) ? INSN_CALL : INSN_JUMP;
    case 0x67u: /* jalr */
        if (insn_is_link(insn_rd(word))) {
            return INSN_CALL;
        }
        return insn_is_link(insn_rs1(word)) ? INSN_RETURN : INSN_JUMP;
    case 0x73u:
        return insn_system(word);
    default:
        return INSN_PLAIN;
    }
}

#endif
