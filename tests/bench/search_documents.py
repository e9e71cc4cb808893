"""The invented documents of the search bench, the questions asked of them, and what is right.

About 3,000 characters each: most sentences come from a stock, as official prose repeats itself. Pairs of characters,
which make the index large, are somewhat more than in real papers (0.4 different ones a character over 60,000
characters; 48 real papers of 78,000 characters had 0.19). Facets are as many as those of records: themes and people
differ from paper to paper.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import jieba

from index.analysis import fold
from index.engine import Entry

_KINDS = ("通知", "函", "方案", "意见", "报告", "总结", "公告", "通报", "纪要", "计划")
UNITS = [
    f"{place}{name}"
    for place in ("云州市", "临江县", "安平县", "东山区", "清河区")
    for name in (
        "科学技术协会", "教育局", "卫生健康局", "农业农村局", "文化和旅游局", "应急管理局", "民政局", "财政局",
        "交通运输局", "林业局",
    )
]  # fmt: skip
PHRASES = (
    "根据《关于做好全国科普日活动的通知》要求",
    "为深入贯彻落实全民科学素质行动规划纲要",
    "由市科学技术协会牵头，各有关单位配合",
    "于9月底前将活动总结报送领导小组办公室",
    "加强组织领导，压实工作责任",
    "联系人：周明远，电话：0999-5550123",
)


def vocabulary() -> list[str]:
    """Words from the most frequent on."""
    with (Path(jieba.__path__[0]) / "dict.txt").open(encoding="utf-8") as lines:
        counted = [(int(parts[1]), parts[0]) for parts in (line.split() for line in lines) if len(parts[0]) <= 6]
    return [word for _, word in sorted(counted, reverse=True)[:80_000]]


def _sentences(words: list[str], rnd: random.Random) -> Iterator[str]:
    """Nine in ten from a stock whose sentences are not equally common; the others are new."""
    weights = list(itertools.accumulate((rank + 3) ** -1.15 for rank in range(len(words))))

    def fresh() -> str:
        said = rnd.choices(words, cum_weights=weights, k=rnd.randint(6, 26))
        said.insert(len(said) // 2, "，")
        return "".join(said) + "。"

    stock = [fresh() for _ in range(20_000)]
    common = list(itertools.accumulate(1 / (rank + 30) for rank in range(len(stock))))
    while True:
        yield rnd.choices(stock, cum_weights=common)[0] if rnd.random() < 0.9 else fresh()


def entries(count: int, words: list[str], seed: int = 7) -> Iterator[Entry]:
    rnd = random.Random(seed)
    units = list(itertools.accumulate(1 / (rank + 1) for rank in range(len(UNITS))))
    sentences = _sentences(words, rnd)
    for at in range(count):
        parts = list(itertools.islice(sentences, rnd.randint(95, 150)))
        parts += [phrase for phrase in PHRASES if rnd.random() < 0.3]
        rnd.shuffle(parts)
        text = "".join(parts)
        year, kind = rnd.randint(2008, 2026), rnd.choice(_KINDS)
        lead, other = rnd.choices(UNITS, cum_weights=units, k=2)
        date, theme = f"{year}-{rnd.randint(1, 12):02}-{rnd.randint(1, 28):02}", parts[0].partition("，")[0][:14]
        yield Entry(
            f"{at:016x}-1",
            f"关于{text[:16].replace('，', '')}的{kind}",
            text,
            f"云科协字〔{year}〕{at}号",
            (f"云科协字|{year}|{at}",),
            (f"海科发|{year}|{at % 97}",),
            date,
            {"lead": (lead,), "responsible": (other,), "unit": (lead, other), "person": (f"周{rnd.choice(text)}",),
             "theme": (theme,)},
            {"year": (str(year),), "issue_year": (str(year),), "month": (date[:7],), "type": (kind,),
             "unit": tuple({lead: 0, other: 0}), "lead": (lead,), "issuer": (lead,), "theme": (theme,),
             "media": ("text/plain",)},
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for, before anybody's query language: all `words` and the `phrase`, with the filters."""

    words: tuple[str, ...] = ()
    without: str = ""
    either: tuple[str, ...] = ()
    phrase: str = ""
    prefix: str = ""
    number: tuple[int, int] | None = None
    role: str = ""
    unit: str = ""
    start: str = ""
    end: str = ""
    year: str = ""
    newest: bool = False
    facets: bool = False
    highlight: bool = False

    @property
    def needles(self) -> tuple[str, ...]:
        """What must stand in a text for it to be right; only where nothing else is asked."""
        if self.without or self.either or self.number or self.role or self.unit or self.year:
            return ()
        return tuple(one for one in (*self.words, self.phrase, self.prefix) if one)


def questions(words: list[str], rnd: random.Random, texts: list[str]) -> dict[str, Callable[[], Question]]:
    """New words each time, so that caches help no more than in use."""
    common = [word for word in words[:800] if len(word) == 2]
    middle = [word for word in words[800:20_000] if len(word) >= 2]
    rare = [word for word in words[40_000:80_000] if len(word) >= 2]
    long = [word for word in words[800:60_000] if len(word) >= 4]

    def piece() -> str:
        text = rnd.choice(texts)
        start = rnd.randrange(max(1, len(text) - 12))
        return text[start : start + rnd.randint(3, 12)].replace("\n", "")

    def either() -> Question:
        return Question(either=(rnd.choice(middle), rnd.choice(middle)), without=rnd.choice(common))

    return {
        "term (common)": lambda: Question(words=(rnd.choice(common),)),
        "term": lambda: Question(words=(rnd.choice(middle),)),
        "rare term": lambda: Question(words=(rnd.choice(rare),)),
        "three terms": lambda: Question(words=(*rnd.sample(common, 2), rnd.choice(middle))),
        "phrase in many": lambda: Question(phrase=rnd.choice(PHRASES)[: rnd.randint(4, 14)]),
        "any substring": lambda: Question(phrase=piece()),
        "two terms joined": lambda: Question(phrase=rnd.choice(common) + rnd.choice(common)),
        "one character": lambda: Question(words=(rnd.choice(rnd.choice(common)),)),
        "number": lambda: Question(number=(rnd.randint(2008, 2026), rnd.randint(1, len(texts)))),
        "part of a phone": lambda: Question(prefix=f"555012{rnd.choice(('3', ''))}"),
        "prefix": lambda: Question(prefix=rnd.choice(long)[:3]),
        "unit in a role": lambda: Question(role="牵头", unit=rnd.choice(UNITS)),
        "unit + date range": lambda: Question(
            words=(rnd.choice(common),), unit=rnd.choice(UNITS), start="2015-03-01", end="2020-09-30"
        ),
        "newest first": lambda: Question(words=(rnd.choice(common),), newest=True),
        "either, not": either,
        "facets": lambda: Question(year=str(rnd.randint(2008, 2026)), facets=True),
        "highlight of 20": lambda: Question(words=tuple(rnd.sample(common, 2)), highlight=True),
    }


def right(needles: tuple[str, ...], texts: list[str]) -> set[int]:
    """The documents in which all stand, by looking."""
    folded = [fold(needle) for needle in needles]
    return {at for at, text in enumerate(texts) if all(needle in text for needle in folded)}
