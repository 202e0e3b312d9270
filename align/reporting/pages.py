"""Turns what a page shows into HTML: escaped, style and script inlined, nothing from the network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from align.reporting import words

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).resolve().parent
# Tells our pages from others in the same folder, so that only ours are ever removed.
MARK = '<meta name="generator" content="align-bitext report">'

_STYLES = {
    "index": ("colours", "base", "index", "print"),
    "article": ("colours", "base", "article", "beads", "print"),
}
_SCRIPTS = {"index": ("keys", "index"), "article": ("keys", "article")}


class Pages:
    """The templates, read once; `index` and `article` give a page as text that UTF-8 can hold."""

    def __init__(self) -> None:
        self._templates = _environment()
        self._assets = {kind: _assets(kind) for kind in _STYLES}

    def index(self, view: Mapping[str, Any]) -> str:
        return self._page("index", view)

    def article(self, view: Mapping[str, Any]) -> str:
        return self._page("article", view)

    def _page(self, kind: str, view: Mapping[str, Any]) -> str:
        html = self._templates.get_template(f"{kind}.html").render(**view, **self._assets[kind])
        return words.clean(html)


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    templates = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for name in ("plain", "count", "percent", "decimal", "long_date", "short_date", "language_name", "direction"):
        templates.filters[name] = getattr(words, name)
    templates.filters["web"] = words.web_address
    templates.globals["bead_words"] = words.bead_words
    templates.globals["generator"] = Markup(MARK)
    return templates


def _assets(kind: str) -> dict[str, Any]:
    """The style and script of a kind of page, and the policy that allows this script and no other."""
    from markupsafe import Markup

    style = "\n".join(_static(f"{name}.css") for name in _STYLES[kind])
    script = "\n".join(_static(f"{name}.js") for name in _SCRIPTS[kind])
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return {"style": Markup(style), "script": Markup(script), "policy": policy}


def _static(name: str) -> str:
    return (_HERE / "static" / name).read_text(encoding="utf-8").strip()
