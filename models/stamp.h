/* stamp.h - moments and days: RFC 3339 text to whole seconds since 1970-01-01T00:00:00Z and back.
 *
 * Pure: nobody here asks what time it is. A date counts as 00:00:00Z (formats.md). */
#ifndef ALMONER_STAMP_H
#define ALMONER_STAMP_H

#include <stdint.h>

enum { STAMP_DAY_S = 86400, STAMP_TEXT = 32 };
#define STAMP_NONE INT64_MIN /* an empty cell */

/* Parses an RFC 3339 date ("2025-03-01") or date-time ("2025-03-01T08:00:00+08:00", fractions of a
 * second dropped). 0, or -1 when it is neither or no such day exists. */
int stamp_parse(const char *text, int64_t *seconds);

/* Parses a date alone; also the ways in which spreadsheets write it: 1941/5/6, 1941-5-6, and a
 * serial day number (days since 1899-12-30, 5 digits). Gives the start of that day. 0, or -1. */
int stamp_parse_date(const char *text, int64_t *seconds);

/* Writes "2025-03-01T00:00:00Z" (date-time) or "2025-03-01" (date) into text; returns text. */
char *stamp_format(int64_t seconds, char text[STAMP_TEXT]);
char *stamp_format_date(int64_t seconds, char text[STAMP_TEXT]);

/* max(0, floor((now - since) / 86400)): whole days waited. */
int64_t stamp_days(int64_t since, int64_t now);

#endif
