"""Where the packaged data lies: outlets, run configurations, example articles, starter models.

In a wheel it stands inside the package (align/data); in a checkout, at the repository's root.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """Path of a packaged file or folder, e.g. `resource("configs", "outlets")`. Raises FileNotFoundError."""
    for root in (_PACKAGE / "data", _PACKAGE.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"the installation lacks {'/'.join(parts)}; install align-bitext again")
