"""Where data lies: packaged outlets, run configurations, example articles and models; and what is kept for later.

In a wheel it stands inside the package (align/data); in a checkout, at the repository's root.
"""

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """Path of a packaged file or folder, e.g. `resource("configs", "outlets")`. Raises FileNotFoundError."""
    for root in (_PACKAGE / "data", _PACKAGE.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"the installation lacks {'/'.join(parts)}; install align-bitext again")


def kept(*parts: str) -> Path:
    """Path of a file or folder that is kept from one call to the next, whether it is there or not.

    Lies in the folder that the environment variable ALIGN_CACHE names, else in the system's own folder for
    caches. What lies there can be made again: it may be removed at any time.
    """
    from platformdirs import user_cache_path

    named = os.environ.get("ALIGN_CACHE")
    root = Path(named).expanduser() if named else user_cache_path("align-bitext", appauthor=False)
    return root.joinpath(*parts)
