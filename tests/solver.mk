# Tests of solver/.
