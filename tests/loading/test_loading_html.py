"""Pages saved as HTML: a carrier's, a known outlet's, and any other."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from loading_helpers import BODY, article, drop, lines

META = (
    'Date: 05/04/2024 | Source: {source} | <a href="http://www.rodong.rep.kp/en/index.php?x" target="_blank">'
    "Read original version at source</a>"
)
CARRIED = """<!DOCTYPE html>
<html lang="en-US"><head><meta charset="utf-8"><title>Spring Sowing Begins | KCNA Watch</title>
{canonical}
<script>var teaser = "Date: 01/01/2000 | Source: Nobody (En)";</script></head>
<body><header><h1>KCNA Watch</h1></header><nav><a href="/">Home</a></nav>
<div class="wrap"><h1 class="{title}">Spring Sowing Begins</h1>
<div class="meta">{meta}</div>
<div class="{body}"><figure><img src="a.jpg"><figcaption>In the field</figcaption></figure>{text}</div>
<div class="more"><h3>More From {source}</h3><p>A teaser of another story</p><span>April 06, 2024</span></div>
<h3>More Articles</h3></div><footer>About this site</footer></body></html>"""
CANONICAL = '<link rel="canonical" href="https://kcnawatch.org/newstream/1712345678-1/spring-sowing-begins/">'
TEXT = "".join(f"<p>{text}</p>" for text in (*BODY, "Rodong Sinmun"))


def carried(source: str = "Rodong Sinmun (En)", **parts: str) -> str:
    values = {
        "canonical": CANONICAL,
        "title": "article-title",
        "body": "article-content",
        "text": TEXT,
        "meta": META.format(source=source),
        "source": source,
    }
    return CARRIED.format(**{**values, **parts})


@pytest.mark.parametrize(
    ("what", "page"),
    [
        ("layout", carried()),
        ("other class names", carried(title="a1", body="b2")),
        ("no address", carried(canonical="")),
        ("saved by a browser", carried(canonical="<!-- saved from url=(0024)https://kcnawatch.org/x/ -->")),
        ("line breaks for paragraphs", carried(text="<br><br>".join((*BODY, "Rodong Sinmun")))),
        ("source wrapped in the markup", carried(text=TEXT.replace(" ", "\n  "))),
        (
            "header in the text's element",
            carried(meta="", text=f"<div>{META.format(source='Rodong Sinmun (En)')}</div>{TEXT}"),
        ),
        (
            "header as a list",
            carried(
                meta=f"<ul><li>{META.format(source='Rodong Sinmun (En)').replace(' | ', '</li><li>| ')}</li></ul>"
            ),
        ),
        (
            "teasers in the text's element",
            carried(text=TEXT + "<h3>More From Rodong Sinmun (En)</h3><p>Teaser</p>"),
        ),
    ],
)
def test_a_carriers_page(tmp_path: Path, what: str, page: str) -> None:
    found = article(tmp_path, "page.html", page)
    assert lines(found) == BODY, what
    assert (found.title, found.date) == ("Spring Sowing Begins", "2024-04-05")
    assert (found.outlet, found.lang) == ("rodong", "en")
    assert found.original_urls == ("http://www.rodong.rep.kp/en/index.php?x",)
    if what == "layout":
        assert found.url == "https://kcnawatch.org/newstream/1712345678-1/spring-sowing-begins/"


def test_a_korean_page_in_english_markup_is_korean(tmp_path: Path) -> None:
    text = "<p>농장들에서 씨붙임을 시작하였다.</p><p>일은 계속된다.</p><p>본사기자 김철수</p>"
    found = article(tmp_path, "page.html", carried("Rodong Sinmun (Kr)", text=text))
    assert (found.lang, found.text) == ("ko", "농장들에서 씨붙임을 시작하였다.\n일은 계속된다.")


def test_words_of_the_page_within_the_text_stay(tmp_path: Path) -> None:
    text = "<p>More From the fields: a board said “Date: April 5 | Source: Kim”.</p><p>The work goes on.</p>"
    found = article(tmp_path, "page.html", carried(text=text))
    assert lines(found) == [
        "More From the fields: a board said “Date: April 5 | Source: Kim”.",
        "The work goes on.",
    ]


def test_a_script_address_is_no_original(tmp_path: Path) -> None:
    page = carried().replace("http://www.rodong.rep.kp/en/index.php?x", "javascript:alert(1)")
    assert article(tmp_path, "page.html", page).original_urls == ()


def test_a_carriers_list_page_and_a_headline_alone_are_dropped(tmp_path: Path) -> None:
    home = (
        f"<html><head>{CANONICAL}</head><body><h1>Latest</h1><p>A teaser of a story, cut off in</p></body></html>"
    )
    assert drop(tmp_path, "home.html", home).reason == "no-article"
    found = drop(tmp_path, "headline.html", carried(text=""))
    assert (found.reason, "Spring Sowing Begins" in found.message) == ("no-text", True)


KCNA = """<html><head><meta property="og:url" content="http://www.kcna.kp/{path}/article/q/1.kcmsf"></head><body>
<div class="article-main-title">{title}</div><div class="publish-time">{date}</div>
<div class="article-content-body"><div class="content-wrapper">{text}</div></div></body></html>"""


def test_a_known_outlets_page_by_its_layout(tmp_path: Path) -> None:
    korean = KCNA.format(
        path="kp",
        title="봄철씨붙임 시작",
        date="(주체113.4.5.)",
        text="<p>(평양 4월 5일발 조선중앙통신)농장들에서 씨붙임을 시작하였다.(끝)</p>"
        "<p>www.kcna.kp (주체113.4.5.)</p>",
    )
    found = article(tmp_path, "kr.html", korean)
    assert (found.outlet, found.lang, found.date, found.title) == ("kcna", "ko", "2024-04-05", "봄철씨붙임 시작")
    assert found.text == "(평양 4월 5일발 조선중앙통신)농장들에서 씨붙임을 시작하였다."
    english = KCNA.format(path="en", title="Sowing Begins", date="(2024.4.5.)", text="<p>Farms began sowing.</p>")
    assert article(tmp_path, "en.html", english).lang == "en"


UNKNOWN = """<html lang="{lang}"><head><title>{title} - Site</title>
<meta property="article:published_time" content="2024-04-05T09:00:00+09:00">
<link rel="canonical" href="https://news.example.org/a/1"></head>
<body><header><a href="/">Home</a> <a href="/b">News</a></header><main><h1>{title}</h1>{text}</main>
<footer>Copyright 2024</footer></body></html>"""


@pytest.mark.parametrize("times", [1, 6])
def test_an_unknown_outlets_page_loses_no_paragraph(tmp_path: Path, times: int) -> None:
    body = [
        "He said:",
        "The sowing began on Friday in all farms of the county.",
        "It goes on.",
        "It goes on.",
    ] * times
    page = UNKNOWN.format(lang="en", title="Sowing Begins", text="".join(f"<p>{text}</p>" for text in body))
    found = article(tmp_path, "page.html", page)
    assert lines(found) == body
    assert (found.title, found.date, found.lang) == ("Sowing Begins", "2024-04-05", "en")
    assert (found.outlet, found.url) == ("news-example-org", "https://news.example.org/a/1")


def test_a_short_korean_page_and_a_language_that_the_markup_gets_wrong(tmp_path: Path) -> None:
    text = "<p>농장들에서 씨붙임을 시작하였다.</p><p>동지들!</p><p>일은 계속된다.</p>"
    found = article(tmp_path, "page.html", UNKNOWN.format(lang="en", title="봄철씨붙임 시작", text=text))
    assert (found.title, found.lang) == ("봄철씨붙임 시작", "ko")
    assert lines(found) == ["농장들에서 씨붙임을 시작하였다.", "동지들!", "일은 계속된다."]


def test_the_markups_language_counts_where_the_script_allows_it(tmp_path: Path) -> None:
    text = "<p>Las granjas del distrito empezaron la siembra el viernes.</p><p>El trabajo sigue.</p>"
    assert article(tmp_path, "page.html", UNKNOWN.format(lang="es-ES", title="Empieza", text=text)).lang == "es"


@pytest.mark.parametrize(
    "page",
    [
        "<html><body></body></html>",
        "<html><body><h1>404 Not Found</h1><p>There is no such page on this server.</p></body></html>",
        "<html><body><script>draw()</script><nav><a href='/'>Home</a></nav></body></html>",
    ],
)
def test_a_page_without_an_article_is_dropped(tmp_path: Path, page: str) -> None:
    found = drop(tmp_path, "page.html", page)
    assert found.reason == "no-article"
    assert "save" in found.message


def test_pages_are_read_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert article(tmp_path, "a.html", UNKNOWN.format(lang="en", title="Sowing", text=TEXT)).text
    assert article(tmp_path, "b.html", carried()).text


def test_markup_nested_without_end_is_read(tmp_path: Path) -> None:
    page = carried(text="<div>" * 3000 + "The work goes on." + "</div>" * 3000)
    assert article(tmp_path, "page.html", page).text == "The work goes on."
