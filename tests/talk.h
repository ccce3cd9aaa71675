/* talk.h - one server over the seeded region with two people, A1 in North and B1 in South, and what
 * its users say to it. Owns the server between talk_begin and talk_end. */
#ifndef ALMONER_TESTS_TALK_H
#define ALMONER_TESTS_TALK_H

#include "models/record.h"
#include "tests/api_server.h"

#include <jansson.h>
#include <stddef.h>

extern struct api_server talk_server;

void talk_begin(void);
void talk_end(void);

/* Sends as `who` (a token), checks the status, gives the body as JSON (caller decrefs; NULL when it
 * is none). */
json_t *talk_say(const char *who, const char *method, const char *path, const char *headers,
                 const char *body, int status);
void talk_tell(const char *who, const char *method, const char *path, const char *headers,
               const char *body, int status);
/* Of all pages of `base` (a path with a query): how many there are, in the order of `key`; the last
 * one's key. */
size_t talk_walk(const char *base, const char *who, const char *key, char last[ID_MAX + 1]);
/* "" where there is no such text. */
const char *talk_text(const json_t *json, const char *name);

/* Tokens: the district office North, the home I1, the planner, the administrator. */
const char *talk_north(void);
const char *talk_home(void);
const char *talk_planner(void);
const char *talk_admin(void);

#endif
