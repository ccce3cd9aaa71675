# Almoner and its peers on drawn rounds (docs/bench.md). Neither the build nor `check` needs it, nor any peer.
bench_files = tests/bench/agree.sh tests/bench/bench.sh tests/bench/change.awk tests/bench/draw.awk tests/bench/lemon.cc \
	tests/bench/shapes tests/bench/stage.awk
EXTRA_DIST += $(bench_files)
.PHONY: bench
bench: almoner$(EXEEXT)
	$(AM_V_at)top_srcdir=`cd '$(abs_top_srcdir)' && pwd` top_builddir='$(abs_top_builddir)' \
		'$(srcdir)/tests/bench/bench.sh'
clean-local: clean-bench
clean-bench:
	rm -rf bench
