"""Progress of long work, on standard error: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from align.runs.tools import Progress

Tell = Callable[[str], None]


@contextmanager
def watching() -> Iterator[tuple[Progress, Tell]]:
    """Two callbacks: one takes the stage, how much of it is done, and of how much (0: not known); one a note."""
    if not sys.stderr.isatty():
        lines = _Lines()
        yield lines.watch, lines.tell
        return
    from rich import progress
    from rich.console import Console

    columns = (
        progress.TextColumn("{task.description:<26}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, Any] = {}

        def watch(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=None)
            bars.update(tasks[stage], completed=done, total=total or None)

        def tell(note: str) -> None:
            bars.console.print(f"Note: {note}.", markup=False, highlight=False)

        yield watch, tell


class _Lines:
    """A line when a stage begins, and at each further tenth of it."""

    def __init__(self) -> None:
        self._said: dict[str, int] = {}

    def watch(self, stage: str, done: int, total: int) -> None:
        tenth = 10 * done // total if total else 0
        if self._said.get(stage, -1) < tenth:
            self._said[stage] = tenth
            print(f"{stage}: {done} of {total}" if total else stage, file=sys.stderr, flush=True)

    def tell(self, note: str) -> None:
        print(f"Note: {note}.", file=sys.stderr, flush=True)
