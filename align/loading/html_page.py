"""A page saved as HTML -> a draft: carriers and known outlets by their layout, any other page by trafilatura."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from align.loading.bodies import paragraphs
from align.loading.cleaning import clean, split_lines
from align.loading.dates import parse_date
from align.loading.drafts import Draft, Unusable
from align.loading.languages import language_code
from align.loading.outlets import Carrier, Outlet, Outlets, PageLayout, host_of
from align.loading.text_page import no_text, read_carried
from align.loading.unwrapping import columns

_BLOCKS = (
    "address,article,aside,blockquote,body,center,dd,div,dl,dt,fieldset,figcaption,footer,h1,h2,h3,h4,h5,h6,"
    "header,hr,li,main,ol,p,pre,section,table,td,th,tr,ul,br"
)
_NOT_TEXT = "script,style,noscript,template,iframe,object,svg,nav,form,button,select,footer,figure,figcaption,head"
_BREAK = "\ue000"  # stands for a line's end while the markup is taken off
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)|<!--\s*Page saved with SingleFile\s+url:\s*(\S+)")
_ERROR_TITLE = re.compile(
    r"(?:http |error )*(?:4\d\d|5\d\d)\b|(?:page )?not found|access denied|just a moment", re.IGNORECASE
)
_SHORTEST_TEXT = 30  # columns of a line that is no sentence by its end
_TITLE_WITHIN = 6  # lines of a found text among which its headline may be repeated
_LONGEST_HEADER = 300  # characters
_HEADER_TAGS = "p,div,span,h2,h3,h4,h5,h6,li,ul,td,tr,section,header,small"


def read_html(text: str, outlets: Outlets) -> Draft:
    """Draft of a saved page. Raises Unusable ("no-article", "no-text").

    What the page says of its own address (canonical link, og:url, the note that browsers leave when saving)
    tells carrier and outlet; a carrier's page is also known by its header line.
    """
    page = LexborHTMLParser(text)
    url = _address(page, text)
    carrier = outlets.carrier_at(url)
    carried = _read_carried(page, url, outlets)
    if carried:
        return carried
    if carrier:
        raise Unusable(
            "no-article",
            f"is a page of {carrier.names[0] if carrier.names else carrier.id} without the line that gives date "
            "and source, so no article's page; save the page of the article itself",
        )
    outlet = outlets.at(url)
    return _read_known(page, url, outlet) or _read_unknown(page, text, url, outlet, outlets)


def block_lines(node: LexborNode) -> list[str]:
    """Text of an element, a line for each block or line break; changes the tree."""
    for part in node.css(_NOT_TEXT):
        if part.mem_id != node.mem_id:
            part.decompose()
    for block in node.css(_BLOCKS):
        block.insert_before(_BREAK)
        block.insert_after(_BREAK)
    # Line ends of the source are spaces; so only the breaks part lines.
    return [clean(line) for line in " ".join(split_lines(node.text(deep=True))).split(_BREAK)]


def html_lines(fragment: str) -> list[str]:
    """Text lines of a piece of HTML, as dumps have it in their records."""
    body = LexborHTMLParser(fragment).body
    return block_lines(body) if body else []


def _read_carried(page: LexborHTMLParser, url: str, outlets: Outlets) -> Draft | None:
    """Draft of a carrier's page, found by its header wherever it stands in the page."""
    whole = page.body
    if whole is None:
        return None
    for carrier in outlets.carriers:
        header = _header_text(whole, carrier)
        if header is None:
            continue
        title = _title(page, carrier)
        original = _original(page, carrier, url)
        body = _below(_body_lines(page, carrier.html) or block_lines(whole), header)
        draft = read_carried([title, header, *body], replace(outlets, carriers=(carrier,)))
        if draft:
            return replace(draft, url=url, original_urls=original or draft.original_urls)
    return None


def _title(page: LexborHTMLParser, carrier: Carrier) -> str:
    """The article's headline; a carrier's own name, as in its logo, is none, nor is it a part of one."""
    own = "|".join(map(re.escape, carrier.names)) or r"(?!)"
    for text in (*_texts(page, carrier.html.title), _meta(page, "og:title"), _first_text(page, ("title",))):
        title = re.sub(rf"\s*[|–—-]\s*(?:{own})$", "", text, flags=re.IGNORECASE)
        if not re.fullmatch(own, title, re.IGNORECASE) and title:
            return title
    return ""


def _header_text(whole: LexborNode, carrier: Carrier) -> str | None:
    """A carrier's header line, in the smallest element that holds it whole."""
    pattern = re.compile(carrier.header, re.IGNORECASE)
    if not pattern.search(clean(whole.text(deep=True))):
        return None
    found: str | None = None
    for node in whole.css(_HEADER_TAGS):
        raw = node.text(deep=True)
        if len(raw) > 4 * _LONGEST_HEADER:
            continue
        text = clean(raw)
        match = pattern.fullmatch(text) if len(text) <= _LONGEST_HEADER else None
        if match and parse_date(match["date"]) and (found is None or len(text) <= len(found)):
            found = text
    return found


def _below(lines: Sequence[str], header: str) -> list[str]:
    """Lines below a header that may be broken into several of them."""
    wanted = header.replace(" ", "")
    for first, line in enumerate(lines):
        if not line or not wanted.startswith(line.replace(" ", "")):
            continue
        so_far = ""
        for last in range(first, len(lines)):
            so_far += lines[last].replace(" ", "")
            if so_far == wanted:
                return list(lines[last + 1 :])
            if not wanted.startswith(so_far):
                break
    return list(lines)


