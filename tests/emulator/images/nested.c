/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts by software: who comes first, who waits, who comes in between. */
#include "board.h"

enum { LOW = 1, MIDDLE = 2, HIGH = 5 };

static char order[32];
static unsigned length;

static void note(char what)
{
    if (length < sizeof order - 1) {
        order[length++] = what;
    }
}

static void print_order(const char *what)
{
    print(what);
    print(" ");
    print(order);
    print("\n");
    while (length > 0) {
        order[--length] = '\0';
    }
}

/* FROM_CPU_n comes on this line. */
static const unsigned lines[] = {LOW, MIDDLE, HIGH};

static void raise(unsigned n)
{
    wr(intpri_from_cpu(n), 1);
    __asm__ volatile("nop");
}

static volatile bool nest;

/* Lets lines of higher priority come in between, by the threshold. */
void interrupt(uint32_t cause, uint32_t *saved)
{
    (void)saved;
    uint32_t line = cause & 31u;
    uint32_t threshold = rd(PLIC_THRESH);

    for (unsigned n = 0; n < 3; n++) {
        if (lines[n] == line) {
            wr(intpri_from_cpu(n), 0);
        }
    }
    note((char)('0' + line));
    if (nest) {
        wr(PLIC_THRESH, rd(plic_priority(line)) + 1);
        unmask(MIE);
        if (line == LOW) {
            raise(1);
            raise(2);
        }
        mask();
        wr(PLIC_THRESH, threshold);
    }
    note((char)('a' + line));
}

static void set_mie(uint32_t bits)
{
    __asm__ volatile(".option push\n.option arch, +zicsr\ncsrw mie, %0\n.option pop" ::"r"(bits));
}

int main(void)
{
    for (unsigned n = 0; n < 3; n++) {
        route(CHIP_FROM_CPU_SOURCE + n, lines[n], n + 2);
    }
    wr(PLIC_THRESH, 1);
    raise(0);
    raise(1);
    print_order("masked");
    unmask(MIE);
    __asm__ volatile("nop");
    print_order("by priority");

    wr(PLIC_THRESH, 4);
    raise(1);
    print_order("below the threshold");
    raise(2);
    print_order("at the threshold");
    wr(PLIC_THRESH, 1);
    __asm__ volatile("nop");
    print_order("threshold down");

    set_mie(~(1u << HIGH));
    raise(2);
    raise(0);
    print_order("not in mie");
    set_mie(UINT32_MAX);
    __asm__ volatile("nop");
    print_order("in mie");

    nest = true;
    raise(0);
    print_order("nested");

    mask();
    raise(1);
    wait();
    print_order("wfi with interrupts off");
    unmask(MIE);
    __asm__ volatile("nop");
    print_order("and on");
    return 0;
}
