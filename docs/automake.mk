# Man pages and documents.
dist_man_MANS += docs/almoner.1 docs/almonerd.8
dist_doc_DATA += README.md HACKING.md NEWS.md LICENSE \
	docs/architecture.md \
	docs/city.md \
	docs/formats.md \
	docs/http.md \
	docs/solver.md \
	docs/solver-coupled.md \
	docs/store.md
EXTRA_DIST += quickstart check build-aux/setup.sh .clang-format .ci/run
