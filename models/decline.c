/* decline.c - see decline.h. */
#include "models/decline.h"

#include "models/alloc.h"

#include <string.h>

#define DECLINE_ROW(word, sides, consequence, meaning) {word, sides, consequence, meaning},
static const struct decline_reason reasons[] = {DECLINE_REASONS(DECLINE_ROW)};

const struct decline_reason *decline_find(const char *word, enum side side)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (strcmp(reasons[i].word, word) == 0 && reasons[i].sides & 1 << side)
            return &reasons[i];
    return NULL;
}

void decline_words(enum side side, struct buffer *out)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].sides & 1 << side)
            buffer_format(out, "%s%s", out->len ? " " : "", reasons[i].word);
}
