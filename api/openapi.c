/* openapi.c - the API description (OpenAPI 3.1), made from the route table and the field tables, so
 * that neither can say anything else than the program does. */
#include "api/handlers.h"

#include "api/call.h"
#include "api/problem.h"
#include "config.h"
#include "models/fields.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const char *const types[FIELD_TYPES] = {
    [FIELD_IDENT] = "string",  [FIELD_PLACE] = "string",     [FIELD_LABEL] = "string",
    [FIELD_TEXT] = "string",   [FIELD_CODE] = "string",      [FIELD_INT] = "integer",
    [FIELD_BOOL] = "boolean",  [FIELD_DEGREES] = "number",   [FIELD_TIME] = "string",
    [FIELD_DATE] = "string",   [FIELD_WORD] = "string",      [FIELD_KINDS] = "array",
    [FIELD_CODES] = "array",   [FIELD_IDS] = "array",        [FIELD_TEXTS] = "array",
    [FIELD_ROOMS] = "array",   [FIELD_RESERVES] = "array",   [FIELD_DECLINED] = "array",
    [FIELD_EXTRAS] = "string", [FIELD_OBJECTIVES] = "array",
};

static json_t *words_json(const struct field *field)
{
    const struct words *words = field->words;
    json_t *list = json_array();
    for (int i = 0; i < words->count; i++)
        json_array_append_new(list, json_string(words_name(words, i)));
    if (field->flags & FIELD_OUTCOME)
        json_array_append_new(list, json_null());
    return list;
}

/* No limit, no time and no day are null, and what a round that runs has not come to yet. */
static json_t *type_json(const struct field *field)
{
    int has_null = field->type == FIELD_TIME || field->type == FIELD_DATE ||
                   field->flags & FIELD_OUTCOME ||
                   (field->type == FIELD_INT && field->fallback == RECORD_NO_LIMIT);
    const char *type = types[field->type];
    return has_null ? json_pack("[s,s]", type, "null") : json_string(type);
}

static json_t *field_json(const struct field *field)
{
    const char *type = types[field->type];
    json_t *schema =
        json_pack("{s:o,s:s}", "type", type_json(field), "description", field->meaning);
    if (strcmp(type, "array") == 0)
        json_object_set_new(
            schema, "items",
            json_pack("{s:s}", "type", field->type == FIELD_OBJECTIVES ? "object" : "string"));
    if (field->type == FIELD_TIME || field->type == FIELD_DATE)
        json_object_set_new(schema, "format",
                            json_string(field->type == FIELD_TIME ? "date-time" : "date"));
    if (field->type == FIELD_WORD)
        json_object_set_new(schema, "enum", words_json(field));
    if (field->type == FIELD_INT || field->type == FIELD_DEGREES) {
        json_object_set_new(schema, "minimum", json_integer(field->min));
        json_object_set_new(schema, "maximum", json_integer(field->max));
    }
    if (!(field->flags & FIELD_CLIENT))
        json_object_set_new(schema, "readOnly", json_true());
    return schema;
}

static json_t *person_json(void)
{
    static const char *const members[] = {"name", "id_number", "phone", "address"};
    json_t *properties = json_object();
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        json_object_set_new(properties, members[i], json_pack("{s:s}", "type", "string"));
    return json_pack("{s:s,s:s,s:b,s:o}", "type", "object", "description",
                     "personal data: kept sealed, shown to the person's district and to a home "
                     "with a live offer",
                     "additionalProperties", 0, "properties", properties);
}

static json_t *record_schema(enum record_type type)
{
    const struct field_table *table = fields_of(type);
    json_t *properties = json_object(), *required = json_array();
    json_t *schema = json_pack("{s:s,s:b}", "type", "object", "additionalProperties", 0);
    for (size_t i = 0; i < table->n; i++) {
        const struct field *field = &table->fields[i];
        if (!(field->flags & FIELD_JSON))
            continue;
        if (field->type == FIELD_EXTRAS) {
            json_object_set_new(schema, "patternProperties",
                                json_pack("{s:o}", "^x_", field_json(field)));
            continue;
        }
        json_object_set_new(properties, field->name, field_json(field));
        /* an applicant without an id gets a random one */
        if ((field->flags & FIELD_REQUIRED) && !(field->flags & FIELD_KEY))
            json_array_append_new(required, json_string(field->name));
    }
    if (type == RECORD_APPLICANT)
        json_object_set_new(properties, "person", person_json());
    json_object_set_new(schema, "properties", properties);
    json_object_set_new(schema, "required", required);
    return schema;
}

static json_t *schemas(void)
{
    static const enum record_type shown[] = {RECORD_APPLICANT, RECORD_INSTITUTION, RECORD_POOL,
                                             RECORD_OFFER, RECORD_ROUND};
    json_t *all = json_object();
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        json_object_set_new(all, words_name(&words_record_type, (int)shown[i]),
                            record_schema(shown[i]));
    json_object_set_new(all, "problem",
                        json_pack("{s:s,s:{s:{s:s},s:{s:s},s:{s:s},s:{s:s},s:{s:s,s:{s:s}}}}",
                                  "type", "object", "properties", "title", "type", "string",
                                  "status", "type", "integer", "code", "type", "string", "detail",
                                  "type", "string", "errors", "type", "array", "items", "type",
                                  "object"));
    return all;
}

