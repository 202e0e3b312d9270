"""Models of the Hugging Face hub by name: from the local cache, or, where the network is allowed, from the hub."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from align.errors import ModelError

_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")


def is_hub_name(name: str) -> bool:
    """Whether `name` has the form owner/model."""
    return _HUB_NAME.fullmatch(name) is not None


def from_hub(
    name: str,
    what: str,
    *,
    online: bool,
    files: Sequence[str],
    weights: str,
    older_weights: str,
    left_out: Sequence[str] = (),
    elsewhere: str = "",
) -> Path:
    """The directory of the model `name` (owner/model) in the local cache, fetched first only if `online`.

    Fetched are `files` and `weights`, and `older_weights` where there are none of these, but nothing of
    `left_out`; all are patterns. `what` the model is to be, and where it was looked for before (`elsewhere`, a
    clause), are for the messages. Raises ModelError where the model is not to be had.
    """
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    def fetch(pattern: str) -> Path:
        return Path(
            snapshot_download(
                name,
                local_files_only=not online,
                allow_patterns=[*files, pattern],
                ignore_patterns=list(left_out),
            )
        )

    try:
        path = fetch(weights)
        if online and not any(path.rglob(weights)):
            path = fetch(older_weights)
    except LocalEntryNotFoundError:
        tried = "could not be fetched from the hub, and" if online else "is not on this machine:"
        raise ModelError(
            f"{what} '{name}' {tried} {f'{elsewhere}, and ' if elsewhere else ''}the cache "
            f"{constants.HF_HUB_CACHE} has no copy. Download it where there is a network "
            f"(hf download {name} --local-dir DIR), bring DIR here and give DIR as the {what}"
            + ("" if online else ", or allow the network with --online")
        ) from None
    except (HfHubHTTPError, OSError) as error:
        raise ModelError(
            f"{what} '{name}' cannot be fetched from the hub: {' '.join(str(error).split())}"
        ) from None
    return path


@contextmanager
def no_loading_bar() -> Iterator[None]:
    """Keep transformers' own progress bar away while a model loads; the command line has one."""
    from transformers.utils import logging

    control: Any = logging
    shown = control.is_progress_bar_enabled()
    control.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            control.enable_progress_bar()
