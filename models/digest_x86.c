/* digest_x86.c - see digest_x86.h. FIPS 180-4, four rounds at a time.
 *
 * The instructions hold the eight working variables as two halves, (a b e f) and (c d g h), the
 * first letter in the highest word. */
#include "models/digest_x86.h"

#if defined __x86_64__ && defined __GNUC__

#include <cpuid.h>
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

/* The first 32 bits of the fractions of the cube roots of the first 64 primes. */
static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

#define WITH_SHA __attribute__((target("sha,sse4.1")))

struct halves {
    __m128i abef, cdgh;
};

static int has_sha(void)
{
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & bit_SSE4_1) || !(ecx & bit_SSSE3))
        return 0;
    return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (ebx & bit_SHA);
}

WITH_SHA static void add_block(struct halves *state, const unsigned char *block)
{
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    struct halves now = *state;
    __m128i words[4]; /* the last sixteen words of the message schedule, four by four */
    for (int quad = 0; quad < 16; quad++) {
        __m128i *next = &words[quad & 3];
        if (quad < 4) {
            *next = _mm_loadu_si128((const __m128i *)(const void *)(block + 16 * quad));
            *next = _mm_shuffle_epi8(*next, big_endian);
        } else {
            __m128i last = words[(quad - 1) & 3];
            __m128i seven_back = _mm_alignr_epi8(last, words[(quad - 2) & 3], 4);
            *next = _mm_add_epi32(_mm_sha256msg1_epu32(*next, words[(quad - 3) & 3]), seven_back);
            *next = _mm_sha256msg2_epu32(*next, last);
        }
        __m128i constants =
            _mm_loadu_si128((const __m128i *)(const void *)&round_constants[4 * quad]);
        __m128i input = _mm_add_epi32(*next, constants);
        now.cdgh = _mm_sha256rnds2_epu32(now.cdgh, now.abef, input);
        now.abef = _mm_sha256rnds2_epu32(now.abef, now.cdgh, _mm_shuffle_epi32(input, 0x0e));
    }
    state->abef = _mm_add_epi32(state->abef, now.abef);
    state->cdgh = _mm_add_epi32(state->cdgh, now.cdgh);
}

/* The end of the message: a 1, zeros, and its length in bits, in one block or two. */
WITH_SHA static void add_rest(struct halves *state, const unsigned char *rest, size_t n, size_t len)
{
    unsigned char blocks[128] = {0};
    size_t end = n < 56 ? 64 : 128;
    uint64_t bits = (uint64_t)len * 8;
    memcpy(blocks, rest, n);
    blocks[n] = 0x80;
    for (size_t b = 0; b < 8; b++)
        blocks[end - 1 - b] = (unsigned char)(bits >> (8 * b));
    for (size_t at = 0; at < end; at += 64)
        add_block(state, blocks + at);
}

static void write_word(unsigned char *to, uint32_t word)
{
    for (int b = 0; b < 4; b++)
        to[b] = (unsigned char)(word >> (24 - 8 * b));
}

WITH_SHA static void digest(const unsigned char *bytes, size_t len, unsigned char hash[32])
{
    struct halves state = {_mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c),
                           _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19)};
    uint32_t abef[4], cdgh[4];
    size_t at = 0;
    for (; len - at >= 64; at += 64)
        add_block(&state, bytes + at);
    add_rest(&state, bytes + at, len - at, len);
    _mm_storeu_si128((__m128i *)(void *)abef, state.abef);
    _mm_storeu_si128((__m128i *)(void *)cdgh, state.cdgh);
    for (int half = 0; half < 2; half++) {
        write_word(hash + 16 * half, abef[3 - 2 * half]);
        write_word(hash + 16 * half + 4, abef[2 - 2 * half]);
        write_word(hash + 16 * half + 8, cdgh[3 - 2 * half]);
        write_word(hash + 16 * half + 12, cdgh[2 - 2 * half]);
    }
}

int digest_x86(const void *bytes, size_t len, unsigned char hash[32])
{
    if (!has_sha())
        return 0;
    digest(bytes, len, hash);
    return 1;
}

#else

int digest_x86(const void *bytes, size_t len, unsigned char hash[32])
{
    (void)bytes;
    (void)len;
    (void)hash;
    return 0;
}

#endif
