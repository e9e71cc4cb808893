"""Large sets: any number of different documents, the same for the same seed, each with its gold record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import regex

from gongwen.sampling import dates
from gongwen.sampling.manuscript import compose, fill
from gongwen.sampling.paper import Paper
from gongwen.sampling.writers.plain import Style
from gongwen.yamlio import load_file

# How often each form comes when the caller names none: what an office's folder looks like to the indexer.
WEIGHTS = {"txt": 90, "html": 5, "md": 4, "docx": 1}
FIRST_YEAR, LAST_YEAR = 2008, 2025
_REPEATED = regex.compile(r"\*(\d)-(\d) ")
_STYLES = (
    Style(), Style(), Style(gaps=False), Style(indent=""), Style(one_line=True), Style(pages="numbered"),
    Style(gaps=False, wrap=32),
)  # fmt: skip
_SIZES = (1, 1, 1, 1, 2, 2, 3, 5)  # some papers are long


@dataclass(frozen=True, slots=True)
class Made:
    name: str  # path below the target folder, without extension
    paper: Paper
    form: str
    style: Style


@cache
def _words() -> dict[str, Any]:
    loaded: dict[str, Any] = load_file(Path(__file__).with_name("mass.yml"))
    return loaded


def papers(count: int, seed: int, forms: tuple[str, ...] = ()) -> Iterator[Made]:
    """`count` documents one after another; nothing is held but the running numbers of each body."""
    rng = Random(seed)
    serials: Counter[str] = Counter()
    weights = {form: WEIGHTS.get(form, 1) for form in forms} if forms else WEIGHTS
    for _ in range(count):
        author = _Author(rng, serials)
        made = compose(author.lines())
        form = rng.choices(list(weights), list(weights.values()))[0]
        if form == "html":
            author.publish(made)
        yield Made(author.name, made, form, rng.choice(_STYLES))


class _Author:
    """One document: what it has fixed, and how everything else is drawn."""

    def __init__(self, rng: Random, serials: Counter[str]) -> None:
        self.rng, self.serials, self.words = rng, serials, _words()
        self.topic: dict[str, Any] = rng.choice(self.words["topics"])
        self.year = rng.randint(FIRST_YEAR, LAST_YEAR)
        self.size = rng.choice(_SIZES)
        self.decks: dict[str, list[str]] = {}
        self.place()
        self.calendar()
        self.number()

    def place(self) -> None:
        places = self.words["places"]
        city = self.rng.choice(places["first"]) + self.rng.choice(places["city"])
        name, level = city, "市"
        if self.rng.random() < 0.6:
            name, level = self.rng.choice(places["first"]) + self.rng.choice(places["county"]), "县"
        bureau, short = self.topic["bureau"], self.topic["short"]
        self.stem = name
        self.fixed: dict[str, str] = {
            "city": f"{city}市", "level": level, "unit": f"{name}{level}{bureau}", "unit_short": f"{level}{short}",
            "y": str(self.year), "field": self.topic["field"], "theme": self.rng.choice(self.topic["themes"]),
            "self": {"会": "会", "委": "委"}.get(bureau[-1], "局"), "person": self.person(),
            "town": self.rng.choice([town for town in places["towns"] if not town.endswith("街道")]),
            "noun": self.rng.choice(self.topic["nouns"]),
        }  # fmt: skip
        others = self.rng.sample([one["short"] for one in self.words["topics"] if one is not self.topic], 4)
        self.fixed["others"] = "、".join(level + one for one in others[: self.rng.randint(1, 4)])
        self.fixed["other"] = f"{level}{others[0]}"
        self.fixed["to"] = self.addressees(level)

    def addressees(self, level: str) -> str:
        below = "各县（区）" if level == "市" else "各乡镇"
        own = ["局属各单位"] if self.fixed["self"] == "局" else []
        tail = self.rng.choice(["各有关单位", "各直属事业单位", *own])
        if level == "市":
            return f"{below}{self.topic['short']}，|{tail}"
        return f"{below}人民政府，|{tail}"

    def calendar(self) -> None:
        """Signed on a working weekday; what is due is due after that."""
        signed = _weekday(date(self.year, 1, 4) + timedelta(self.rng.randrange(300)))
        due = _weekday(signed + timedelta(self.rng.randint(8, 50)))
        start = signed + timedelta(self.rng.randint(5, 20))
        end = start + timedelta(self.rng.randint(3, 40))
        meet = _weekday(due + timedelta(self.rng.randint(3, 6)))
        hour = self.rng.choice(["上午9:00", "上午9:30", "下午2:30", "下午3:00"])
        iso = meet.isoformat()
        self.fixed |= {
            "date": signed.isoformat(), "due": due.isoformat(), "due_text": f"{dates.printed(due.isoformat())}前",
            "start": start.isoformat(), "end": end.isoformat(), "meet": iso,
            "span": f"{dates.printed(start.isoformat())}至{dates.printed(end.isoformat())}",
            "meet_text": f"{dates.printed(iso)}（{dates.weekday(iso)}）{hour}",
            "published": _weekday(signed + timedelta(3)).isoformat(),
        }  # fmt: skip
        if due.year == signed.year and self.rng.random() < 0.5:
            self.fixed["due_text"] = f"{due.month}月{due.day}日前"

    def number(self) -> None:
        """Numbers run on for each body and year, so no two documents share one."""
        code = self.stem + self.topic["code"]
        kinds = {"number": self.rng.choice(["发", "字", "办发"]), "letter_number": "函"}
        for key, kind in kinds.items():
            self.fixed[key] = f"{code}{kind}〔{self.year}〕{{serial}}号"
        self.fixed["notice_number"] = f"{self.year}年第{{serial}}号"
        self.fixed["cited"] = fill(self.rng.choice(self.words["citations"]), lambda name: self.fixed[name])
        cited_year = self.year - self.rng.randint(0, 2)
        self.fixed["cited_number"] = f"{self.stem}政发〔{cited_year}〕{self.rng.randint(1, 90)}号"
        self.fixed["phone"] = f"0{self.rng.randint(900, 999)}-555{self.rng.randint(0, 9999):04d}"
        self.fixed["mail"] = f"bgs{self.rng.randint(100, 99999)}@office.example"
        self.serials[f"{code}{self.year}"] += self.rng.randint(1, 4)
        self.fixed["serial"] = str(self.serials[f"{code}{self.year}"])
        self.name = f"{self.year}/{code}{self.year}-{self.fixed['serial']}"

    def lines(self) -> list[str]:
        lines: list[str] = []
        for frame in self.rng.choice(self.words["kinds"]).splitlines():
            match = _REPEATED.match(frame)
            if match is None:
                lines.append(fill(frame, self.draw))
                continue
            repeats = self.rng.randint(int(match[1]), int(match[2])) * self.size
            first = True
            for _ in range(repeats):
                self.fixed["role"] = "成员" if first else ""
                lines.append(fill(frame[match.end() :], self.draw))
                first = False
        return lines

    def draw(self, name: str) -> str:
        """What the document has fixed, else a word of its field, else one of the common decks."""
        if name in self.fixed:
            return self.fixed[name]
        if name in self.topic:
            return str(self.rng.choice(self.topic[name]))
        if name in {"sentence", "heading"}:
            return self.next_of(f"{name}s")
        if name == "towns":
            return str(self.rng.choice(self.words["places"]["towns"]))
        if name == "office":
            return self.fixed["level"] + str(self.rng.choice(self.words["topics"])["short"])
        return self.person() if name == "member" else self.amount(name)

    def next_of(self, deck: str) -> str:
        """Nothing comes twice before everything has come once."""
        left = self.decks.setdefault(deck, [])
        if not left:
            left += self.rng.sample(self.words[deck], len(self.words[deck]))
        return left.pop()

    def amount(self, name: str) -> str:
        if name == "floor":
            return dates.counted(self.rng.randint(2, 12))
        digits = int(name.removeprefix("n"))
        return str(self.rng.randint(10 ** (digits - 1) + 1, 10**digits - 1))

    def person(self) -> str:
        people = self.words["people"]
        given = people["given"]
        return str(self.rng.choice(people["surnames"])) + "".join(self.rng.sample(given, self.rng.randint(1, 2)))

    def publish(self, made: Paper) -> None:
        made.meta |= {"site": self.fixed["unit"], "index": f"{self.year}-{self.fixed['serial']}", "topic": "综合政务"}
        made.documents[0]["publish_date"] = self.fixed["published"]


def _weekday(day: date) -> date:
    """This day, or the Monday after it."""
    return day + timedelta(7 - day.weekday()) if day.weekday() > 4 else day
