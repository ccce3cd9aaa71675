/* scan.c - see scan.h. */
#include "api/scan.h"

#include <stdlib.h>
#include <string.h>

void scan_init(struct scan *scan, scan_accept_fn accept, void *arg)
{
    *scan = (struct scan){.accept = accept, .arg = arg};
    scan->last = &scan->first;
}

void scan_clear(struct scan *scan)
{
    for (struct scanned *scanned; (scanned = scan_pop(scan));)
        scanned_free(scanned);
    buffer_clear(&scan->head);
}

void scanned_free(struct scanned *scanned)
{
    if (scanned)
        gate_head_clear(&scanned->head);
    free(scanned);
}

struct scanned *scan_pop(struct scan *scan)
{
    struct scanned *scanned = scan->first;
    if (scanned && !(scan->first = scanned->next))
        scan->last = &scan->first;
    return scanned;
}

static int head_ends(const struct buffer *head)
{
    return head->len >= 4 && memcmp(head->bytes + head->len - 4, "\r\n\r\n", 4) == 0;
}

static int take_head(struct scan *scan, struct alm_error *err)
{
    struct scanned *scanned = alloc_zero(1, sizeof *scanned);
    int bad = gate_read(scan->head.bytes, scan->head.len, &scanned->head, err) != 0 ||
              scan->accept(scan->arg, &scanned->head, err) != 0;
    buffer_clear(&scan->head);
    if (bad) {
        scanned_free(scanned);
        return -1;
    }
    scan->body_left = scanned->head.content_length;
    *scan->last = scanned;
    scan->last = &scanned->next;
    return 0;
}

/* A line end without CR is refused at once: the head might never end otherwise. */
static int take_byte(struct scan *scan, char byte, struct alm_error *err)
{
    const struct buffer *head = &scan->head;
    int is_bare = byte == '\n' && (!head->len || head->bytes[head->len - 1] != '\r');
    if (is_bare)
        return err_set(err, ERR_BAD_REQUEST, "request head: a line ends in LF without CR");
    buffer_add(&scan->head, &byte, 1);
    if (head->len > GATE_HEAD_MAX)
        return err_set(err, ERR_HEAD_TOO_LARGE, "request head: more than %d bytes", GATE_HEAD_MAX);
    return head_ends(head) ? take_head(scan, err) : 0;
}

size_t scan_skip(struct scan *scan, size_t len)
{
    size_t skip = scan->body_left < len ? scan->body_left : len;
    scan->body_left -= skip;
    return skip;
}

int scan_bytes(struct scan *scan, const char *bytes, size_t len, struct alm_error *err)
{
    size_t i = scan_skip(scan, len);
    while (i < len && !scan->is_stopped) {
        if (take_byte(scan, bytes[i++], err) != 0) {
            scan->is_stopped = 1;
            return -1;
        }
        i += scan_skip(scan, len - i);
    }
    return 0;
}
