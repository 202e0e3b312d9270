"""Outlets and carriers as data: YAML files -> validated settings, found again by name or by address.

An outlet publishes articles. A carrier's pages (KCNA Watch) carry the articles of many outlets and name the
outlet of each; its file describes the page around the article, the outlet's file what the outlet itself writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from align.config import Settings, parse_settings, read_yaml
from align.errors import ConfigError
from align.language.codes import check_language
from align.loading.cleaning import clean
from align.resources import resource

GENERIC = "generic"


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression ({error})") from None
    return text


def _selector(text: str) -> str:
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    try:
        LexborHTMLParser("<p>").css(text)
    except (SelectolaxError, ValueError):
        raise ValueError(f"{text!r} is no CSS selector") from None
    return text


def _language(code: str) -> str:
    try:
        return check_language(code) if code else ""
    except ConfigError as error:
        raise ValueError(str(error)) from None


Pattern = Annotated[str, AfterValidator(_pattern)]
Selector = Annotated[str, AfterValidator(_selector)]
LanguageCode = Annotated[str, AfterValidator(_language)]
Id = Annotated[str, Field(pattern=r"^\w+(-\w+)*$")]


class PageLayout(Settings):
    """Where things stand in a page; of several CSS selectors the first one that finds text counts."""

    title: tuple[Selector, ...] = ()
    date: tuple[Selector, ...] = ()
    body: tuple[Selector, ...] = ()
    remove: tuple[Selector, ...] = Field((), description="parts of the page that are no text of the article")


class Outlet(Settings):
    """A paper, agency or station. Patterns are regular expressions for a whole line, in any case."""

    id: Id
    kind: Literal["outlet"] = "outlet"
    names: tuple[str, ...] = Field((), description="names as they stand in pages, without a language suffix")
    hosts: tuple[str, ...] = Field((), description="hosts of its addresses; subdomains count")
    lang: LanguageCode = Field("", description="its language, if it has but one")
    lang_paths: dict[str, LanguageCode] = Field(
        default_factory=dict, description="start of an address's path -> language, as /en/ -> en"
    )
    bylines: tuple[Pattern, ...] = Field((), description="last lines to cut; its names always are")
    datelines: tuple[Pattern, ...] = Field((), description="what its texts begin with; tells the outlet of a text")
    furniture: tuple[Pattern, ...] = Field((), description="lines to cut anywhere")
    end_marks: tuple[str, ...] = Field((), description="what it writes after the last sentence, as -0-")
    shared_addresses: bool = Field(False, description="does one address hold several articles")
    html: PageLayout = PageLayout()

    def lang_of(self, url: str) -> str:
        """The language that an address of this outlet tells, else the outlet's own, else ""."""
        path = urlsplit(url).path
        return next((lang for start, lang in self.lang_paths.items() if path.startswith(start)), self.lang)


class Carrier(Settings):
    """A site whose pages carry articles of many outlets, in a layout of its own."""

    id: Id
    kind: Literal["carrier"]
    names: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    header: Pattern = Field(description="its line above an article; groups date, source and, optionally, original")
    suffixes: dict[str, LanguageCode] = Field(
        default_factory=dict, description="what stands in brackets after an outlet's name -> language"
    )
    cut_from: tuple[Pattern, ...] = Field(
        (),
        description="the line after an article with which the page goes on; {source} is the outlet as named there",
    )
    original_link: tuple[Pattern, ...] = Field((), description="texts of the link to the outlet's own page")
    furniture: tuple[Pattern, ...] = ()
    html: PageLayout = PageLayout()


