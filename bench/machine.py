"""What a benchmark ran on, for its heading: processor, cores, threads, versions; and the memory it took."""

from __future__ import annotations

import os
import platform
import resource
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path


def processor() -> str:
    """The processor's name, as far as the system tells it."""
    listed = Path("/proc/cpuinfo")
    if listed.is_file():
        for entry in listed.read_text(encoding="utf-8", errors="replace").splitlines():
            if entry.startswith("model name"):
                return entry.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def heading(packages: Sequence[str]) -> str:
    """Two lines: the machine and how busy it is, and the versions of `packages`."""
    busy = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    threads = os.environ.get("OMP_NUM_THREADS")
    told = f"OMP_NUM_THREADS={threads}" if threads else "OMP_NUM_THREADS not set"
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    return f"{processor()}, {os.cpu_count()} cores, {told}{busy}\nPython {platform.python_version()}, {versions}"


def peak_memory() -> float:
    """The most memory that this process has had so far, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)
