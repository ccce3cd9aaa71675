# libapi: HTTP. Only api/http.c includes evhttp.
noinst_LIBRARIES += libapi.a
libapi_a_SOURCES = \
	api/api.h
