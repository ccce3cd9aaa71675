/* rounds_http.h - the memory of POST /v1/rounds: which Idempotency-Key started which round.
 *
 * The store remembers the key of whoever started a round. Who joins one changes nothing, so the
 * last 256 keys are kept here too, in this process. */
#ifndef ALMONER_ROUNDS_HTTP_H
#define ALMONER_ROUNDS_HTTP_H

struct rounds_http;
struct rounds_http *rounds_http_new(void);
void rounds_http_free(struct rounds_http *memory);

#endif
