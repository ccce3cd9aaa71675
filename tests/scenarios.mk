# Tests of scenarios/.
