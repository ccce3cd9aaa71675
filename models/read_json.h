/* read_json.h - closed JSON schemas as tables: which members an object may have, of which type, and
 * where they go. Every violation is an issue with its JSON pointer; reading goes on behind it.
 *
 * Only *_json.c files and the edges include this (it brings jansson). Owns nothing but the text of
 * the pointer.
 */
#ifndef ALMONER_READ_JSON_H
#define ALMONER_READ_JSON_H

#include "models/err.h"
#include "models/words.h"

#include <jansson.h>
#include <stdint.h>

enum { READ_JSON_POINTER = 512 };

/* Where in the document the reader is. `key` is the name of the member being read. */
struct read_json {
    struct alm_error *err;
    char pointer[READ_JSON_POINTER];
    const char *key;
    size_t n_issues; /* violations so far */
};

struct read_json_member;

/* Reads one value into `place` (already at its default), or reports issues. */
typedef void (*read_json_fn)(struct read_json *at, const json_t *value,
                             const struct read_json_member *member, void *place);

struct read_json_member {
    const char *name; /* a name that ends in * is a prefix: any member that begins so */
    read_json_fn read;
    size_t offset; /* of the place within the target of read_json_members */
    int is_required;
    int64_t min, max;          /* read_json_int; length of read_json_text (bytes) */
    const struct words *words; /* read_json_word */
};

/* Once, before any JSON: its memory does not fail either (alloc.h), and so none of it is ever left
 * out. */
void read_json_begin(void);

/* Parses the text (duplicate members refused). NULL with an issue at "" that names line and column.
 * json_decref is the caller's. */
json_t *read_json_parse(const char *bytes, size_t len, struct read_json *at);
void read_json_init(struct read_json *at, struct alm_error *err);

/* One issue at the present pointer, or below it at `name`. */
void read_json_issue(struct read_json *at, const char *code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void read_json_issue_at(struct read_json *at, const char *name, const char *code,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));

/* One step down, for readers that walk by themselves: leave with the value that enter gave. */
size_t read_json_enter(struct read_json *at, const char *name);
size_t read_json_enter_index(struct read_json *at, size_t index);
void read_json_leave(struct read_json *at, size_t mark);

/* An object by its table: unknown members refused, required ones demanded. Target lies at its
 * defaults. */
void read_json_members(struct read_json *at, const json_t *value,
                       const struct read_json_member *members, size_t n, void *target);

/* 1 when the value is of that type and (arrays, objects) holds something; else an issue. */
int read_json_is_array(struct read_json *at, const json_t *value);
int read_json_is_object(struct read_json *at, const json_t *value);

/* Readers of single values: int64_t, int (bool), char * (old one freed), enum, struct list of
 * codes without repetition. Codes are texts of 1..64 of [A-Za-z0-9._:-]. */
void read_json_int(struct read_json *at, const json_t *value, const struct read_json_member *member,
                   void *place);
void read_json_bool(struct read_json *at, const json_t *value,
                    const struct read_json_member *member, void *place);
void read_json_text(struct read_json *at, const json_t *value,
                    const struct read_json_member *member, void *place);
void read_json_word(struct read_json *at, const json_t *value,
                    const struct read_json_member *member, void *place);
void read_json_id(struct read_json *at, const json_t *value, const struct read_json_member *member,
                  void *place); /* char[ID_MAX + 1] */
void read_json_code(struct read_json *at, const json_t *value,
                    const struct read_json_member *member, void *place); /* the same */
void read_json_time(struct read_json *at, const json_t *value,
                    const struct read_json_member *member, void *place); /* RFC 3339 to seconds */
void read_json_codes(struct read_json *at, const json_t *value,
                     const struct read_json_member *member, void *place);
/* Reads nothing: for members that need what may stand behind them, and so a second pass. */
void read_json_later(struct read_json *at, const json_t *value,
                     const struct read_json_member *member, void *place);

#endif
