/* log.h - one line per event on stderr, with the time in front. Ids may appear in it, people do
 * not. */
#ifndef ALMONER_LOG_H
#define ALMONER_LOG_H

/* The shape in which every part of the daemon takes its log; `arg` is not used. A line break inside
 * the line becomes a space. */
void log_line(void *arg, const char *line);
/* Formats a line for a log of that shape; NULL = nobody listens. */
void log_to(void (*log)(void *arg, const char *line), void *arg, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void log_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
