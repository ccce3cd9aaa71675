/* seal.h - personal data under its own keys (libsodium, XChaCha20-Poly1305).
 *
 * A box is nonce + ciphertext; the applicant id is bound to it as associated data, so that a box
 * moved to another person's key does not open. The key never leaves this file's struct, which is
 * wiped on free. */
#ifndef ALMONER_SEAL_H
#define ALMONER_SEAL_H

#include "models/err.h"

#include <stddef.h>

struct seal;

/* Reads a key file (64 hex digits, mode 0600; several lines = older keys that still open), or makes
 * one when it is missing. NULL with an error when it is unreadable, too open, or malformed. */
struct seal *seal_open(const char *path, struct alm_error *err);
struct seal *seal_new_random(void); /* a key of this process only: memory store, tests */
void seal_free(struct seal *seal);

/* Caller frees. unseal gives NULL with an error when the box was tampered with or no key opens it.
 */
unsigned char *seal_box(const struct seal *seal, const char *applicant_id, const char *text,
                        size_t *box_len);
char *seal_unbox(const struct seal *seal, const char *applicant_id, const unsigned char *box,
                 size_t box_len, struct alm_error *err);

#endif
