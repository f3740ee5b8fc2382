/* SPDX-License-Identifier: Apache-2.0 */
/* From reset to C: registers, stack, empty memory. The image lies in RAM already. */
    .option arch, +zicsr

    .section .text.start, "ax"
    .global _start
    .type _start, @function
_start:
    csrci mstatus, 8 /* MIE */
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    la sp, stack_end
    la tp, __tls_base
    la t0, vectors
    ori t0, t0, 1 /* vectored */
    csrw mtvec, t0

    la t0, stack_first /* a pattern, from which stack_used() tells how deep it went */
    li t1, STACK_PATTERN
    la t2, stack_end
1:  sw t1, 0(t0)
    addi t0, t0, 4
    bltu t0, t2, 1b

    la t0, bss_first
    la t2, bss_end
2:  sw zero, 0(t0)
    addi t0, t0, 4
    bltu t0, t2, 2b

    li t0, -1 /* lines are chosen in matrix and PLIC */
    csrw mie, t0
    j start_main
    .size _start, . - _start
