"""How errors end a command: one line that says what to do, and an exit code."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """The command; a user's mistake becomes one line and exit code 2, an interruption 130, a closed pipe 0."""

    @functools.wraps(command)
    def run(*args: object, **kwargs: object) -> None:
        import sqlite3

        from align.errors import AlignError

        try:
            command(*args, **kwargs)
        except AlignError as error:
            _say(str(error))
        except KeyboardInterrupt as stop:
            typer.echo("; ".join(("align: interrupted", *map(str, stop.args))), err=True)
            raise SystemExit(130) from None
        except BrokenPipeError:
            # The reader has enough. Python would complain at exit, when it flushes what is left.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(0) from None
        except OSError as error:
            what = f"{error.filename or 'a file'}: {error.strerror or error}"
            _say(f"{what}; check the path, its rights and the free space")
        except sqlite3.Error as error:
            _say(f"the run store cannot be used ({error}); check free space, or name another --out")

    return run


@contextmanager
def resumable(how: str) -> Iterator[None]:
    """Work that can go on after an interruption; `how` is then told."""
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt(how) from None


def _say(message: str) -> None:
    typer.echo(f"align: {' '.join(message.split())}", err=True)
    raise SystemExit(2)
