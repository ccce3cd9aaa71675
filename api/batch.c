/* batch.c - POST /v1/applicants:batch and /v1/travel:batch: many rows in one request, each its own
 * change.
 *
 * Owns the import while it runs; delegates rows to batch_rows.c and each row's change to the
 * use case of its type. At most PIPELINE changes of one import wait for the store, so
 * that a big one neither fills the writer nor keeps others waiting. A row's idempotency record is
 * "<token>:<key>#<row>", so that a retry resumes. */
#include "api/batch_rows.h"
#include "api/call.h"
#include "api/handlers.h"
#include "api/problem.h"
#include "models/alloc.h"
#include "models/write_json.h"
#include "scheduler/timer.h"
#include "scheduler/usecases/usecases.h"

#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PIPELINE = 64, ROWS_A_TURN = 256, IMPORTS_MAX = 4, IMPORT_S = 600 };

struct result {
    size_t line;
    int status;
    int is_repeated;
    char id[ID_MAX + 1];
    char *problem; /* JSON; NULL when it went well */
};

/* What is done with rows of a type, and what a good one is answered. */
struct work {
    enum record_type type;
    int status;
    int is_put; /* a record that is there is replaced: a second row of it would undo the first */
    const char *id_name; /* in results; NULL = it is not told */
    int (*decide)(const struct region *region, const struct batch_row *row, int64_t now,
                  struct change *change, struct alm_error *err);
};

static int submit(const struct region *region, const struct batch_row *row, int64_t now,
                  struct change *change, struct alm_error *err)
{
    return intake_submit(region, (const struct applicant *)row->record, row->person_json, now,
                         change, err);
}

static int put_travel(const struct region *region, const struct batch_row *row, int64_t now,
                      struct change *change, struct alm_error *err)
{
    return vacancy_put_travel(region, (const struct travel *)row->record, now, change, err);
}

static const struct work applicants = {RECORD_APPLICANT, 201, 0, "applicant_id", submit};
static const struct work travels = {RECORD_TRAVEL, 200, 1, NULL, put_travel};

struct batch {
    const struct work *work;
    struct call *call;
    struct event *turn; /* a timer of 0 ms: one that is made active by itself starves all others */
    struct batch_rows rows;
    int has_ended;   /* no further row is read */
    int is_complete; /* because there is none */
    int is_dry;
    char key[CHANGE_KEY_MAX + 1]; /* "" = no Idempotency-Key */
    struct region *tried;         /* of a dry run or of puts: what the rows before make */
    struct result *results;
    size_t n, room, in_flight;
};

struct job { /* one row on its way through the writer */
    struct batch *batch;
    size_t index;
    struct batch_row row;
};

static void batch_free(struct batch *batch)
{
    for (size_t i = 0; i < batch->n; i++)
        free(batch->results[i].problem);
    free(batch->results);
    region_free(batch->tried);
    batch_rows_clear(&batch->rows);
    event_free(batch->turn);
    free(batch);
}

/* ---- the answer ---- */

static void write_result(struct buffer *out, size_t row, const struct result *result,
                         const char *id_name)
{
    buffer_format(out, "%s{\"row\":%zu,\"line\":%zu,\"status\":%d", row > 1 ? "," : "", row,
                  result->line, result->status);
    if (result->problem) {
        buffer_format(out, ",\"problem\":%s", result->problem);
    } else {
        if (id_name && *result->id) {
            buffer_format(out, ",\"%s\":", id_name);
            write_json_text(out, result->id);
        }
        buffer_text(out, result->is_repeated ? ",\"repeated\":true" : "");
    }
    buffer_text(out, "}");
}

static void write_notes(struct buffer *out, const struct alm_error *notes)
{
    for (size_t i = 0; i < notes->n_issues; i++) {
        buffer_text(out, i ? ",{\"pointer\":" : "{\"pointer\":");
        write_json_text(out, notes->issues[i].pointer);
        buffer_text(out, ",\"code\":");
        write_json_text(out, notes->issues[i].code);
        buffer_text(out, ",\"detail\":");
        write_json_text(out, notes->issues[i].detail);
        buffer_text(out, "}");
    }
}

static void batch_finish(struct batch *batch)
{
    struct buffer out;
    size_t refused = 0;
    for (size_t i = 0; i < batch->n; i++)
        refused += batch->results[i].problem != NULL;
    buffer_init(&out);
    buffer_format(&out,
                  "{\"dry_run\":%s,\"complete\":%s,\"rows\":%zu,\"accepted\":%zu,"
                  "\"refused\":%zu,\"results\":[",
                  batch->is_dry ? "true" : "false", batch->is_complete ? "true" : "false", batch->n,
                  batch->n - refused, refused);
    for (size_t i = 0; i < batch->n; i++)
        write_result(&out, i + 1, &batch->results[i], batch->work->id_name);
    buffer_text(&out, "],\"notes\":[");
    write_notes(&out, &batch->rows.notes);
    buffer_text(&out, "]}");
    batch->call->context->imports--;
    call_json(batch->call, 200, buffer_take(&out, NULL), NULL);
    batch_free(batch);
}

/* ---- rows ---- */

static size_t add_result(struct batch *batch, const struct batch_row *row)
{
    ALLOC_GROW(batch->results, batch->n, batch->room);
    struct result *result = &batch->results[batch->n];
    *result = (struct result){.line = row->line, .status = batch->work->status};
    /* an id made up for a trial is not the one that will be given */
    if (row->record && (row->has_own_id || !batch->is_dry))
        memcpy(result->id, row->record->id, sizeof result->id);
    return batch->n++;
}

static void refuse_row(struct result *result, const struct alm_error *err)
{
    result->status = err_http_status(err->code);
    result->problem = problem_json(err);
}

