"""What a translator runs on: device, precision, batch size and workers, from the settings and the machine."""

from __future__ import annotations

import os
from dataclasses import dataclass

from align.config import TranslateSettings
from align.errors import ConfigError

# Source tokens for a beam of 2 or more; a search without a beam has room for twice as many.
_BATCH_TOKENS = {"cpu": 1000, "cuda": 8000}


@dataclass(frozen=True, slots=True)
class Placement:
    """Settings without "auto": device "cpu" or "cuda", precision "float32", "float16" or "int8"."""

    engine: str
    device: str
    precision: str
    batch_tokens: int
    workers: int


def place(settings: TranslateSettings) -> Placement:
    """Settings made definite on this machine; raises ConfigError where it or the engine cannot."""
    gpu = _has_gpu(settings.engine) if settings.device != "cpu" else False
    if settings.device == "cuda" and not gpu:
        raise ConfigError(f"device cuda: {settings.engine} finds no GPU here; use the device cpu, or auto")
    device = "cuda" if gpu else "cpu"
    precision = settings.precision
    if precision == "auto":
        if device == "cuda":
            precision = "float16" if settings.engine == "hf" or _has("cuda", "float16") else "float32"
        else:
            precision = "int8" if settings.engine == "ct2" and _has("cpu", "int8") else "float32"
    if precision == "int8" and settings.engine == "hf":
        raise ConfigError("precision int8: the engine hf has none; use the engine ct2, or float32")
    if precision == "float16" and device == "cpu":
        raise ConfigError("precision float16: a CPU has none; use int8 (engine ct2) or float32")
    needed = {"int8": "int8_float16"}.get(precision, precision) if device == "cuda" else precision
    if precision != "float32" and settings.engine == "ct2" and not _has(device, needed):
        raise ConfigError(f"precision {precision}: this {'CPU' if device == 'cpu' else 'GPU'} has none; use auto")
    workers = 1 if device == "cuda" else settings.threads or _cores()
    batch_tokens = settings.batch_tokens or _BATCH_TOKENS[device] * (2 if settings.beam == 1 else 1)
    return Placement(settings.engine, device, precision, batch_tokens, workers)


def _has_gpu(engine: str) -> bool:
    if engine == "hf":
        import torch

        return torch.cuda.is_available()
    import ctranslate2

    return bool(ctranslate2.get_cuda_device_count())


def _has(device: str, compute_type: str) -> bool:
    """Whether CTranslate2 computes so on this device."""
    import ctranslate2

    return compute_type in ctranslate2.get_supported_compute_types(device)


def _cores() -> int:
    """Cores that this process may use: a container may have fewer than the machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
