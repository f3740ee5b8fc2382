/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

struct model chip;
static struct model_knobs knobs;

#define BACKGROUND 0xEE

int bench_map(void **state)
{
    const char *reason = "";

    (void)state;
    if (!model_map_sram(&reason)) {
        print_error("%s\n", reason);
        return -1;
    }
    return 0;
}

int bench_unmap(void **state)
{
    (void)state;
    model_unmap_sram();
    return 0;
}

void bench_power_on(void)
{
    uint8_t *arena = (uint8_t *)(uintptr_t)CHIP_SRAM_FIRST;

    model_init(&chip, &knobs);
    memset(arena, 0, ARENA);
    for (uint32_t i = 0; i < DST - SRC; i++) {
        arena[SRC - CHIP_SRAM_FIRST + i] = (uint8_t)(i * 7u + (i >> 8) + 1u);
    }
    memset(arena + (DST - CHIP_SRAM_FIRST), BACKGROUND, CHIP_SRAM_FIRST + ARENA - DST);
}

static void filters_off(void)
{
    bench_power_on();
    if (CHIP_HAS_APM) {
        wr(HP_APM_FUNC_CTRL, 0);
        wr(LP_APM_FUNC_CTRL, 0);
        wr(LP_APM0_FUNC_CTRL, 0);
    }
}

int bench_up(void **state)
{
    (void)state;
    memset(&knobs, 0, sizeof(knobs));
    filters_off();
    return 0;
}

void bench_knob(const char *name, const char *value)
{
    if (!model_knobs_set(&knobs, name, value)) {
        fail_msg("no knob %s with a value %s", name, value);
    }
    filters_off();
}

uint32_t rd(uint32_t address)
{
    return model_read(&chip, address);
}

void wr(uint32_t address, uint32_t value)
{
    model_write(&chip, address, value);
}

/* What the model keeps twice, to be fast, must agree. */
static void check_timers(void)
{
    for (unsigned ch = 0; ch < MODEL_CHANNELS; ch++) {
        const struct model_channel *channel = &chip.channel[ch];
        bool timed = (channel->writeback_delay | channel->stop_left | channel->late_left |
                      channel->spurious_left) != 0;

        assert_int_equal((chip.timers >> ch & 1) != 0, timed);
        assert_true(channel->set_now == 0 || (chip.just_set >> ch & 1) != 0);
    }
}

void steps(unsigned count)
{
    while (count-- > 0) {
        model_step(&chip);
        check_timers();
    }
}

#define LIMIT 100000

void run(void)
{
    unsigned left = LIMIT;

    while (model_step(&chip)) {
        check_timers();
        if (--left == 0) {
            fail_msg("the model does not come to rest");
        }
    }
    assert_true(model_idle(&chip));
}

void run_until_in(unsigned pair, uint32_t bits)
{
    for (unsigned left = LIMIT; (chip.channel[MODEL_IN(pair)].raw & bits) != bits; left--) {
        assert_true(left > 0);
        model_step(&chip);
    }
}

void run_until_out(unsigned pair, uint32_t bits)
{
    for (unsigned left = LIMIT; (chip.channel[MODEL_OUT(pair)].raw & bits) != bits; left--) {
        assert_true(left > 0);
        model_step(&chip);
    }
}

uint32_t m2m_id(unsigned pair)
{
    uint32_t left = CHIP_GDMA_M2M_IDS;

    while (pair-- > 0) {
        left &= left - 1;
    }
    return (uint32_t)__builtin_ctz(left);
}

void pair_up(unsigned pair, uint32_t in_conf0, uint32_t out_conf0, uint32_t conf1)
{
    wr(gdma_in(pair, GDMA_CONF0), GDMA_IN_CONF0_RST);
    wr(gdma_in(pair, GDMA_CONF0), 0);
    wr(gdma_out(pair, GDMA_CONF0), GDMA_OUT_CONF0_RST);
    wr(gdma_out(pair, GDMA_CONF0), 0);
    wr(gdma_in(pair, GDMA_PERI_SEL), m2m_id(pair));
    wr(gdma_out(pair, GDMA_PERI_SEL), m2m_id(pair));
    wr(gdma_in(pair, GDMA_CONF0), in_conf0);
    wr(gdma_out(pair, GDMA_CONF0), out_conf0);
    wr(gdma_in(pair, GDMA_CONF1), conf1);
    wr(gdma_out(pair, GDMA_CONF1), conf1);
    enable(pair, 0, 0);
    clear(pair, GDMA_IN_INT_ALL, GDMA_OUT_INT_ALL);
}

