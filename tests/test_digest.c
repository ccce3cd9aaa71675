/* test_digest.c - SHA-256 against what is published, and its two ways against each other. */
#include "models/digest.h"

#include "models/digest_x86.h"
#include "tests/check.h"

#include <stdio.h>
#include <string.h>

static void test_published(void)
{
    static const struct {
        const char *text, *hash;
    } known[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        char hex[65];
        digest_hex(known[k].text, strlen(known[k].text), hex);
        CU_ASSERT_STRING_EQUAL(hex, known[k].hash);
    }
}

/* digest_lottery is libsodium's; digest_hex takes the processor's instructions where there are any.
 * Every length of the last block, and some blocks before it. */
static void test_both_ways(void)
{
    enum { MOST = 400 };
    char seed[MOST + 1], text[MOST + 8];
    size_t wrong = 0;
    unsigned char hash[32];
    for (size_t n = 0; n <= MOST; n++) {
        unsigned char lottery[32];
        char hex[65], expected[65];
        for (size_t k = 0; k < n; k++)
            seed[k] = (char)(1 + (k * 37 + n * 11) % 255);
        seed[n] = '\0';
        memcpy(text, seed, n + 1);
        memcpy(text + n + 1, "A17", 3);
        digest_lottery(seed, "A17", lottery);
        for (size_t b = 0; b < 32; b++)
            snprintf(expected + 2 * b, 3, "%02x", lottery[b]);
        digest_hex(text, n + 4, hex);
        wrong += strcmp(hex, expected) != 0;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    if (!digest_x86("", 0, hash))
        check_skip("no SHA instructions here: both ways are libsodium's");
}

static const struct check_test tests[] = {
    {"published", test_published},
    {"both_ways", test_both_ways},
};
CHECK_SUITE(suite_digest, tests);
