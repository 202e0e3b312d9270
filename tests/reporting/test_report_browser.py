"""The report in a real headless Chromium: reading, keys, sorting, filters, hostile text, phone and print."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from example_run import BIDI, HOSTILE, bridge, library, orchard, write_run

from align.reporting import report

ORCHARD = "riverside-2024-05-06-orchard.html"
LETTER = "riverside-2024-03-11-letter.html"
MARKET = "coast-2024-02-20-market.html"
WEATHER = "lakeside-2024-05-08-weather.html"
ORCHARD_TITLE = "Orchard on Hillside Comes into Bloom"
Visit = Callable[..., Any]


def place(page: Any) -> str:
    """The part of the address that names the place."""
    found: str = page.evaluate("decodeURIComponent(location.hash)")
    return found


def headlines(page: Any) -> list[str]:
    return [text for text in page.locator("#articles tbody tr:visible .headline a").all_inner_texts() if text]


@pytest.fixture
def hostile_page(index: Path) -> str:
    return next(path.name for path in index.parent.glob("evil*.html"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_opens_from_the_disk(visit: Visit, index: Path, scheme: str) -> None:
    page = visit(color_scheme=scheme)
    for path in sorted(index.parent.glob("*.html")):
        page.goto(path.as_uri())
        assert page.locator("h1").count() == 1
        assert page.locator("main").count() == 1


def test_index_leads_to_articles_and_back(visit: Visit) -> None:
    page = visit()
    page.get_by_role("link", name="Orchard on Hillside Comes into Bloom").first.click()
    assert page.url.endswith(ORCHARD)
    assert page.locator("h1").inner_text() == "Orchard on Hillside Comes into Bloom"
    page.get_by_role("link", name="Next", exact=True).click()
    assert not page.url.endswith(ORCHARD)
    page.go_back()
    page.get_by_role("link", name="All articles").click()
    assert page.url.endswith("index.html")


def test_every_link_leads_somewhere(visit: Visit, index: Path) -> None:
    page = visit()
    for path in sorted(index.parent.glob("*.html")):
        page.goto(path.as_uri())
        targets = page.evaluate("[...document.links].map(a => a.getAttribute('href'))")
        missing = page.evaluate(
            "[...document.querySelectorAll('a[href^=\"#\"]')].filter(a => !document.getElementById("
            "a.getAttribute('href').slice(1))).length"
        )
        assert missing == 0
        for target in targets:
            if not target.startswith(("#", "https:")):
                assert (index.parent / target.partition("#")[0]).is_file()


def test_language_and_direction_on_every_text(visit: Visit) -> None:
    for name, lang in ((ORCHARD, "ko"), (LETTER, "ru"), (MARKET, "ar")):
        page = visit(name)
        bare = page.evaluate(
            "[...document.querySelectorAll('.bead td:not(.sure) p:not(.flag, .why, .aside, .by)')]"
            ".filter(p => !p.closest('td').contains(p.closest('[lang][dir]')) && !p.querySelector('[lang][dir]'))"
            ".map(p => p.outerHTML)"
        )
        assert bare == []
        assert page.locator(f".bead .target [lang={lang}]").count() > 0
    assert page.locator(".bead .target [lang=ar]").first.get_attribute("dir") == "rtl"
    assert page.locator(".bead .source [lang=en]").first.get_attribute("dir") == "ltr"


def test_korean_is_set_in_a_serif_that_keeps_words_whole(visit: Visit) -> None:
    text = visit(ORCHARD).locator("#b1 .target [lang=ko]")
    style = text.evaluate(
        "e => { const s = getComputedStyle(e);"
        " return [s.fontFamily, s.wordBreak, parseFloat(s.lineHeight) / parseFloat(s.fontSize)]; }"
    )
    assert style[0].startswith('"Noto Serif KR"')
    assert style[1] == "keep-all"
    assert style[2] == pytest.approx(1.75, abs=0.01)


def test_columns_share_a_baseline_grid(visit: Visit) -> None:
    lines = visit(ORCHARD).evaluate(
        "[...document.querySelectorAll('#b1 td p')].map(p => parseFloat(getComputedStyle(p).lineHeight))"
    )
    assert len(lines) == 3
    assert len(set(lines)) == 1


def test_j_and_k_move_between_beads_and_the_address_says_where(visit: Visit) -> None:
    page = visit(ORCHARD)
    for key, where in [("j", "#b1"), ("j", "#b2"), ("j", "#b3"), ("k", "#b2"), ("ArrowDown", "#b3")]:
        page.keyboard.press(key)
        assert place(page) == where
        assert page.evaluate("document.activeElement.id") == where[1:]
    page.go_back()
    assert page.url == "about:blank"


def test_keys_work_on_a_korean_keyboard(visit: Visit) -> None:
    page = visit(ORCHARD)
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '\u3153', code: 'KeyJ', bubbles: true}))"
    )
    assert place(page) == "#b1"


def test_n_and_p_stop_at_what_is_worth_a_look(visit: Visit) -> None:
    page = visit(ORCHARD)
    for where in ("#b2", "#b4", "#b5", "#b6", "#b7", "#b8", "#b9", "#b10", "#b10"):
        page.keyboard.press("n")
        assert place(page) == where
    page.keyboard.press("p")
    assert place(page) == "#b9"


def test_t_folds_the_translation_and_it_stays_folded(visit: Visit) -> None:
    page = visit(ORCHARD)
    text = page.locator("#b1 .translation p")
    assert text.is_visible()
    page.keyboard.press("t")
    assert not text.is_visible()
    page.reload()
    assert not text.is_visible()
    page.get_by_role("button", name="Translation", exact=True).click()
    assert text.is_visible()


def test_an_article_without_original_keeps_its_translation(visit: Visit) -> None:
    page = visit(WEATHER)
    page.keyboard.press("t")
    assert page.locator("#b1 .translation p").is_visible()


@pytest.mark.parametrize("name", ["index.html", ORCHARD])
def test_question_mark_lists_the_keys(visit: Visit, name: str) -> None:
    page = visit(name)
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    page.keyboard.press("j")
    assert place(page) == ""
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()


def test_slash_searches_all_columns(visit: Visit) -> None:
    page = visit(ORCHARD)
    page.keyboard.press("/")
    page.keyboard.type("사과")
    assert page.locator("#found").inner_text() == "2 places"
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert page.locator("#found").inner_text() == "2 of 2 places"
    assert place(page) == "#b9"
    assert page.evaluate("CSS.highlights.get('found').size") >= 2
    page.locator("#search").fill("no such words")
    assert page.locator("#found").inner_text() == "nowhere"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.locator("#search").input_value() == ""
    assert page.evaluate("document.activeElement.matches('.bead')")


def test_minimap_goes_where_one_clicks(visit: Visit) -> None:
    page = visit(ORCHARD)
    box = page.locator(".minimap").bounding_box()
    page.mouse.click(box["x"] + 5, box["y"] + box["height"] - 3)
    assert place(page) == "#b10"
    assert float(page.locator(".minimap .view").get_attribute("height")) > 0


def test_findings_stand_in_words(visit: Visit) -> None:
    page = visit(ORCHARD)
    cut = page.locator("#b4")
    assert "Left out of the English" in cut.locator(".source").inner_text()
    assert cut.locator(".source .back").inner_text().startswith("This is the orchard that lost")
    assert cut.locator(".source .back").evaluate("p => getComputedStyle(p).fontStyle") == "italic"
    assert "Added in the English: not in the original" in page.locator("#b6 .target").inner_text()
    assert "Not placed" in page.locator("#b7 .target").inner_text()
    assert "Not placed" in page.locator("#b8 .source").inner_text()
    assert "a number of the source is not in the translation (1,200)" in page.locator("#b2").inner_text()
    assert page.locator("#b2 .target .joined p").count() == 2
    assert page.locator("#b3 .source .joined p").count() == 2
    assert page.locator(".facts").first.inner_text().count("2 of 9 sentences of the original") == 1


def test_what_only_the_original_says_reads_in_english_with_its_maker(visit: Visit) -> None:
    page = visit(ORCHARD)
    for bead in ("#b4", "#b5", "#b8"):
        maker = page.locator(f"{bead} .source .by")
        assert maker.inner_text() == "Translated back by machine, homeward-ko-en"
        assert maker.get_attribute("title") == "For trying out, <i>too</i>."
        assert page.locator(f"{bead} .source .back").get_attribute("lang") == "en"
    assert page.locator("#b5 .source .flag").inner_text() == "Check: the translation back repeats itself."
    assert page.locator("#b5 .translation .flag").count() == 0
    assert "translated back by homeward-ko-en (what it is good for)" in page.locator(".facts").first.inner_text()
    assert "Doubtful translation back 2, 5" in page.locator(".findings").inner_text()
    assert "The orchard on the mountainside has blossomed" in page.locator(".headline").inner_text()


def test_a_remark_on_a_translation_is_no_doubt(visit: Visit) -> None:
    page = visit(ORCHARD)
    assert page.locator("#b10 .flag").inner_text().startswith("Note: the first translation failed a check")
    assert page.locator("#b9 .flag").inner_text() == "Check: the translation repeats itself."
    findings = page.locator(".findings").inner_text()
    assert "Doubtful translation 2, 9" in findings
    assert "Aligned with little confidence 10" in findings


def test_what_both_say_reads_in_english_on_demand(visit: Visit) -> None:
    page = visit(ORCHARD)
    back = page.locator("#b2 .target .back")
    assert not back.is_visible()
    page.get_by_text("In English, doubtful").click()
    assert back.inner_text().startswith("The farm piled up a stone wall")
    assert "a number of the original is not in the translation back" in page.locator("#b2 .target").inner_text()
    assert page.locator("#b1 details").count() == 0


def test_search_unfolds_where_it_leads(visit: Visit) -> None:
    page = visit(ORCHARD)
    page.keyboard.press("/")
    page.keyboard.type("reservoir")
    assert page.locator("#found").inner_text() == "1 place"
    assert not page.locator("#b2 .target .back").is_visible()
    page.keyboard.press("Enter")
    assert page.locator("#b2 .target .back").is_visible()


def test_confidence_is_a_bar_with_its_number_for_those_who_ask(visit: Visit) -> None:
    bead = visit(ORCHARD).locator("#b10 .ink")
    assert bead.get_attribute("title").startswith("confidence 0.41: ")
    assert "Confidence 0.41" in bead.text_content()
    assert bead.locator(".fill").get_attribute("width") == "13.1"


def test_index_sorts_by_any_column(visit: Visit) -> None:
    page = visit()
    first = headlines(page)
    assert first[0] == "Orchard on Hillside Comes into Bloom"
    page.get_by_role("button", name="Date").click()
    assert headlines(page)[0] == "Rain Expected in North"
    assert page.locator("th.date").get_attribute("aria-sort") == "descending"
    page.get_by_role("button", name="Date").click()
    assert headlines(page)[-1] == "Rain Expected in North"
    page.get_by_role("button", name="Left out").click()
    assert headlines(page)[0] == "Library Lends Ten Thousandth Book"
    page.get_by_role("button", name="chrF++").click()
    assert headlines(page)[:3] == [
        "Orchard on Hillside Comes into Bloom",
        "New Footbridge Opened",
        "Library Lends Ten Thousandth Book",
    ]
    assert place(page) == "#sort=score&dir=up"
    page.go_back()
    # Going back returns before the page has drawn its rows.
    page.locator("#articles tbody tr:visible .headline a").first.get_by_text(
        "Library Lends Ten Thousandth Book"
    ).wait_for()
    assert headlines(page)[0] == "Library Lends Ten Thousandth Book"
    page.get_by_role("button", name="Most suspicious first").click()
    assert headlines(page) == first


def test_what_is_gone_comes_last_and_can_be_filtered(visit: Visit, tmp_path: Path) -> None:
    gone = orchard()
    gone.pairs = [replace(pair, gone=True) for pair in gone.pairs]
    page = visit(str(report(write_run(tmp_path, [[gone], [bridge()], [library()]]))))
    by_suspicion = ["Library Lends Ten Thousandth Book", "New Footbridge Opened", ORCHARD_TITLE]
    assert headlines(page) == by_suspicion
    page.get_by_role("button", name="Date").click()
    assert headlines(page)[0] == ORCHARD_TITLE
    page.get_by_role("button", name="Most suspicious first").click()
    assert headlines(page) == by_suspicion
    for trait, found in (("gone", by_suspicion[2:]), ("present", by_suspicion[:2]), ("cut", by_suspicion[:1])):
        page.locator("#trait").select_option(trait)
        assert headlines(page) == found


def test_index_filters_live_in_the_address(visit: Visit) -> None:
    page = visit()
    page.locator("#trait").select_option("unmatched")
    assert headlines(page) == ["Rain Expected in North"]
    address = page.url
    page.locator("#trait").select_option("")
    page.locator("#lang").select_option("ru")
    assert headlines(page) == ["Letter from the Sister Town"]
    page.keyboard.press("/")
    page.keyboard.type("nothing like it")
    assert headlines(page) == []
    assert page.locator("#none").is_visible()
    page.goto("about:blank")
    page.goto(address)
    assert headlines(page) == ["Rain Expected in North"]
    assert page.locator("#shown").inner_text() == "1 of 8 articles"


def test_index_finds_headlines_in_both_languages(visit: Visit) -> None:
    page = visit()
    page.locator("#search").fill("걸음다리")
    assert headlines(page) == ["New Footbridge Opened"]


def test_pictures_are_tables_too(visit: Visit) -> None:
    page = visit()
    figures = page.locator("figure")
    assert figures.count() == 3
    for number in range(3):
        figure = figures.nth(number)
        assert len(figure.locator("figcaption p").inner_text()) > 20
        assert figure.locator("svg[role=img]").get_attribute("aria-label")
        figure.locator("summary").click()
        assert figure.locator("table tbody tr").count() > 0
        assert figure.locator("table").is_visible()


def test_hostile_text_is_shown_and_runs_nothing(visit: Visit, hostile_page: str) -> None:
    for name in ("index.html", hostile_page):
        page = visit(name)
        assert page.evaluate("window.ran") is None
        assert page.locator("img").count() == 0
        assert page.locator("a[href^=javascript]").count() == 0
        assert HOSTILE in page.locator("main").inner_text()
    assert page.locator("h1").inner_text() == HOSTILE
    assert page.locator("#b1 .source p").text_content() == BIDI


def test_steering_characters_stay_inside_their_cell(visit: Visit, hostile_page: str) -> None:
    page = visit(hostile_page)
    kinds = page.evaluate(
        "[...document.querySelectorAll('h1, h2[lang], .bead td [lang], .facts bdi')]"
        ".map(e => getComputedStyle(e).unicodeBidi)"
    )
    assert kinds
    assert set(kinds) <= {"isolate", "plaintext"}
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page.title())


def test_a_script_that_slipped_in_would_not_run(visit: Visit) -> None:
    page = visit(ORCHARD)
    rules = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert "default-src 'none'" in rules
    assert "script-src 'sha256-" in rules
    assert "unsafe-inline'; script" in rules


@pytest.mark.parametrize("width", [390, 700, 1000, 1440])
def test_nothing_runs_over_the_side(visit: Visit, index: Path, width: int) -> None:
    page = visit(width=width)
    for path in sorted(index.parent.glob("*.html")):
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name


def test_on_a_phone_a_bead_is_one_column_with_labels(visit: Visit) -> None:
    page = visit(ORCHARD, width=390)
    boxes = [page.locator(f"#b1 .{name}").bounding_box() for name in ("source", "translation", "target")]
    assert len({round(box["x"]) for box in boxes}) == 1
    assert boxes[0]["y"] < boxes[1]["y"] < boxes[2]["y"]
    label = page.locator("#b1 .target").evaluate("td => getComputedStyle(td, '::before').content")
    assert label == '"Korean original"'


def test_on_paper_two_columns_and_no_controls(visit: Visit) -> None:
    page = visit(ORCHARD)
    page.emulate_media(media="print")
    source, target, translation = (
        page.locator(f"#b1 .{name}").bounding_box() for name in ("source", "target", "translation")
    )
    assert source["x"] < target["x"] == translation["x"]
    assert target["y"] < translation["y"]
    assert not page.locator(".bar").is_visible()
    assert page.get_by_text("https://news.example/articles/1").is_visible()
    assert "url(" in page.locator("#b4 .finding").evaluate("e => getComputedStyle(e).backgroundImage")


def test_readable_without_javascript(visit: Visit) -> None:
    page = visit(ORCHARD, java_script_enabled=False)
    assert page.locator("#b1 .target").is_visible()
    assert not page.locator(".tools").is_visible()
    page.locator(".findings a").first.click()
    assert page.url.endswith("#b4")


def channels(colour: str) -> tuple[float, ...]:
    return tuple(int(n) / 255 for n in re.findall(r"\d+", colour)[:3])


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_of_text(visit: Visit, scheme: str) -> None:
    page = visit(color_scheme=scheme)
    names = ["paper", "ink", "quiet", "accent", "mark", "scale-1", "scale-2"]
    colours = page.evaluate(
        "names => names.map(name => { const e = document.createElement('i'); e.style.color = `var(--${name})`;"
        " document.body.append(e); return [name, getComputedStyle(e).color]; })",
        names,
    )
    light = {name: luminance(colour) for name, colour in colours}
    pairs = [(text, ground) for text in ("ink", "quiet", "accent") for ground in ("paper", "scale-1", "scale-2")]
    for text, ground in [*pairs, ("ink", "mark")]:
        dark, bright = sorted((light[text], light[ground]))
        assert (bright + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


@pytest.mark.parametrize("name", ["index.html", ORCHARD, LETTER])
def test_everything_that_acts_has_a_name_and_ids_are_unique(visit: Visit, name: str) -> None:
    page = visit(name)
    nameless = page.evaluate(
        "[...document.querySelectorAll('a, button, input, select, summary')].filter(e => !(e.textContent.trim() ||"
        " e.labels?.length || e.getAttribute('aria-label'))).map(e => e.outerHTML)"
    )
    assert nameless == []
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map(e => Number(e.tagName[1]))")
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
