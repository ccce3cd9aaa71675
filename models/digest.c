/* digest.c - see digest.h. */
#include "models/digest.h"

#include <sodium.h>
#include <string.h>

void digest_hex(const void *bytes, size_t len, char hex[65])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, bytes, len);
    sodium_bin2hex(hex, 65, hash, sizeof hash);
}

void digest_lottery(const char *seed, const char *applicant_id, unsigned char lottery[32])
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    /* the NUL that ends the seed is the zero byte of the rule */
    crypto_hash_sha256_update(&state, (const unsigned char *)seed, strlen(seed) + 1);
    crypto_hash_sha256_update(&state, (const unsigned char *)applicant_id, strlen(applicant_id));
    crypto_hash_sha256_final(&state, lottery);
}