def _original(page: LexborHTMLParser, carrier: Carrier, url: str) -> tuple[str, ...]:
    patterns = [re.compile(pattern, re.IGNORECASE) for pattern in carrier.original_link]
    links = [
        urljoin(url, (node.attributes.get("href") or "").strip())
        for node in page.css("a[href]")
        if any(pattern.fullmatch(clean(node.text(deep=True))) for pattern in patterns)
    ]
    return tuple(dict.fromkeys(link for link in map(web_address, links) if link))


def _read_known(page: LexborHTMLParser, url: str, outlet: Outlet) -> Draft | None:
    """Draft by the outlet's own layout; None where the page does not have it."""
    if not outlet.html.body:
        return None
    title = _first_text(page, outlet.html.title)
    date = next((found for found in map(parse_date, _texts(page, outlet.html.date)) if found), "") or _meta_date(
        page
    )
    lang = _markup_language(page)
    lines = _body_lines(page, outlet.html)
    if not any(lines):
        return None
    body = paragraphs(lines, outlet)
    if not body:
        raise no_text(title, outlet)
    return Draft(
        outlet=outlet,
        title=title or _meta(page, "og:title"),
        paragraphs=body[1:] if body[0] == title and len(body) > 1 else body,
        date=date,
        lang_hints=(outlet.lang_of(url), lang),
        url=url,
    )


def _read_unknown(page: LexborHTMLParser, text: str, url: str, outlet: Outlet, outlets: Outlets) -> Draft:
    """Draft by trafilatura (Barbaresi 2021), which finds the main text of any page; it fetches nothing."""
    import trafilatura

    found = trafilatura.bare_extraction(
        text,
        with_metadata=True,
        include_comments=False,
        favor_recall=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    title = clean(
        _first_text(page, ("h1",)) or (getattr(found, "title", "") or "") or _first_text(page, ("title",))
    )
    lines = split_lines(getattr(found, "text", "") or "")
    if outlet is outlets.generic and any(map(clean, lines)):
        filled = [line for line in map(clean, lines) if line]
        outlet = outlets.signed(filled[0], filled[-1])
    body = _below_title(paragraphs(lines, outlet), title)
    if not any(map(_reads_as_text, body)) or _ERROR_TITLE.match(title):
        raise Unusable(
            "no-article", "is a page in which no article's text is to be found; save the article's own page"
        )
    return Draft(
        outlet=outlet,
        title=title,
        paragraphs=body,
        date=_meta_date(page) or parse_date(getattr(found, "date", "") or ""),
        lang_hints=(outlet.lang_of(url), _markup_language(page)),
        url=url or web_address(getattr(found, "url", "") or ""),
    )


def _reads_as_text(line: str) -> bool:
    """Whether a line may be a sentence, and not a word of navigation."""
    return columns(line) >= _SHORTEST_TEXT or line.endswith((".", "!", "?", "。"))


def _below_title(body: tuple[str, ...], title: str) -> tuple[str, ...]:
    """What stands below the headline, if it is among the first lines: above it is the site's navigation."""
    places = [n for n, line in enumerate(body[:_TITLE_WITHIN]) if line == title]
    return body[places[-1] + 1 :] if places else body


def _body_lines(page: LexborHTMLParser, layout: PageLayout) -> list[str]:
    for selector in layout.remove:
        for node in page.css(selector):
            node.decompose()
    for selector in layout.body:
        # A part inside another one of the same name would be read twice.
        nodes = page.css(selector)
        lines = [line for node in nodes[:1] for line in block_lines(node)]
        if any(lines):
            return lines
    return []


def _texts(page: LexborHTMLParser, selectors: Sequence[str]) -> list[str]:
    return [
        text for s in selectors for node in page.css(s) if (text := clean(node.text(deep=True, separator=" ")))
    ]


def _first_text(page: LexborHTMLParser, selectors: Sequence[str]) -> str:
    return next(iter(_texts(page, selectors)), "")


def _address(page: LexborHTMLParser, text: str) -> str:
    link = page.css_first("link[rel=canonical]")
    saved = _SAVED_FROM.search(text[:4000])
    said = (
        (link.attributes.get("href") or "") if link else "",
        _meta(page, "og:url"),
        (saved[1] or saved[2]) if saved else "",
    )
    return next((address for address in map(web_address, said) if address), "")


def web_address(text: str) -> str:
    """`text` if it is an http(s) address with a host, else "": a page may hold anything, javascript: too."""
    address = clean(text)
    return (
        address
        if re.match(r"https?://", address, re.IGNORECASE) and " " not in address and host_of(address)
        else ""
    )


def _meta(page: LexborHTMLParser, name: str) -> str:
    node = page.css_first(f'meta[property="{name}"], meta[name="{name}"], meta[itemprop="{name}"]')
    return clean(node.attributes.get("content") or "") if node else ""


def _meta_date(page: LexborHTMLParser) -> str:
    names = ("article:published_time", "datePublished", "date", "dc.date", "pubdate")
    return next((date for date in (parse_date(_meta(page, name)) for name in names) if date), "")


def _markup_language(page: LexborHTMLParser) -> str:
    root = page.css_first("html")
    said = (root.attributes.get("lang") or root.attributes.get("xml:lang") or "") if root else ""
    return language_code(said or _meta(page, "og:locale")) or ""
