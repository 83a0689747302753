"""Benchmarks: each against a reference that is measured in the same run. `make bench` prints the ratios."""
