/* digest.h - SHA-256 (libsodium) as hex, and the lottery of the tie rule. */
#ifndef ALMONER_DIGEST_H
#define ALMONER_DIGEST_H

#include <stddef.h>

void digest_hex(const void *bytes, size_t len, char hex[65]);
/* SHA-256(seed, a zero byte, applicant id): compared byte by byte, smaller is drawn earlier. */
void digest_lottery(const char *seed, const char *applicant_id, unsigned char lottery[32]);

#endif
