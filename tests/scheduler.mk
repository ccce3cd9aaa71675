# Tests of scheduler/.
