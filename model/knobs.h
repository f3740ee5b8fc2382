/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The open questions of the hardware facts, each a knob of the model with a small set of values: value 0 is
 * what the facts hold likelier, or the tamer one. The table in knobs.c says what each value means and where
 * the question stands.
 */
#ifndef MODEL_KNOBS_H
#define MODEL_KNOBS_H

#include <stdbool.h>
#include <stdint.h>

enum knob {
    /* Reading descriptors */
    KNOB_RX_PREFETCH,
    KNOB_TX_PREFETCH,
    KNOB_TX_PAST_EOF,
    KNOB_CHECK_AT,
    KNOB_NEXT_CHECK,
    KNOB_BUFFER_END,
    KNOB_ZERO_LENGTH,
    KNOB_STATE_ADDRESS,
    /* Appending */
    KNOB_RESTART_BUSY,
    KNOB_RESTART_ACTS,
    KNOB_RESTART_READS,
    KNOB_RESTART_UNBASED,
    KNOB_RESTART_ERROR,
    /* Starting, stopping, resetting */
    KNOB_START_RUNNING,
    KNOB_STOP,
    KNOB_PARK,
    KNOB_PARK_RX_END,
    KNOB_PARK_RESET,
    KNOB_RST_CLEARS,
    KNOB_MODULE_RESET,
    /* Data and frames */
    KNOB_FIFO_DEPTH,
    KNOB_RX_FULL,
    KNOB_RX_EXACT_FIT,
    KNOB_RX_EMPTY,
    KNOB_TX_OPEN_TAIL,
    /* Telling the CPU */
    KNOB_WRITEBACK,
    KNOB_WRITEBACK_DELAY,
    KNOB_EOF_ADDRESS,
    KNOB_IN_DONE_EOF,
    KNOB_CLEAR_AND_SET,
    KNOB_PLIC_THRESHOLD,
    /* Forbidden accesses */
    KNOB_APM_BLOCKED,
    KNOB_APM_PATHS,
    KNOB_BUS_NOTHING,
    /* ETM */
    KNOB_ETM_EVENT,
    KNOB_ETM_LATENCY,
    KNOB_ETM_FAN_OUT,
    KNOB_ETM_ORDER,
    KNOB_ETM_GATES,
    KNOB_ETM_START_RUNNING,
    KNOB_COUNT
};

/* Values, in the order of the table. Knobs that hold a number (prefetch, depth, delay, latency) have none
 * here. */
enum { PAST_EOF_YES, PAST_EOF_NO };
enum { CHECK_AT_PREFETCH, CHECK_AT_USE, CHECK_AT_DATA };
enum { NEXT_CHECK_NO, NEXT_CHECK_YES };
enum { BUFFER_END_NOTHING, BUFFER_END_ERROR };
enum { ZERO_LENGTH_SKIP, ZERO_LENGTH_HANG };
enum { STATE_ADDRESS_BYTES, STATE_ADDRESS_WORDS };
enum { RESTART_BUSY_MERGED, RESTART_BUSY_COUNTED, RESTART_BUSY_LOST };
enum { RESTART_ACTS_AT_ONCE, RESTART_ACTS_AT_END };
enum { RESTART_READS_NEXT, RESTART_READS_NODE, RESTART_READS_CHECKED };
enum { RESTART_UNBASED_IGNORED, RESTART_UNBASED_LAST, RESTART_UNBASED_LINK };
enum { RESTART_ERROR_RESUMES, RESTART_ERROR_DEAD };
enum { START_RUNNING_IGNORED, START_RUNNING_ABANDONS, START_RUNNING_QUEUED };
enum { STOP_AT_ONCE, STOP_AFTER_8, STOP_AFTER_32, STOP_AFTER_NODE };
enum { PARK_DONE, PARK_FETCHED };
enum { PARK_RX_END_PARKS, PARK_RX_END_WAITS };
enum { PARK_RESET_1, PARK_RESET_0 };
enum { RST_CLEARS_STATE, RST_CLEARS_CONFIG, RST_CLEARS_ALL };
enum { MODULE_RESET_REGISTERS, MODULE_RESET_STATE };
enum { RX_FULL_AT_ONCE, RX_FULL_NEXT_BYTE };
enum { RX_EXACT_FIT_SAME, RX_EXACT_FIT_EXTRA };
enum { RX_EMPTY_HELD, RX_EMPTY_LOST, RX_EMPTY_DEAD };
enum { TX_OPEN_TAIL_SAME, TX_OPEN_TAIL_SPLIT };
enum { WRITEBACK_WITH, WRITEBACK_BEFORE, WRITEBACK_AFTER };
enum { EOF_ADDRESS_RAW, EOF_ADDRESS_CLOSE };
enum { IN_DONE_EOF_YES, IN_DONE_EOF_NO };
enum { CLEAR_AND_SET_SET, CLEAR_AND_SET_CLEAR };
enum { PLIC_THRESHOLD_AT_LEAST, PLIC_THRESHOLD_ABOVE };
enum { APM_BLOCKED_SILENT, APM_BLOCKED_ERROR, APM_BLOCKED_HANG };
enum { APM_PATHS_HP, APM_PATHS_ALL };
enum { BUS_NOTHING_ZEROS, BUS_NOTHING_ERROR, BUS_NOTHING_HANG };
enum { ETM_EVENT_ALWAYS, ETM_EVENT_RAW_EDGE, ETM_EVENT_ENABLED };
enum { ETM_FAN_OUT_ALL, ETM_FAN_OUT_FIRST };
enum { ETM_ORDER_LOW_FIRST, ETM_ORDER_HIGH_FIRST };
enum { ETM_GATES_START, ETM_GATES_ALL };

#define KNOB_VALUES_MAX 4

struct knob_value {
    const char *name;
    const char *text;
    uint8_t number; /* of knobs that hold a number */
};

struct knob_info {
    const char *name;
    const char *section; /* of the hardware facts; "A4": section 4 of the architecture */
    const char *text;
    uint8_t count;
    struct knob_value values[KNOB_VALUES_MAX];
};

extern const struct knob_info knob_table[KNOB_COUNT];

/* One setting of all knobs: an index into knob_table[].values each. All zeros are the defaults. */
struct model_knobs {
    uint8_t value[KNOB_COUNT];
};

/* Set a knob by name to a value by name. False: there is no such knob or value, and nothing has changed. */
bool model_knobs_set(struct model_knobs *knobs, const char *name, const char *value);

static inline unsigned model_knobs_number(const struct model_knobs *knobs, enum knob knob)
{
    return knob_table[knob].values[knobs->value[knob]].number;
}

#endif
