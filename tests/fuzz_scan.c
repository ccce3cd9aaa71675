/* fuzz_scan.c - any bytes as a connection: however the packets are cut, the same heads pass and the
 * same one is refused; and what passes is what the gate promises, and finds its way through the
 * routes or nowhere. */
#include "api/routes.h"
#include "api/scan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static int accept_all(void *arg, const struct gate_head *head, struct alm_error *err)
{
    (void)arg, (void)head, (void)err;
    return 0;
}

static int scan_in_pieces(struct scan *scan, const char *bytes, size_t len, size_t piece)
{
    int result = 0;
    scan_init(scan, accept_all, NULL);
    for (size_t at = 0; at < len && result == 0; at += piece)
        result = scan_bytes(scan, bytes + at, len - at < piece ? len - at : piece, NULL);
    return result;
}

static void check_head(const struct gate_head *head)
{
    char id[ID_MAX + 1];
    unsigned allowed;
    if (head->path[0] != '/' || head->path[1] == '/' || strstr(head->path, "/../") ||
        !gate_header(head, "host") || gate_header(head, "transfer-encoding"))
        abort();
    const struct route *route = routes_match(head->method, head->path, id, &allowed);
    if (route && (!allowed || (*id && !record_id_ok(id, strlen(id)))))
        abort();
}

static void check_same(struct scan *whole, struct scan *pieces)
{
    struct scanned *left, *right;
    do {
        left = scan_pop(whole);
        right = scan_pop(pieces);
        if (!left != !right)
            abort();
        if (left && (strcmp(left->head.path, right->head.path) != 0 ||
                     left->head.content_length != right->head.content_length))
            abort();
        if (left)
            check_head(&left->head);
        scanned_free(left);
        scanned_free(right);
    } while (left);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct scan whole, pieces;
    size_t piece = len ? bytes[0] % 7 + 1 : 1;
    int result = scan_in_pieces(&whole, (const char *)bytes, len, len + 1);
    if (scan_in_pieces(&pieces, (const char *)bytes, len, piece) != result)
        abort();
    check_same(&whole, &pieces);
    scan_clear(&whole);
    scan_clear(&pieces);
    return 0;
}
