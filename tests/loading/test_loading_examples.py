"""The packaged example articles, in the outlets' layouts: their text is that of the gold alignment."""

from __future__ import annotations

from pathlib import Path

from loading_helpers import articles

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "articles"


def test_the_examples_load_to_the_sentences_of_their_gold() -> None:
    found = {Path(entry.path).relative_to(EXAMPLES).as_posix(): entry for entry in articles(EXAMPLES)}
    assert {entry.lang for entry in found.values()} == {"en", "ko"}
    pairs = [
        line.split("\t") for line in (EXAMPLES / "gold" / "pairs.tsv").read_text(encoding="utf-8").splitlines()
    ]
    assert pairs
    for english, korean in pairs:
        for path, lang in ((english, "en"), (korean, "ko")):
            gold = (EXAMPLES / "gold" / f"{Path(english).stem}.{lang}").read_text(encoding="utf-8")
            assert "".join(found[path].text.split()) == "".join(gold.split()), path
            assert found[path].lang == lang
            assert found[path].title
            assert found[path].date
        assert found[english].outlet == found[korean].outlet
        if found[english].original_urls:
            assert found[english].original_urls == (found[korean].url,)
