/* SPDX-License-Identifier: Apache-2.0 */
/* The least that C needs: vectors, a stack, empty .bss; main() returns the exit status. */
    .option arch, +zicsr
    .section .start, "ax"
    .globl _start
    .type _start, @function
_start:
    la sp, stack_top
    la t0, vectors + 1
    csrw mtvec, t0
    li t0, -1
    csrw mie, t0
    la t0, bss_start
    la t1, bss_end
    j 2f
1:  sw zero, (t0)
    addi t0, t0, 4
2:  bltu t0, t1, 1b
    call main
    call leave
    .size _start, . - _start

/* leave(status): SYS_EXIT_EXTENDED */
    .globl leave
    .type leave, @function
leave:
    addi sp, sp, -16
    li t0, 0x20026
    sw t0, 0(sp)
    sw a0, 4(sp)
    li a0, 0x20
    mv a1, sp
    .globl host
host:
    .option push
    .option norvc
    .balign 16
    slli zero, zero, 0x1f
    ebreak
    srai zero, zero, 7
    .option pop
    ret
    .size leave, . - leave

/* Each line calls interrupt(mcause, saved), with all that C may change kept, mepc and mstatus too. */
    .type enter, @function
enter:
    addi sp, sp, -80
    sw ra, 0(sp)
    sw t0, 4(sp)
    sw t1, 8(sp)
    sw t2, 12(sp)
    sw t3, 16(sp)
    sw t4, 20(sp)
    sw t5, 24(sp)
    sw t6, 28(sp)
    sw a0, 32(sp)
    sw a1, 36(sp)
    sw a2, 40(sp)
    sw a3, 44(sp)
    sw a4, 48(sp)
    sw a5, 52(sp)
    sw a6, 56(sp)
    sw a7, 60(sp)
    csrr t0, mepc
    sw t0, 64(sp)
    csrr t0, mstatus
    sw t0, 68(sp)
    csrr a0, mcause
    mv a1, sp
    call interrupt
    lw t0, 68(sp)
    csrw mstatus, t0
    lw t0, 64(sp)
    csrw mepc, t0
    lw ra, 0(sp)
    lw t0, 4(sp)
    lw t1, 8(sp)
    lw t2, 12(sp)
    lw t3, 16(sp)
    lw t4, 20(sp)
    lw t5, 24(sp)
    lw t6, 28(sp)
    lw a0, 32(sp)
    lw a1, 36(sp)
    lw a2, 40(sp)
    lw a3, 44(sp)
    lw a4, 48(sp)
    lw a5, 52(sp)
    lw a6, 56(sp)
    lw a7, 60(sp)
    addi sp, sp, 80
    mret
    .size enter, . - enter

    .weak interrupt
    .type interrupt, @function
interrupt:
    ret
    .size interrupt, . - interrupt

    .balign 256
    .option push
    .option norvc
    .type vectors, @function
vectors:
    .rept 32
    j enter
    .endr
    .size vectors, . - vectors
    .option pop
