"""Runs: the store, the pipeline from inputs to pairs, and what a finished run holds."""

from align.runs.pipeline import RunResult, run

__all__ = ["RunResult", "run"]