static uint32_t node(uint32_t address, uint32_t dw0, uint32_t buffer, uint32_t next)
{
    wr(address + 4, buffer);
    wr(address + 8, next);
    wr(address, dw0);
    return address;
}

uint32_t tx(unsigned index, uint32_t source, uint32_t length, uint32_t flags, uint32_t next)
{
    return node(TX_NODES + 16u * index, gdma_dw0(length, length, flags | OWNED), source, next);
}

uint32_t rx(unsigned index, uint32_t destination, uint32_t size, uint32_t next)
{
    return node(RX_NODES + 16u * index, gdma_dw0(size, 0, OWNED), destination, next);
}

uint32_t tx_dw0(unsigned index)
{
    return rd(TX_NODES + 16u * index);
}

uint32_t rx_dw0(unsigned index)
{
    return rd(RX_NODES + 16u * index);
}

void set_next(uint32_t node, uint32_t next)
{
    wr(node + 8, next);
}

void set_dw0(uint32_t node, uint32_t dw0)
{
    wr(node, dw0);
}

void start_in(unsigned pair, uint32_t node)
{
    wr(gdma_in(pair, GDMA_LINK), (node & GDMA_LINK_ADDR_MASK) | GDMA_IN_LINK_AUTO_RET | GDMA_IN_LINK_START);
}

void start_out(unsigned pair, uint32_t node)
{
    wr(gdma_out(pair, GDMA_LINK), (node & GDMA_LINK_ADDR_MASK) | GDMA_OUT_LINK_START);
}

void restart_in(unsigned pair)
{
    wr(gdma_in(pair, GDMA_LINK), rd(gdma_in(pair, GDMA_LINK)) | GDMA_IN_LINK_RESTART);
}

void restart_out(unsigned pair)
{
    wr(gdma_out(pair, GDMA_LINK), rd(gdma_out(pair, GDMA_LINK)) | GDMA_OUT_LINK_RESTART);
}

void start(unsigned pair, uint32_t in_node, uint32_t out_node)
{
    start_in(pair, in_node);
    start_out(pair, out_node);
}

uint32_t in_raw(unsigned pair)
{
    return rd(gdma_in_int(pair, GDMA_INT_RAW)) & GDMA_IN_INT_ALL;
}

uint32_t out_raw(unsigned pair)
{
    return rd(gdma_out_int(pair, GDMA_INT_RAW)) & GDMA_OUT_INT_ALL;
}

static void write_both(unsigned pair, uint32_t which, uint32_t in_bits, uint32_t out_bits)
{
    if (CHIP_GDMA_INT_JOINT) {
        wr(gdma_in_int(pair, which), in_bits | out_bits);
        return;
    }
    wr(gdma_in_int(pair, which), in_bits);
    wr(gdma_out_int(pair, which), out_bits);
}

void enable(unsigned pair, uint32_t in_bits, uint32_t out_bits)
{
    write_both(pair, GDMA_INT_ENA, in_bits, out_bits);
}

void clear(unsigned pair, uint32_t in_bits, uint32_t out_bits)
{
    write_both(pair, GDMA_INT_CLR, in_bits, out_bits);
}

void check_copied(uint32_t destination, uint32_t source, uint32_t size)
{
    const uint8_t *to = (const uint8_t *)(uintptr_t)destination;

    assert_memory_equal(to, (const uint8_t *)(uintptr_t)source, size);
    assert_int_equal(to[size], BACKGROUND);
}

void check_untouched(uint32_t destination, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        assert_int_equal(((const uint8_t *)(uintptr_t)destination)[i], BACKGROUND);
    }
}

void check_rx_closed(unsigned index, uint32_t length, bool eof)
{
    assert_int_equal(gdma_dw0_length(rx_dw0(index)), length);
    assert_int_equal((rx_dw0(index) & EOF_BIT) != 0, eof);
    assert_int_equal(rx_dw0(index) & OWNED, 0);
}

void check_rx_open(unsigned index)
{
    assert_int_equal(rx_dw0(index) & (OWNED | EOF_BIT), OWNED);
    assert_int_equal(gdma_dw0_length(rx_dw0(index)), 0);
}

void route(unsigned pair, unsigned line)
{
    wr(intmtx_map(gdma_in_source(pair)), line);
    wr(intmtx_map(gdma_out_source(pair)), line);
    wr(plic_priority(line), 1);
    wr(PLIC_THRESH, 1);
    wr(PLIC_ENABLE, rd(PLIC_ENABLE) | 1u << line);
}
