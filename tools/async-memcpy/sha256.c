/* SPDX-License-Identifier: Apache-2.0 */
#include "sha256.h"
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

struct sha256 {
    EVP_MD_CTX *context;
    bool failed;
};

struct sha256 *sha256_begin(void)
{
    struct sha256 *sha256 = calloc(1, sizeof *sha256);
    if (sha256 != NULL) {
        sha256->context = EVP_MD_CTX_new();
        sha256->failed =
            sha256->context == NULL || EVP_DigestInit_ex(sha256->context, EVP_sha256(), NULL) != 1;
    }
    return sha256;
}

void sha256_add(struct sha256 *sha256, const void *data, size_t size)
{
    if (!sha256->failed) {
        sha256->failed = EVP_DigestUpdate(sha256->context, data, size) != 1;
    }
}

bool sha256_end(struct sha256 *sha256, char text[SHA256_TEXT])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (sha256->failed || EVP_DigestFinal_ex(sha256->context, digest, &size) != 1) {
        return false;
    }
    for (unsigned i = 0; i < size && 2 * i + 2 < SHA256_TEXT; i++) {
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    }
    return true;
}

void sha256_free(struct sha256 *sha256)
{
    if (sha256 != NULL) {
        EVP_MD_CTX_free(sha256->context);
    }
    free(sha256);
}
