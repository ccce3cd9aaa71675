/* stamp.c - see stamp.h. Days by the proleptic Gregorian calendar, years 0000 to 9999. */
#include "models/stamp.h"

#include <stdio.h>
#include <string.h>

/* 400 years repeat exactly; a year that begins in March has its leap day at the end. */
enum { DAYS_PER_ERA = 146097, DAYS_TO_1970 = 719468 };

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = floor_div(year, 400), year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

static void civil_from_days(int64_t days, int64_t *year, int *month, int *day)
{
    days += DAYS_TO_1970;
    int64_t era = floor_div(days, DAYS_PER_ERA), of_era = days - era * DAYS_PER_ERA;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * march_month + 2) / 5 + 1);
    *month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

/* Reads between `least` and `most` digits; the number of them, 0 when there are fewer. */
static size_t read_digits(const char *text, size_t least, size_t most, int *value)
{
    size_t n = 0;
    *value = 0;
    while (n < most && text[n] >= '0' && text[n] <= '9')
        *value = *value * 10 + (text[n++] - '0');
    return n < least ? 0 : n;
}

static int day_exists(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1)
        return 0;
    int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (month == 2 && is_leap);
}

/* Year, separator, month, separator, day; the text after it, NULL when it is no date. */
static const char *read_date(const char *text, const char *separators, size_t least,
                             int64_t *seconds)
{
    int year, month, day;
    size_t n = read_digits(text, 4, 4, &year);
    char separator = text[n];
    if (!n || !separator || !strchr(separators, separator))
        return NULL;
    text += n + 1;
    n = read_digits(text, least, 2, &month);
    if (!n || text[n] != separator)
        return NULL;
    text += n + 1;
    n = read_digits(text, least, 2, &day);
    if (!n || !day_exists(year, month, day))
        return NULL;
    *seconds = days_from_civil(year, month, day) * STAMP_DAY_S;
    return text + n;
}

/* "hh:mm" to seconds; the text after it, NULL when it is none. */
static const char *read_clock(const char *text, int64_t *seconds)
{
    int hour, minute;
    if (!read_digits(text, 2, 2, &hour) || text[2] != ':' ||
        !read_digits(text + 3, 2, 2, &minute) || hour > 23 || minute > 59)
        return NULL;
    *seconds = hour * 3600 + minute * 60;
    return text + 5;
}

static const char *read_seconds(const char *text, int64_t *seconds)
{
    int second;
    if (text[0] != ':' || !read_digits(text + 1, 2, 2, &second) || second > 60)
        return NULL;
    *seconds += second; /* :60 is a leap second and counts as the next minute */
    text += 3;
    if (*text != '.')
        return text;
    size_t digits = strspn(text + 1, "0123456789");
    return digits ? text + 1 + digits : NULL;
}

/* "Z" or "+hh:mm": what has to be taken off to reach UTC. */
static const char *read_zone(const char *text, int64_t *offset)
{
    *offset = 0;
    if (*text == 'Z' || *text == 'z')
        return text + 1;
    if (*text != '+' && *text != '-')
        return NULL;
    int is_west = *text == '-';
    text = read_clock(text + 1, offset);
    if (is_west)
        *offset = -*offset;
    return text;
}

/* An offset can lead out of the years that four digits can say. */
static int is_writable(int64_t seconds)
{
    return seconds >= days_from_civil(0, 1, 1) * STAMP_DAY_S &&
           seconds < days_from_civil(10000, 1, 1) * STAMP_DAY_S;
}

int stamp_parse(const char *text, int64_t *seconds)
{
    int64_t day, clock = 0, offset = 0;
    text = read_date(text, "-", 2, &day);
    if (!text)
        return -1;
    if (*text) {
        if (!strchr("Tt ", *text))
            return -1;
        text = read_clock(text + 1, &clock);
        text = text ? read_seconds(text, &clock) : NULL;
        text = text ? read_zone(text, &offset) : NULL;
    }
    if (!text || *text || !is_writable(day + clock - offset))
        return -1;
    *seconds = day + clock - offset;
    return 0;
}

int stamp_parse_date(const char *text, int64_t *seconds)
{
    int serial;
    if (strlen(text) == 5 && read_digits(text, 5, 5, &serial)) {
        *seconds = (days_from_civil(1899, 12, 30) + serial) * STAMP_DAY_S;
        return 0;
    }
    int64_t day;
    text = read_date(text, "-/", 1, &day);
    if (!text || *text)
        return -1;
    *seconds = day;
    return 0;
}

/* The last `width` digits. */
static void put_digits(char *at, int number, int width)
{
    for (int i = width - 1; i >= 0; i--, number /= 10)
        at[i] = (char)('0' + number % 10);
}

static char *format_day(int64_t days, char text[STAMP_TEXT])
{
    int64_t year;
    int month, day;
    civil_from_days(days, &year, &month, &day);
    if (year < 0 || year > 9999) {
        snprintf(text, STAMP_TEXT, "%04d-%02d-%02d", (int)year, month, day);
        return text;
    }
    memcpy(text, "....-..-..", sizeof "....-..-..");
    put_digits(text, (int)year, 4);
    put_digits(text + 5, month, 2);
    put_digits(text + 8, day, 2);
    return text;
}

char *stamp_format(int64_t seconds, char text[STAMP_TEXT])
{
    int64_t days = floor_div(seconds, STAMP_DAY_S);
    int rest = (int)(seconds - days * STAMP_DAY_S);
    format_day(days, text);
    size_t len = strlen(text);
    snprintf(text + len, STAMP_TEXT - len, "T%02d:%02d:%02dZ", rest / 3600, rest / 60 % 60,
             rest % 60);
    return text;
}

char *stamp_format_date(int64_t seconds, char text[STAMP_TEXT])
{
    return format_day(floor_div(seconds, STAMP_DAY_S), text);
}

int64_t stamp_days(int64_t since, int64_t now)
{
    int64_t waited;
    if (since == STAMP_NONE || __builtin_sub_overflow(now, since, &waited) || waited < 0)
        return 0;
    return waited / STAMP_DAY_S;
}
