"""Benchmarks: figures for the README and the docs."""
