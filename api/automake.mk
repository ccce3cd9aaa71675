# libapi: HTTP. Only api/http.c includes evhttp.
noinst_LIBRARIES += libapi.a
libapi_a_SOURCES = \
	api/api.h \
	api/gate.c api/gate.h \
	api/http.c api/http.h \
	api/problem.c api/problem.h