@dataclass(frozen=True, slots=True)
class Outlets:
    """All outlets and carriers of one or more folders."""

    outlets: Mapping[str, Outlet]
    carriers: tuple[Carrier, ...]

    @property
    def generic(self) -> Outlet:
        """What holds for every outlet, and alone where nothing tells the outlet."""
        return self.outlets[GENERIC]

    def named(self, name: str) -> Outlet:
        """The outlet of that id or name; where no file has it, the generic one under an id made of the name."""
        key = _key(name)
        for outlet in self.outlets.values():
            if key == outlet.id or key in map(_key, outlet.names):
                return outlet
        return (
            self.generic.model_copy(update={"id": slug(name), "names": (clean(name),)})
            if slug(name)
            else self.generic
        )

    def source(self, text: str) -> tuple[Outlet, str]:
        """Outlet and language of a source as carriers write it: "Rodong Sinmun (En)" -> rodong, "en"."""
        match = re.fullmatch(r"(.+?)\s*[(（](\w{2,3})[)）]", clean(text))
        if match:
            for carrier in self.carriers:
                for suffix, lang in carrier.suffixes.items():
                    if suffix.lower() == match[2].lower():
                        return self.named(match[1]), lang
        return self.named(text), ""

    def at(self, url: str) -> Outlet:
        """The outlet whose address `url` is; where no file has the host, the generic one named by the host."""
        host = host_of(url)
        for outlet in self.outlets.values():
            if _is_host(host, outlet.hosts):
                return outlet
        return self.named(host) if host and self.carrier_at(url) is None else self.generic

    def carrier_at(self, url: str) -> Carrier | None:
        """The carrier whose address `url` is."""
        return next((carrier for carrier in self.carriers if _is_host(host_of(url), carrier.hosts)), None)

    def is_carrier(self, name: str) -> bool:
        """Whether `name` is a carrier's, and so says nothing of the outlet."""
        return any(_key(name) in map(_key, (carrier.id, *carrier.names)) for carrier in self.carriers)

    def signed(self, first: str, last: str) -> Outlet:
        """The outlet that a text's first line (dateline) or last line (byline) gives away, else generic."""
        for outlet in self.outlets.values():
            if _key(last.strip("()（）[] .")) in map(_key, outlet.names):
                return outlet
        for outlet in self.outlets.values():
            if any(re.match(pattern, first, re.IGNORECASE) for pattern in outlet.datelines):
                return outlet
        return self.generic


def read_outlets(folders: Iterable[Path] = ()) -> Outlets:
    """The packaged outlet files, then those of `folders`; a file replaces an earlier one of the same name.

    Raises ConfigError for a file that is no outlet, for a missing folder, and for two files that claim one
    name or host.
    """
    found: dict[str, Outlet | Carrier] = {}
    for folder in (resource("configs", "outlets"), *folders):
        if not folder.is_dir():
            raise ConfigError(f"{folder}: there is no such folder of outlet files; check the path")
        for path in sorted(folder.glob("*.yaml")):
            found[path.stem] = read_outlet(path)
    _check_claims(found.values())
    outlets = {entry.id: entry for entry in found.values() if isinstance(entry, Outlet)}
    if GENERIC not in outlets:
        raise ConfigError("no outlet file generic.yaml; install align-bitext again")
    generic = outlets[GENERIC]
    outlets = {
        name: outlet.model_copy(
            update={
                "furniture": tuple(dict.fromkeys((*outlet.furniture, *generic.furniture))),
                "end_marks": tuple(dict.fromkeys((*outlet.end_marks, *generic.end_marks))),
            }
        )
        for name, outlet in outlets.items()
    }
    return Outlets(outlets, tuple(entry for entry in found.values() if isinstance(entry, Carrier)))


def read_outlet(path: Path) -> Outlet | Carrier:
    """One outlet or carrier file; its id is the file's name without the ending. Raises ConfigError."""
    values: dict[str, Any] = {"id": path.stem, **read_yaml(path)}
    if values.get("kind") != "carrier":
        return parse_settings(Outlet, values, str(path))
    carrier = parse_settings(Carrier, values, str(path))
    lacking = {"date", "source"} - set(re.compile(carrier.header).groupindex)
    if lacking:
        raise ConfigError(
            f"{path}: header: lacks the named group {' and '.join(sorted(lacking))}, as (?P<date>...)"
        )
    return carrier


def host_of(url: str) -> str:
    """Lower-case host of an address, without www; "" where it has none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def slug(name: str) -> str:
    """`name` in lower case, its letters and digits joined by single hyphens."""
    return "-".join(re.findall(r"[^\W_]+", clean(name).lower()))


def _key(name: str) -> str:
    return clean(name).casefold()


def _is_host(host: str, hosts: Iterable[str]) -> bool:
    return any(host == known or host.endswith(f".{known}") for known in hosts)


def _check_claims(entries: Iterable[Outlet | Carrier]) -> None:
    claims: dict[str, str] = {}
    for entry in entries:
        for claim in {*map(_key, entry.names), *entry.hosts}:
            other = claims.setdefault(claim, entry.id)
            if other != entry.id:
                raise ConfigError(
                    f"outlets {other} and {entry.id} both claim '{claim}'; keep it in one of the files"
                )
