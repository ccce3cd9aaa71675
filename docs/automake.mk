# Man pages and documents.
dist_man_MANS += docs/almoner.1 docs/almonerd.8
dist_doc_DATA += README.md HACKING.md NEWS.md LICENSE \
	docs/architecture.md \
	docs/bench.md \
	docs/city.md \
	docs/formats.md \
	docs/http.md \
	docs/operating.md \
	docs/planning.md \
	docs/solver.md \
	docs/solver-bounds.md \
	docs/solver-coupled.md \
	docs/store.md
EXTRA_DIST += quickstart build-aux/setup.sh .clang-format .ci/run
# The script ./check has the name of a target: in EXTRA_DIST it would run all tests for each tarball.
dist-hook:
	cp -p $(srcdir)/check $(distdir)/check
