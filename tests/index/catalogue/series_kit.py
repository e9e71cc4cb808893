"""Series as they should be and as they are made: pairs of papers that are rightly or wrongly together."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from gongwen.rulebook import load_rulebook
from gongwen.yamlio import load_file
from index.catalogue.clusters import clusters
from index.catalogue.stems import LIKELY, Stemmer, likeness

NAMES: dict[str, Any] = load_file(Path(__file__).with_name("series_names.yml"))


SHORT = {"云州市科学技术协会": ("云州市科协", "市科协"), "云州市科学技术局": ("市科技局",)}
"""What the register tells of these offices beside their place, which is the first three characters of all of them."""


@dataclass
class Score:
    right: int = 0
    wrong: list[tuple[str, str]] = field(default_factory=list)
    missed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.right / (self.right + len(self.missed))


def stemmer() -> Stemmer:
    book = load_rulebook()
    return Stemmer(book.vocab["series"], book.vocab["kinds"])


def score(offices: dict[str, list[dict[str, Any]]], likely: float = LIKELY) -> Score:
    out = Score()
    for office, series in offices.items():
        _add(out, office, series, likely)
    return out


def _add(out: Score, office: str, series: list[dict[str, Any]], likely: float) -> None:
    papers = [
        (int(year), title, at)
        for at, one in enumerate(series)
        for year, titles in one.items()
        for title in (titles if isinstance(titles, list) else [titles])
    ]
    made = stemmer()
    stem_of = {title: made.stem(title, (office, *SHORT.get(office, ())), office[:3]) for _, title, _ in papers}
    years: dict[str, frozenset[int]] = {}
    for year, title, _ in papers:
        if stem_of[title]:
            years[stem_of[title]] = years.get(stem_of[title], frozenset()) | {year}
    read = {stem: made.read(stem) for stem in years}
    pairs = ((likeness(read[a], read[b]), a, b) for a, b in combinations(sorted(years), 2))
    found = clusters(years, [pair for pair in pairs if pair[0] >= likely])
    for (_, a, gold_a), (_, b, gold_b) in combinations(papers, 2):
        together = bool(stem_of[a]) and bool(stem_of[b]) and found[stem_of[a]] == found[stem_of[b]]
        if together and gold_a == gold_b:
            out.right += 1
        elif together:
            out.wrong.append((a, b))
        elif gold_a == gold_b:
            out.missed.append((a, b))
