/* err.c - see err.h. */
#include "models/err.h"

#include "models/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word;
    int http;
    int exit_code;
} err_table[] = {
#define ERR_ROW(name, word, http, exit) [ERR_##name] = {word, http, exit},
    ERR_CODES(ERR_ROW)
#undef ERR_ROW
};

void err_init(struct alm_error *err)
{
    *err = (struct alm_error){.code = ERR_NONE, .max_issues = ERR_MAX_ISSUES};
}

void err_clear(struct alm_error *err)
{
    for (size_t i = 0; i < err->n_issues; i++) {
        free(err->issues[i].pointer);
        free(err->issues[i].code);
        free(err->issues[i].detail);
    }
    free(err->issues);
    err_init(err);
}

int err_set(struct alm_error *err, enum err_code code, const char *format, ...)
{
    if (!err)
        return -1;
    va_list args;
    va_start(args, format);
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    err->code = code;
    return -1;
}

int err_issue(struct alm_error *err, const char *pointer, const char *code, const char *format, ...)
{
    if (!err)
        return -1;
    char detail[400];
    va_list args;
    va_start(args, format);
    vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    if (err->code == ERR_NONE)
        err_set(err, ERR_BAD_INPUT, "%s%s%s", pointer, *pointer ? ": " : "", detail);
    if (err->n_issues >= err->max_issues) {
        err->n_dropped++;
        return -1;
    }
    ALLOC_GROW(err->issues, err->n_issues, err->room);
    err->issues[err->n_issues++] = (struct err_issue){.pointer = alloc_string(pointer),
                                                      .code = alloc_string(code),
                                                      .detail = alloc_string(detail)};
    return -1;
}

int err_in_file(struct alm_error *err, const char *file)
{
    if (!err)
        return -1;
    char *message = alloc_string(err->message);
    err_set(err, err->code, "%s: %s", file, message);
    free(message);
    for (size_t i = 0; i < err->n_issues; i++) {
        struct err_issue *issue = &err->issues[i];
        size_t room = strlen(file) + strlen(issue->pointer) + sizeof ": ";
        char *pointer = alloc_zero(room, 1);
        snprintf(pointer, room, "%s%s%s", file, *issue->pointer ? ": " : "", issue->pointer);
        free(issue->pointer);
        issue->pointer = pointer;
    }
    return -1;
}

char *err_shown(const char *text, size_t len, char shown[ERR_SHOWN])
{
    static const char dots[] = "...";
    size_t keep = len < ERR_SHOWN - sizeof dots ? len : ERR_SHOWN - sizeof dots;
    while (keep < len && keep > 0 && ((unsigned char)text[keep] & 0xC0) == 0x80)
        keep--;
    for (size_t i = 0; i < keep; i++)
        shown[i] = (unsigned char)text[i] < ' ' || text[i] == 0x7F ? '?' : text[i];
    memcpy(shown + keep, dots, sizeof dots);
    if (keep == len)
        shown[keep] = '\0';
    return shown;
}

const char *err_word(enum err_code code)
{
    return err_table[code].word;
}

int err_http_status(enum err_code code)
{
    return err_table[code].http;
}

int err_exit_code(enum err_code code)
{
    return err_table[code].exit_code;
}
