/* Tests of api/gate.c: what two readers could understand differently does not pass. */
#include "tests/check.h"

#include "api/gate.h"
#include "models/alloc.h"

#include <string.h>

static int read_text(const char *text, size_t len, struct gate_head *head, enum err_code *code)
{
    struct alm_error err;
    err_init(&err);
    int result = gate_read(text, len, head, &err);
    *code = err.code;
    err_clear(&err);
    return result;
}

static void test_good_heads(void)
{
    static const char *const good[] = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /v1/applicants?limit=3&x=%00 HTTP/1.0\r\nhost:a\r\n\r\n",
        "POST /v1/offers/A%3A1:accept HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "PUT /v1/pools/a..b HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n",
        "HEAD /... HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n\r\n",
        "GET /a/ HTTP/1.1\r\nHost: a\r\nX-A: b:c\t \r\n\r\n",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct gate_head head;
        enum err_code code;
        CU_ASSERT_EQUAL(read_text(good[i], strlen(good[i]), &head, &code), 0);
        CU_ASSERT_STRING_EQUAL(gate_header(&head, "host"), "a");
        gate_head_clear(&head);
    }
}

static void test_parts(void)
{
    static const char text[] = "PATCH /v1/a?b=c?d HTTP/1.1\r\nHost: h\r\nIF-Match:  \"3\" \r\n"
                               "Content-Length: 12\r\n\r\n";
    struct gate_head head;
    enum err_code code;
    CU_ASSERT_EQUAL_FATAL(read_text(text, strlen(text), &head, &code), 0);
    CU_ASSERT_EQUAL(head.method, GATE_PATCH);
    CU_ASSERT_STRING_EQUAL(head.path, "/v1/a");
    CU_ASSERT_STRING_EQUAL(head.query, "b=c?d");
    CU_ASSERT_STRING_EQUAL(gate_header(&head, "if-match"), "\"3\"");
    CU_ASSERT_PTR_NULL(gate_header(&head, "if-none-match"));
    CU_ASSERT_EQUAL(head.content_length, 12);
    gate_head_clear(&head);
}

#define HEAD(lines) "GET /a HTTP/1.1\r\nHost: a\r\n" lines "\r\n"
#define POST(lines) "POST /a HTTP/1.1\r\nHost: a\r\n" lines "\r\n"
#define PATH(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

static const struct {
    const char *text;
    enum err_code code;
} bad_heads[] = {
    {"\r\n", ERR_BAD_REQUEST},
    {"GET\r\n\r\n", ERR_BAD_REQUEST},
    {"GET /a\r\nHost: a\r\n\r\n", ERR_BAD_REQUEST},
    {"GET /a HTTP/2.0\r\nHost: a\r\n\r\n", ERR_BAD_REQUEST},
    {"GET  /a HTTP/1.1\r\nHost: a\r\n\r\n", ERR_BAD_REQUEST},
    {"GET /a HTTP/1.1 \r\nHost: a\r\n\r\n", ERR_BAD_REQUEST},
    {"get /a HTTP/1.1\r\nHost: a\r\n\r\n", ERR_NOT_IMPLEMENTED},
    {"BREW /a HTTP/1.1\r\nHost: a\r\n\r\n", ERR_NOT_IMPLEMENTED},
    {"CONNECT /a HTTP/1.1\r\nHost: a\r\n\r\n", ERR_NOT_IMPLEMENTED},
    {"GET /a HTTP/1.1\r\n\r\n", ERR_BAD_REQUEST},
    {"GET /a HTTP/1.1\r\nHost:\r\n\r\n", ERR_BAD_REQUEST},
    {HEAD("Host: b\r\n"), ERR_BAD_REQUEST},
    {HEAD("HOST: a\r\n"), ERR_BAD_REQUEST},
    {POST("Content-Length: 3\r\nContent-Length: 3\r\n"), ERR_BAD_REQUEST},
    {POST("Content-Length: 3\r\nContent-Length: 4\r\n"), ERR_BAD_REQUEST},
    {POST("Content-Length: 3, 3\r\n"), ERR_BAD_REQUEST},
    {POST("Content-Length: +7\r\n"), ERR_BAD_REQUEST},
    {POST("Content-Length: -7\r\n"), ERR_BAD_REQUEST},
    {POST("Content-Length: 0x7\r\n"), ERR_BAD_REQUEST},
    {POST("Content-Length: 7 7\r\n"), ERR_BAD_REQUEST},
    {POST("Content-Length:\r\n"), ERR_BAD_REQUEST},
    {POST("Content-Length: 1000000000\r\n"), ERR_BAD_REQUEST},
    {POST("Transfer-Encoding: chunked\r\n"), ERR_BAD_REQUEST},
    {POST("Transfer-Encoding: identity\r\n"), ERR_BAD_REQUEST},
    {POST("transfer-encoding: x\r\nContent-Length: 3\r\n"), ERR_BAD_REQUEST},
    {POST("Transfer-Encoding : chunked\r\n"), ERR_BAD_REQUEST},
    {HEAD("Content-Length: 1\r\n"), ERR_BAD_REQUEST},
    {"HEAD /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", ERR_BAD_REQUEST},
    {"DELETE /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", ERR_BAD_REQUEST},
    {HEAD("Expect: a miracle\r\n"), ERR_BAD_REQUEST},
    {HEAD("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"), ERR_BAD_REQUEST},
    {HEAD("If-Match: \"1\"\r\nIf-Match: \"2\"\r\n"), ERR_BAD_REQUEST},
    {HEAD(" folded\r\n"), ERR_BAD_REQUEST},
    {HEAD("X-A: b\r\n\tfolded\r\n"), ERR_BAD_REQUEST},
    {HEAD("no colon\r\n"), ERR_BAD_REQUEST},
    {HEAD(": no name\r\n"), ERR_BAD_REQUEST},
    {HEAD("X A: b\r\n"), ERR_BAD_REQUEST},
    {HEAD("X-A: b\nX-B: c\r\n"), ERR_BAD_REQUEST},
    {HEAD("X-A: b\rX-B: c\r\n"), ERR_BAD_REQUEST},
    {HEAD("X-A: \x01\r\n"), ERR_BAD_REQUEST},
    {"GET /a HTTP/1.1\nHost: a\n\n", ERR_BAD_REQUEST},
    {PATH("a"), ERR_BAD_REQUEST},
    {PATH("*"), ERR_BAD_REQUEST},
    {PATH("http://a/b"), ERR_BAD_REQUEST},
    {PATH("//x"), ERR_BAD_REQUEST},
    {PATH("/a//b"), ERR_BAD_REQUEST},
    {PATH("/a%00b"), ERR_BAD_REQUEST},
    {PATH("/a%zz"), ERR_BAD_REQUEST},
    {PATH("/a%2"), ERR_BAD_REQUEST},
    {PATH("/../a"), ERR_BAD_REQUEST},
    {PATH("/a/.."), ERR_BAD_REQUEST},
    {PATH("/a/./b"), ERR_BAD_REQUEST},
    {PATH("/a/%2e%2E/b"), ERR_BAD_REQUEST},
    {PATH("/a/.%2e"), ERR_BAD_REQUEST},
    {PATH("/a\\b"), ERR_BAD_REQUEST},
    {PATH("/a#b"), ERR_BAD_REQUEST},
    {PATH("/\xc3\xa9"), ERR_BAD_REQUEST},
};

