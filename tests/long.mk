# Tests that take long, for a night or before a release (HACKING.md): the programs of `check` with more of everything.
EXTRA_DIST += tests/faults.sh tests/soak.sh
long_environment = top_srcdir=`cd '$(abs_top_srcdir)' && pwd` top_builddir='$(abs_top_builddir)'
.PHONY: faults soak
faults: all
	$(AM_V_at)$(MAKE) $(AM_MAKEFLAGS) $(check_LIBRARIES) $(check_PROGRAMS)
	$(AM_V_at)$(long_environment) '$(srcdir)/tests/faults.sh'
soak: all
	$(AM_V_at)$(MAKE) $(AM_MAKEFLAGS) $(check_LIBRARIES) $(check_PROGRAMS)
	$(AM_V_at)$(long_environment) '$(srcdir)/tests/soak.sh'
CLEANFILES += faults.log
clean-local: clean-soak
clean-soak:
	rm -rf soak
