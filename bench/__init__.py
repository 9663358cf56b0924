"""Benchmarks against named baselines; each is a module of its own: `python -m bench.ctf_reading`."""
