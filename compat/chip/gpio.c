/* SPDX-License-Identifier: Apache-2.0 */
/* Pins as outputs. Levels and output enables have registers that set and clear single bits, so only IO_MUX,
 * which has none, needs care when two tasks configure the same pin. */
#include <stdbool.h>
#include "chip/gpio_v1.h"
#include "chip/mmio.h"
#include "driver/gpio.h"
#include "port.h"

#define ALL_PINS   ((UINT64_C(1) << CHIP_GPIO_PINS) - 1)
#define OPEN_DRAIN 4

static esp_err_t refuse_pin(const char *call, int pin)
{
    port_log('E', "%s: pin %d; this chip has 0 to %u", call, pin, CHIP_GPIO_PINS - 1);
    return ESP_ERR_INVALID_ARG;
}

static bool is_pin(gpio_num_t pin)
{
    return (int)pin >= 0 && (unsigned)pin < CHIP_GPIO_PINS;
}

static esp_err_t check_mode(const char *call, gpio_mode_t mode)
{
    if (((unsigned)mode & OPEN_DRAIN) != 0) {
        port_log('E', "%s: open drain is not supported; use GPIO_MODE_OUTPUT", call);
        return ESP_ERR_NOT_SUPPORTED;
    }
    return port_chip_start() ? ESP_OK : ESP_FAIL;
}

static void set_output(unsigned pin, gpio_mode_t mode)
{
    bool output = ((unsigned)mode & GPIO_MODE_OUTPUT) != 0;
    mmio_write(GPIO_FUNC_OUT_SEL(pin), GPIO_FUNC_OUT_SIMPLE); /* first: what it then drives is OUT's level */
    mmio_write(output ? GPIO_ENABLE_W1TS : GPIO_ENABLE_W1TC, UINT32_C(1) << pin);
}

static uint32_t input_bit(gpio_mode_t mode)
{
    return ((unsigned)mode & GPIO_MODE_INPUT) != 0 ? IO_MUX_INPUT : 0;
}

static void configure(unsigned pin, const gpio_config_t *config)
{
    mmio_write(IO_MUX_PIN(pin), IO_MUX_GPIO | IO_MUX_DRIVE_RESET | input_bit(config->mode) |
                                    (config->pull_up_en == GPIO_PULLUP_ENABLE ? IO_MUX_PULL_UP : 0) |
                                    (config->pull_down_en == GPIO_PULLDOWN_ENABLE ? IO_MUX_PULL_DOWN : 0));
    set_output(pin, config->mode);
}

esp_err_t gpio_config(const gpio_config_t *config)
{
    if (config == NULL || config->pin_bit_mask == 0 || (config->pin_bit_mask & ~ALL_PINS) != 0) {
        port_log('E', "gpio_config: the mask of pins is 0x%llx; this chip has 0 to %u",
                 config == NULL ? 0ULL : (unsigned long long)config->pin_bit_mask, CHIP_GPIO_PINS - 1);
        return ESP_ERR_INVALID_ARG;
    }
    if (config->intr_type != GPIO_INTR_DISABLE) {
        port_log('E', "gpio_config: pins do not interrupt here; make intr_type GPIO_INTR_DISABLE");
        return ESP_ERR_NOT_SUPPORTED;
    }
    esp_err_t status = check_mode(__func__, config->mode);
    for (uint64_t left = config->pin_bit_mask; status == ESP_OK && left != 0; left &= left - 1) {
        configure((unsigned)__builtin_ctzll(left), config);
    }
    return status;
}

esp_err_t gpio_reset_pin(gpio_num_t gpio_num)
{
    if (!is_pin(gpio_num)) {
        return refuse_pin(__func__, gpio_num);
    }
    const gpio_config_t config = {.pin_bit_mask = BIT64(gpio_num), .pull_up_en = GPIO_PULLUP_ENABLE};
    return gpio_config(&config);
}

esp_err_t gpio_set_direction(gpio_num_t gpio_num, gpio_mode_t mode)
{
    if (!is_pin(gpio_num)) {
        return refuse_pin(__func__, gpio_num);
    }
    esp_err_t status = check_mode(__func__, mode);
    if (status == ESP_OK) {
        unsigned pin = (unsigned)gpio_num;
        unsigned state = port_irq_mask();
        uint32_t pull = mmio_read(IO_MUX_PIN(pin)) & (IO_MUX_PULL_UP | IO_MUX_PULL_DOWN);
        mmio_write(IO_MUX_PIN(pin), IO_MUX_GPIO | IO_MUX_DRIVE_RESET | input_bit(mode) | pull);
        port_irq_unmask(state);
        set_output(pin, mode);
    }
    return status;
}

esp_err_t gpio_set_level(gpio_num_t gpio_num, uint32_t level)
{
    if (!is_pin(gpio_num)) {
        return refuse_pin(__func__, gpio_num);
    }
    if (!port_chip_start()) {
        return ESP_FAIL;
    }
    mmio_write(level != 0 ? GPIO_OUT_W1TS : GPIO_OUT_W1TC, UINT32_C(1) << gpio_num);
    return ESP_OK;
}

int gpio_get_level(gpio_num_t gpio_num)
{
    return is_pin(gpio_num) && port_chip_start() ? (int)(mmio_read(GPIO_IN) >> gpio_num & 1) : 0;
}
