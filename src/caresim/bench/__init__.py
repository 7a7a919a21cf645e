"""Benchmark suites: simulated figures beside exact and published ones."""
