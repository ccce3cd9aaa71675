/* log.c - see log.h. */
#include "scheduler/log.h"

#include "models/stamp.h"
#include "scheduler/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LOG_LINE_MAX = 1000 };

void log_line(void *arg, const char *line)
{
    (void)arg;
    char time[STAMP_TEXT], text[LOG_LINE_MAX];
    snprintf(text, sizeof text, "%s", line);
    for (char *at = text; (at = strpbrk(at, "\r\n"));)
        *at = ' ';
    fprintf(stderr, "%s %s\n", stamp_format(clock_real(), time), text);
}

void log_to(void (*log)(void *arg, const char *line), void *arg, const char *format, ...)
{
    char line[LOG_LINE_MAX];
    va_list list;
    va_start(list, format);
    vsnprintf(line, sizeof line, format, list);
    va_end(list);
    if (log)
        log(arg, line);
}

void log_format(const char *format, ...)
{
    char line[LOG_LINE_MAX];
    va_list list;
    va_start(list, format);
    vsnprintf(line, sizeof line, format, list);
    va_end(list);
    log_line(NULL, line);
}
