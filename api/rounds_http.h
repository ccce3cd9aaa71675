/* rounds_http.h - the memory of POST /v1/rounds: which Idempotency-Key started which round.
 *
 * Who joins a round changes nothing, so the store cannot remember the key. The
 * last 256 keys are kept here, in this process. */
#ifndef ALMONER_ROUNDS_HTTP_H
#define ALMONER_ROUNDS_HTTP_H

struct rounds_http;
struct rounds_http *rounds_http_new(void);
void rounds_http_free(struct rounds_http *memory);

#endif
