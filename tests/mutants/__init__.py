"""Guards taken out one at a time, to see whether a test notices: `make mutants`."""
