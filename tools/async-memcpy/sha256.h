/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256, by OpenSSL's libcrypto, which uses the CPU's SHA instructions where there are any. */
#ifndef SHA256_H
#define SHA256_H

#include <stdbool.h>
#include <stddef.h>

#define SHA256_TEXT 65 /* 64 hexadecimal digits and a NUL */

struct sha256;

/* NULL: no memory. */
struct sha256 *sha256_begin(void);
void sha256_add(struct sha256 *sha256, const void *data, size_t size);
/* False: the library failed, here or on the way here. */
bool sha256_end(struct sha256 *sha256, char text[SHA256_TEXT]);
/* NULL is fine. */
void sha256_free(struct sha256 *sha256);

#endif