static void add_parameter(json_t *list, const char *in, const char *name, size_t len, int required)
{
    json_array_append_new(list, json_pack("{s:s%,s:s,s:b,s:{s:s}}", "name", name, len, "in", in,
                                          "required", required, "schema", "type", "string"));
}

static json_t *parameters(const struct route *route)
{
    json_t *list = json_array();
    if (strstr(route->pattern, "{id}"))
        add_parameter(list, "path", "id", 2, 1);
    for (const char *word = route->query; *word; word += strspn(word, " ")) {
        size_t len = strcspn(word, " ");
        add_parameter(list, "query", word, len, 0);
        word += len;
    }
    if (route->flags & (ROUTE_IF_MATCH | ROUTE_CREATES))
        add_parameter(list, "header", "If-Match", 8, (route->flags & ROUTE_IF_MATCH) != 0);
    if (route->flags & ROUTE_CREATES)
        add_parameter(list, "header", "If-None-Match", 13, 0);
    if (route->method == GATE_POST)
        add_parameter(list, "header", "Idempotency-Key", 15, 0);
    return list;
}

static json_t *roles(const struct route *route)
{
    json_t *list = json_array();
    for (int role = 0; role < ROLE_COUNT; role++)
        if (route->roles & (1u << role))
            json_array_append_new(list, json_string(words_name(&words_role, role)));
    return list;
}

/* {"content": {type: {"schema": {"$ref": ...}}}}; without a schema any JSON will do. */
static json_t *content(const char *type, const char *schema)
{
    char ref[64];
    snprintf(ref, sizeof ref, "#/components/schemas/%s", schema);
    json_t *inside = *schema ? json_pack("{s:{s:s}}", "schema", "$ref", ref) : json_object();
    return json_pack("{s:{s:o}}", "content", type, inside);
}

static int ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), n = strlen(end);
    return len >= n && strcmp(text + len - n, end) == 0;
}

/* The schema of the record that a route answers with; "" when it is something else. */
static const char *answer_schema(const struct route *route)
{
    int is_one = ends_with(route->pattern, "{id}") || ends_with(route->pattern, "/vacancy");
    if (route->object != ROUTE_NOTHING)
        return is_one ? words_name(&words_record_type, (int)auth_type(route->object)) : "";
    return route->status == 201 ? words_name(&words_record_type, RECORD_APPLICANT) : "";
}

static json_t *request_body(const struct route *route)
{
    /* a PATCH is a part of the record: nothing is required in it */
    int is_record =
        !*route->action && !ends_with(route->pattern, "/vacancy") && route->method != GATE_PATCH;
    if (route->flags & ROUTE_LARGE)
        return json_pack("{s:{s:{},s:{}}}", "content", "text/csv", "application/x-ndjson");
    return content("application/json", is_record ? answer_schema(route) : "");
}

static json_t *responses(const struct route *route)
{
    char status[8];
    const char *schema = answer_schema(route);
    json_t *good = *schema ? content("application/json", schema) : json_object();
    json_t *bad = content(PROBLEM_TYPE, "problem");
    snprintf(status, sizeof status, "%d", route->status);
    json_object_set_new(good, "description", json_string(route->meaning));
    json_object_set_new(bad, "description", json_string("a problem"));
    return json_pack("{s:o,s:o}", status, good, "default", bad);
}

static json_t *operation(const struct route *route)
{
    json_t *operation =
        json_pack("{s:s,s:o,s:o,s:o}", "summary", route->meaning, "x-roles", roles(route),
                  "parameters", parameters(route), "responses", responses(route));
    if (route->flags & (ROUTE_LARGE | ROUTE_BODY))
        json_object_set_new(operation, "requestBody", request_body(route));
    if (route->flags & ROUTE_OPEN)
        json_object_set_new(operation, "security", json_pack("[{},{s:[]}]", "bearer"));
    return operation;
}

static json_t *paths(void)
{
    json_t *all = json_object();
    for (size_t i = 0; i < routes_n; i++) {
        char path[128], method[16];
        routes_path(&routes[i], "{id}", path, sizeof path);
        snprintf(method, sizeof method, "%s", gate_method_word(routes[i].method));
        for (char *c = method; *c; c++)
            *c = (char)(*c | 0x20);
        json_t *item = json_object_get(all, path);
        if (!item) {
            item = json_object();
            json_object_set_new(all, path, item);
        }
        json_object_set_new(item, method, operation(&routes[i]));
    }
    return all;
}

void openapi_get(struct call *call)
{
    json_t *document =
        json_pack("{s:s,s:{s:s,s:s},s:o,s:{s:o,s:{s:{s:s,s:s}}},s:[{s:[]}]}", "openapi", "3.1.0",
                  "info", "title", PACKAGE_NAME, "version", PACKAGE_VERSION, "paths", paths(),
                  "components", "schemas", schemas(), "securitySchemes", "bearer", "type", "http",
                  "scheme", "bearer", "security", "bearer");
    char *text = json_dumps(document, JSON_COMPACT);
    json_decref(document);
    call_json(call, 200, text, NULL);
}