static int decide_row(const struct region *region, void *arg, int64_t now, struct change *change,
                      struct alm_error *err)
{
    const struct job *job = arg;
    return job->batch->work->decide(region, &job->row, now, change, err);
}

static void on_row_done(void *arg, const struct writer_result *done)
{
    struct job *job = arg;
    struct batch *batch = job->batch;
    struct result *result = &batch->results[job->index];
    if (done->err) {
        refuse_row(result, done->err);
    } else if (done->repeated) {
        result->is_repeated = 1;
        result->status = done->repeated->status;
        memcpy(result->id, done->repeated->record_id, sizeof result->id);
    }
    batch_row_clear(&job->row);
    free(job);
    batch->in_flight--;
    timer_after_ms(batch->turn, 0);
}

static void submit_row(struct batch *batch, struct batch_row *row, size_t index)
{
    struct change_idempotency answer = {.status = batch->work->status};
    struct job *job = alloc_zero(1, sizeof *job);
    *job = (struct job){batch, index, *row};
    snprintf(answer.key, sizeof answer.key, "%.*s#%zu", CHANGE_KEY_MAX - 24, batch->key, index + 1);
    memcpy(answer.request_hash, row->hash, sizeof answer.request_hash);
    memcpy(answer.record_id, row->record->id, sizeof answer.record_id);
    batch->in_flight++;
    writer_submit(batch->call->context->writer, decide_row, job, *batch->key ? &answer : NULL,
                  on_row_done, job);
}

/* A row that another one of this import has made already is refused where nobody else would. */
static void check_before(const struct batch *batch, struct batch_row *row)
{
    const char *word = words_name(&words_record_type, (int)batch->work->type);
    if (region_find(batch->tried, batch->work->type, row->record->id))
        err_set(&row->err, ERR_CONFLICT, "%s %s stands in a row before this one", word,
                row->record->id);
}

/* What the writer would say, without asking it. */
static void try_row(struct batch *batch, struct batch_row *row, struct result *result)
{
    struct change change;
    change_init(&change);
    if (batch->work->decide(call_region(batch->call), row, batch->call->context->clock(), &change,
                            &row->err) != 0) {
        refuse_row(result, &row->err);
    } else {
        region_put_take(batch->tried, row->record);
        row->record = NULL;
    }
    change_clear(&change);
    batch_row_clear(row);
}

static int take_row(struct batch *batch)
{
    struct batch_row row;
    if (!batch_rows_next(&batch->rows, &batch->call->who, &row)) {
        batch->is_complete = 1;
        return 0;
    }
    size_t index = add_result(batch, &row);
    int is_known = batch->is_dry || batch->work->is_put;
    if (row.record && is_known)
        check_before(batch, &row);
    if (row.err.code != ERR_NONE) {
        refuse_row(&batch->results[index], &row.err);
        batch_row_clear(&row);
    } else if (batch->is_dry) {
        try_row(batch, &row, &batch->results[index]);
    } else {
        if (is_known)
            region_put_take(batch->tried, record_copy(row.record));
        submit_row(batch, &row, index);
    }
    return 1;
}

static void on_turn(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct batch *batch = arg;
    for (int i = 0; i < ROWS_A_TURN && batch->in_flight < PIPELINE && !batch->has_ended; i++)
        batch->has_ended = batch->call->context->is_draining || !take_row(batch);
    if (!batch->has_ended && batch->in_flight < PIPELINE)
        timer_after_ms(batch->turn, 0);
    else if (batch->has_ended && batch->in_flight == 0)
        batch_finish(batch);
}

/* ---- the door ---- */

/* 1 = CSV, 0 = NDJSON, -1 with an error. */
static int body_is_csv(const struct call *call, struct alm_error *err)
{
    static const struct {
        const char *type;
        int is_csv;
    } known[] = {{"text/csv", 1}, {"application/x-ndjson", 0}, {"application/ndjson", 0}};
    const char *type = gate_header(&call->request->head, "content-type");
    size_t len = type ? strcspn(type, "; ") : 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i].type) == len && strncasecmp(known[i].type, type, len) == 0)
            return known[i].is_csv;
    return err_set(err, ERR_MEDIA_TYPE,
                   "Content-Type: text/csv or application/x-ndjson is expected");
}

static int batch_open(struct batch *batch, struct call *call, struct alm_error *err)
{
    struct change_idempotency asked;
    int is_csv = body_is_csv(call, err);
    if (is_csv < 0 || call_query_flag(call, "dry_run", &batch->is_dry, err) != 0 ||
        call_idempotency(call, &asked, err) != 0)
        return -1;
    if (call->context->imports >= IMPORTS_MAX)
        return err_set(err, ERR_TOO_MANY, "%d imports are under way: try again later", IMPORTS_MAX);
    memcpy(batch->key, asked.key, sizeof batch->key);
    return batch_rows_init(&batch->rows, batch->work->type, is_csv, call->request->body,
                           call->request->body_len, err);
}

static void begin(struct call *call, const struct work *work)
{
    struct alm_error err;
    err_init(&err);
    struct batch *batch = alloc_zero(1, sizeof *batch);
    batch->work = work;
    if (batch_open(batch, call, &err) != 0) {
        call_fail(call, &err);
        free(batch);
    } else {
        batch->call = call;
        batch->tried = region_new();
        batch->turn = event_new(call->context->base, -1, 0, on_turn, batch);
        call->context->imports++;
        http_extend(call->request, IMPORT_S);
        timer_after_ms(batch->turn, 0);
    }
    err_clear(&err);
}

void batch_post(struct call *call)
{
    begin(call, &applicants);
}

void batch_post_travel(struct call *call)
{
    begin(call, &travels);
}
