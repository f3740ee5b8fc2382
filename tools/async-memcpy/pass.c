/* SPDX-License-Identifier: Apache-2.0 */
#include "pass.h"
#include <err.h>

/* Hashed between two looks at the backlog: short beside the time that a full backlog lasts. */
#define HASH_STEP ((size_t)64 << 10)

static void hash_step(struct sha256 *sha, const unsigned char *data, size_t *hashed, size_t limit)
{
    size_t size = limit - *hashed < HASH_STEP ? limit - *hashed : HASH_STEP;
    sha256_add(sha, data + *hashed, size);
    *hashed += size;
}

bool pass_hash(struct pass *pass, size_t completed)
{
    const struct window *window = &pass->window;
    if (pass->target_hashed < completed && pass->target_hashed <= pass->source_hashed) {
        hash_step(pass->target_sha, window->target, &pass->target_hashed, completed);
    } else if (pass->source_hashed < window->size) {
        hash_step(pass->source_sha, window->source, &pass->source_hashed, window->size);
    } else {
        return false;
    }
    progress_draw(&pass->progress, (uint64_t)pass->begun + pass->target_hashed);
    return true;
}

void pass_hash_rest(struct pass *pass)
{
    while (pass_hash(pass, pass->window.size)) {
    }
}

/* One window after the other until a copy fails; false: a window could not be opened. */
static bool run_windows(struct pass *pass, int source, int target, off_t size, pass_copy copy, void *argument,
                        esp_err_t *status)
{
    while (pass->begun < size && *status == ESP_OK) {
        off_t left = size - pass->begun;
        size_t part = left < (off_t)WINDOW_SIZE ? (size_t)left : WINDOW_SIZE;
        if (!window_open(&pass->window, source, target, pass->begun, part)) {
            return false;
        }
        pass->source_hashed = 0;
        pass->target_hashed = 0;
        *status = copy(pass, argument);
        window_close(&pass->window);
        pass->begun += (off_t)part;
    }
    return true;
}

bool pass_run(struct pass *pass, int source, int target, off_t size, pass_copy copy, void *argument)
{
    *pass = (struct pass){.source_sha = sha256_begin(), .target_sha = sha256_begin()};
    if (pass->source_sha == NULL || pass->target_sha == NULL) {
        warnx("no memory for SHA-256");
        return false;
    }
    if (size != 0) {
        progress_begin(&pass->progress, (uint64_t)size);
    }
    esp_err_t status = ESP_OK;
    bool opened = run_windows(pass, source, target, size, copy, argument, &status);
    progress_end(&pass->progress);
    if (status != ESP_OK) {
        warnx("the copy failed: %s", esp_err_to_name(status));
    }
    return opened && status == ESP_OK;
}

bool pass_sums(struct pass *pass, char source_hash[SHA256_TEXT], char target_hash[SHA256_TEXT])
{
    bool done = sha256_end(pass->source_sha, source_hash) && sha256_end(pass->target_sha, target_hash);
    if (!done) {
        warnx("the library failed to compute SHA-256");
    }
    return done;
}

void pass_free(struct pass *pass)
{
    sha256_free(pass->source_sha);
    sha256_free(pass->target_sha);
}
