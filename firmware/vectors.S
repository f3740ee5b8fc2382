/* SPDX-License-Identifier: Apache-2.0 */
/* Where the CPU goes for exceptions (entry 0) and for its interrupt lines 1 to 31. */
    .option arch, +zicsr

    .section .vectors, "ax" /* aligned by the linker script, to 256 bytes */
    .option push
    .option norvc
    .option norelax
    .global vectors
    .type vectors, @function
vectors:
    j on_exception
    .rept 31
    j on_interrupt
    .endr
    .option pop
    .size vectors, . - vectors

    .text
    .type on_interrupt, @function
/* Interrupts stay off until mret, so the registers that a C function may change fit on the task's stack. */
on_interrupt:
    addi sp, sp, -64
    sw ra, 0(sp)
    sw t0, 4(sp)
    sw t1, 8(sp)
    sw t2, 12(sp)
    sw a0, 16(sp)
    sw a1, 20(sp)
    sw a2, 24(sp)
    sw a3, 28(sp)
    sw a4, 32(sp)
    sw a5, 36(sp)
    sw a6, 40(sp)
    sw a7, 44(sp)
    sw t3, 48(sp)
    sw t4, 52(sp)
    sw t5, 56(sp)
    sw t6, 60(sp)
    csrr a0, mcause
    andi a0, a0, 31
    call port_isr_dispatch
    lw ra, 0(sp)
    lw t0, 4(sp)
    lw t1, 8(sp)
    lw t2, 12(sp)
    lw a0, 16(sp)
    lw a1, 20(sp)
    lw a2, 24(sp)
    lw a3, 28(sp)
    lw a4, 32(sp)
    lw a5, 36(sp)
    lw a6, 40(sp)
    lw a7, 44(sp)
    lw t3, 48(sp)
    lw t4, 52(sp)
    lw t5, 56(sp)
    lw t6, 60(sp)
    addi sp, sp, 64
    mret
    .size on_interrupt, . - on_interrupt

    .type on_exception, @function
/* The end. The stack may be what is broken, so the message gets a fresh one. */
on_exception:
    csrr a0, mcause
    csrr a1, mepc
    csrr a2, mtval
    mv a3, ra
    mv a4, sp
    la sp, stack_end
    tail panic
    .size on_exception, . - on_exception
