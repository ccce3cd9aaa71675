/* log.h - one line per event on stderr, with the time in front. Ids may appear in it, people do
 * not. */
#ifndef ALMONER_LOG_H
#define ALMONER_LOG_H

/* The shape in which every part of the daemon takes its log; `arg` is not used. A line break inside
 * the line becomes a space. */
void log_line(void *arg, const char *line);
void log_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
