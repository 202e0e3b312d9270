"""What all tests share: nothing is kept in, or taken from, the user's own folders."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Converted models, known translations and added models lie in folders of this session's, as for children."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALIGN_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("ALIGN_DATA", str(tmp_path_factory.mktemp("data")))
        yield
