# libapi: HTTP. Only api/http.c and api/http_stream.c include evhttp.
noinst_LIBRARIES += libapi.a
libapi_a_SOURCES = \
	api/api.c api/api.h \
	api/applicants.c api/applicants.h \
	api/auth.c api/auth.h \
	api/batch.c \
	api/batch_rows.c api/batch_rows.h \
	api/body.c api/body.h \
	api/call.c api/call.h \
	api/events.c api/events.h \
	api/explanation.c \
	api/gate.c api/gate.h \
	api/handlers.h \
	api/http.c api/http.h api/http_inside.h \
	api/http_stream.c \
	api/institutions.c \
	api/listen.c api/listen.h \
	api/metrics.c \
	api/offers.c \
	api/openapi.c \
	api/page.c api/page.h \
	api/problem.c api/problem.h \
	api/reports.c \
	api/residents.c \
	api/rounds_http.c api/rounds_http.h \
	api/routes.c api/routes.h \
	api/scan.c api/scan.h \
	api/travel.c \
	api/write.c api/write.h