static void test_bad_heads(void)
{
    for (size_t i = 0; i < sizeof bad_heads / sizeof *bad_heads; i++) {
        struct gate_head head;
        enum err_code code;
        const char *text = bad_heads[i].text;
        int result = read_text(text, strlen(text), &head, &code);
        CU_ASSERT_EQUAL(result, -1);
        CU_ASSERT_EQUAL(code, bad_heads[i].code);
        if (result != -1 || code != bad_heads[i].code)
            printf("\n    head %zu: %.60s", i, text);
        CU_ASSERT_PTR_NULL(head.text);
        gate_head_clear(&head);
    }
}

static void test_limits(void)
{
    struct buffer text;
    struct gate_head head;
    enum err_code code;
    buffer_init(&text);
    buffer_text(&text, "GET /a HTTP/1.1\r\nHost: a\r\n");
    for (int i = 1; i < GATE_HEADERS_MAX; i++)
        buffer_format(&text, "X-%d: a\r\n", i);
    size_t len = text.len;
    buffer_text(&text, "\r\n");
    CU_ASSERT_EQUAL(read_text(text.bytes, text.len, &head, &code), 0);
    gate_head_clear(&head);
    text.len = len;
    buffer_text(&text, "X-One-More: a\r\n\r\n");
    CU_ASSERT_EQUAL(read_text(text.bytes, text.len, &head, &code), -1);
    CU_ASSERT_EQUAL(code, ERR_HEAD_TOO_LARGE);
    text.len = len;
    while (text.len < GATE_HEAD_MAX)
        buffer_text(&text, "X");
    buffer_text(&text, ": a\r\n\r\n");
    CU_ASSERT_EQUAL(read_text(text.bytes, text.len, &head, &code), -1);
    CU_ASSERT_EQUAL(code, ERR_HEAD_TOO_LARGE);
    buffer_clear(&text);
}

/* A NUL inside the head, at every place. */
static void test_nul_anywhere(void)
{
    static const char good[] = "GET /abc HTTP/1.1\r\nHost: a\r\nX-A: b\r\n\r\n";
    char text[sizeof good];
    for (size_t i = 0; i < strlen(good); i++) {
        struct gate_head head;
        enum err_code code;
        memcpy(text, good, sizeof good);
        text[i] = '\0';
        CU_ASSERT_EQUAL(read_text(text, strlen(good), &head, &code), -1);
        gate_head_clear(&head);
    }
}

static const struct check_test tests[] = {
    {"good heads pass", test_good_heads},      {"parts of a head", test_parts},
    {"bad heads do not pass", test_bad_heads}, {"limits of a head", test_limits},
    {"a NUL anywhere", test_nul_anywhere},
};
CHECK_SUITE(suite_gate, tests);
