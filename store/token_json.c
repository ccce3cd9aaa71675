/* token_json.c - the token file: {"tokens":[{"id","role","scope","sha256"}]}. See token.h. */
#include "store/token.h"

#include "models/alloc.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELD_ID, FIELD_ROLE, FIELD_SCOPE, FIELD_SHA256, FIELDS };
static const char *const field_names[FIELDS] = {"id", "role", "scope", "sha256"};

char *tokens_to_json(const struct tokens *tokens)
{
    json_t *list = json_array();
    for (size_t i = 0; i < tokens->n; i++) {
        const struct token *token = &tokens->list[i];
        json_t *row = json_object();
        json_object_set_new(row, "id", json_string(token->id));
        json_object_set_new(row, "role", json_string(words_name(&words_role, (int)token->role)));
        json_object_set_new(row, "scope", json_string(token->scope));
        json_object_set_new(row, "sha256", json_string(token->sha256));
        json_array_append_new(list, row);
    }
    json_t *root = json_object();
    json_object_set_new(root, "tokens", list);
    char *dumped = json_dumps(root, JSON_INDENT(1));
    struct buffer text = {0};
    buffer_format(&text, "%s\n", dumped ? dumped : "");
    free(dumped);
    json_decref(root);
    return buffer_take(&text, NULL);
}

static int is_hash(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

/* `_` ends the id within a token's text, `:` within the key of a repeated request. */
static int is_token_id(const char *text)
{
    return record_id_ok(text, strlen(text)) && !strpbrk(text, "_:");
}

static int read_fields(const json_t *row, const char *pointer, const char *values[FIELDS],
                       struct alm_error *err)
{
    if (!json_is_object(row) || json_object_size(row) != FIELDS)
        return err_issue(err, pointer, "type", "an object of id, role, scope and sha256 is needed");
    for (int i = 0; i < FIELDS; i++) {
        values[i] = json_string_value(json_object_get(row, field_names[i]));
        if (!values[i])
            return err_issue(err, pointer, "type", "%s has to be a text", field_names[i]);
    }
    return 0;
}

static int is_known(const struct tokens *tokens, const char *id)
{
    for (size_t i = 0; i < tokens->n; i++)
        if (strcmp(tokens->list[i].id, id) == 0)
            return 1;
    return 0;
}

static int read_row(const json_t *row, const char *pointer, struct tokens *tokens,
                    struct alm_error *err)
{
    const char *values[FIELDS];
    if (read_fields(row, pointer, values, err) != 0)
        return -1;
    int role = words_find(&words_role, values[FIELD_ROLE], strlen(values[FIELD_ROLE]));
    if (role < 0)
        return err_issue(err, pointer, "unknown", "there is no role \"%.40s\"", values[FIELD_ROLE]);
    if (!is_token_id(values[FIELD_ID]))
        return err_issue(err, pointer, "type", "this is not the id of a token");
    if (is_known(tokens, values[FIELD_ID]))
        return err_issue(err, pointer, "duplicate", "the id %s is there twice", values[FIELD_ID]);
    if (!is_hash(values[FIELD_SHA256]))
        return err_issue(err, pointer, "type", "sha256 has to be 64 hex digits in lower case");
    if (token_check_scope((enum role)role, values[FIELD_SCOPE], pointer, err) != 0)
        return -1;
    struct token *token = &tokens->list[tokens->n++];
    token->role = (enum role)role;
    snprintf(token->id, sizeof token->id, "%s", values[FIELD_ID]);
    snprintf(token->scope, sizeof token->scope, "%s", values[FIELD_SCOPE]);
    snprintf(token->sha256, sizeof token->sha256, "%s", values[FIELD_SHA256]);
    return 0;
}

static int read_rows(const json_t *list, struct tokens *tokens, struct alm_error *err)
{
    int done = 0;
    tokens->list = alloc_zero(json_array_size(list), sizeof *tokens->list);
    for (size_t i = 0; i < json_array_size(list); i++) {
        char pointer[32];
        snprintf(pointer, sizeof pointer, "/tokens/%zu", i);
        if (read_row(json_array_get(list, i), pointer, tokens, err) != 0)
            done = -1;
    }
    return done;
}

int tokens_from_json(const char *bytes, size_t len, struct tokens *tokens, struct alm_error *err)
{
    struct tokens found = {0};
    json_error_t where;
    int done = -1;
    json_t *root = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &where);
    const json_t *list = json_object_get(root, "tokens");
    if (!root)
        err_set(err, ERR_BAD_INPUT, "line %d: %s", where.line, where.text);
    else if (!json_is_array(list) || json_object_size(root) != 1)
        err_issue(err, "", "type", "an object with the one member \"tokens\", a list, is needed");
    else
        done = read_rows(list, &found, err);
    if (done == 0)
        *tokens = found;
    else
        tokens_clear(&found);
    json_decref(root);
    return done;
}
