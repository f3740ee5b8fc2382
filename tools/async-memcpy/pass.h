/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over both files, window by window, with the SHA-256 of both sides and the progress bar. How a
 * window is copied is the caller's business; while it does that, it calls pass_hash() whenever it has time.
 */
#ifndef PASS_H
#define PASS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "esp_err.h"
#include "progress.h"
#include "sha256.h"
#include "window.h"

struct pass {
    struct window window;
    off_t begun;          /* where the window begins in the file */
    size_t source_hashed; /* within the window: how far each sum has come */
    size_t target_hashed;
    struct sha256 *source_sha;
    struct sha256 *target_sha;
    struct progress progress;
};

/* Copy the window and hash it to its end; when this returns, whatever it returns, no copy is in flight. */
typedef esp_err_t (*pass_copy)(struct pass *pass, void *argument);

/* Take size bytes through memory; true: all is copied and summed up. Otherwise the message is printed. */
bool pass_run(struct pass *pass, int source, int target, off_t size, pass_copy copy, void *argument);

/* Hash a piece of the side that is behind; false: nothing can be hashed just now. completed: bytes of the
   window that are in their place. */
bool pass_hash(struct pass *pass, size_t completed);

/* What is left of both sides: the whole window is in its place. */
void pass_hash_rest(struct pass *pass);

/* The sums, as text, after pass_run(); false: the message is printed. */
bool pass_sums(struct pass *pass, char source_hash[SHA256_TEXT], char target_hash[SHA256_TEXT]);

/* Give everything back. */
void pass_free(struct pass *pass);

#endif
