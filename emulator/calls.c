/* SPDX-License-Identifier: Apache-2.0 */
#include <err.h>
#include <stdlib.h>
#include "events.h"
#include "machine.h"

static void push(struct machine *machine, struct frame frame)
{
    struct calls *calls = &machine->calls;

    if (calls->count == calls->room) {
        calls->room = calls->room != 0 ? 2 * calls->room : 64;
        calls->frames = reallocarray(calls->frames, calls->room, sizeof(*calls->frames));
        if (calls->frames == NULL) {
            err(EXIT_FAILURE, "call stack of the firmware");
        }
    }
    frame.level = calls->level;
    frame.ran = calls->ran[calls->level];
    frame.cycle = machine->cycle;
    frame.copy = -1;
    calls->frames[calls->count++] = frame;
    count_enter(machine, &calls->frames[calls->count - 1]);
    events_enter(machine, &calls->frames[calls->count - 1]);
}

static void pop(struct machine *machine)
{
    struct frame *frame = &machine->calls.frames[machine->calls.count - 1];

    count_leave(machine, frame);
    events_leave(machine, frame);
    machine->calls.count--;
}

static void call(struct machine *machine, enum frame_kind kind, uint32_t pc, uint32_t return_address)
{
    push(machine, (struct frame){.kind = kind,
                                 .address = pc,
                                 .return_address = return_address,
                                 .site = machine->pc,
                                 .symbol = image_symbol_at(machine->image, pc)});
}

/* A jump to the beginning of another function takes the place of the function it comes from. */
static void jump(struct machine *machine, uint32_t pc)
{
    unsigned symbol = image_symbol_at(machine->image, pc);

    if (symbol != 0 && machine->image->symbols[symbol].address == pc &&
        symbol != image_symbol_at(machine->image, machine->pc)) {
        call(machine, FRAME_TAIL, pc, 0);
    }
}

/* A jump to an address that no call left behind returns nowhere, and is seen as nothing. */
static void return_to(struct machine *machine, uint32_t pc)
{
    struct calls *calls = &machine->calls;
    size_t keep = calls->count;

    while (keep > 0 && calls->frames[keep - 1].kind != FRAME_INTERRUPT &&
           (calls->frames[keep - 1].kind == FRAME_TAIL || calls->frames[keep - 1].return_address != pc)) {
        keep--;
    }
    if (keep == 0 || calls->frames[keep - 1].kind == FRAME_INTERRUPT) {
        return;
    }
    while (calls->count >= keep) {
        pop(machine);
    }
}

/* Back from the innermost interrupt, and from all that it called. */
static void return_from_interrupt(struct machine *machine)
{
    struct calls *calls = &machine->calls;
    bool interrupt = false;

    if (calls->level == 0) {
        return;
    }
    while (!interrupt) {
        interrupt = calls->frames[calls->count - 1].kind == FRAME_INTERRUPT;
        pop(machine);
    }
    calls->level--;
}

void calls_follow(struct machine *machine, uint32_t pc)
{
    switch (machine->previous) {
    case INSN_CALL:
        call(machine, FRAME_CALL, pc, machine->pc + insn_size(machine_word(machine->pc)));
        break;
    case INSN_JUMP:
        jump(machine, pc);
        break;
    case INSN_RETURN:
        return_to(machine, pc);
        break;
    case INSN_MRET:
        return_from_interrupt(machine);
        break;
    default:
        break;
    }
}

void calls_interrupt(struct machine *machine, unsigned line, uint32_t pc)
{
    if (machine->calls.level + 1 == LEVELS_MAX) {
        fail(machine, CAUSE_NONE, "interrupts came in %u deep", LEVELS_MAX);
        return;
    }
    machine->calls.level++;
    push(machine, (struct frame){.kind = FRAME_INTERRUPT, .address = line, .return_address = pc});
}

void calls_end(struct machine *machine)
{
    while (machine->calls.count > 0) {
        pop(machine);
    }
    free(machine->calls.frames);
}
