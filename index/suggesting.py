"""What a person may be about to type: numbers, units, titles and people of the corpus, by what stands in them, by how
they begin and by their pinyin initials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from index.analysis import flat, fold
from index.fieldnames import FIELDS
from index.lexicon import Lexicon, Name, Rolls, Titled, Visible, compact
from index.pinyin import spoken
from index.rolls import Roll

MOST = 10
_SHARES = {"number": 3, "unit": 4, "title": 4, "person": 3}
_LONGEST = 60
_LOOKED_AT = 40
_TITLES = 300
_MANY = 3000  # lines that are looked at: more say nothing to a person who goes on typing
_LAST = regex.compile(r"(?P<head>(?:.*\s)?[-－]?)(?P<word>\S+)\s*", regex.DOTALL)
_FIELD = regex.compile(rf"(?P<label>{'|'.join(sorted(FIELDS, key=len, reverse=True))})：(?P<value>.*)")
_LETTERS = regex.compile(r"[a-z]+")
UNIT_FIELDS = frozenset(
    {"unit", "issuer", "host", "organizer", "co_organizer", "lead", "responsible", "cooperate"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`kind` is number, unit, title or person. `text` is the whole query it stands for; `label` what is shown. `id` is
    the paper it leads to ('' for a name), `note` what helps to choose, `papers` in how many a name stands."""

    kind: str
    label: str
    text: str
    id: str = ""
    note: str = ""
    papers: int = 0


@dataclass(frozen=True, slots=True)
class Register:
    """Other names of units (rules/units): a short name leads to the names that stand in papers."""

    groups: Sequence[tuple[str, tuple[str, ...]]] = ()


def suggest(lexicon: Lexicon, register: Register, text: str, visible: Visible | None = None) -> tuple[Suggestion, ...]:
    """At most MOST, grouped in the order number, unit, title, person. `visible` says which papers a reader may see."""
    typed = _typed(text[:_LONGEST])
    if typed is None:
        return ()
    found: list[list[Suggestion]] = []
    if typed.asks("number"):
        found.append([_of_paper("number", one) for one in _numbers(lexicon, typed) if _may(one, visible)])
    if typed.asks("unit"):
        found.append(_units(lexicon, register, typed, visible))
    if typed.asks("title"):
        found.append([_of_paper("title", one) for one in _titles(lexicon, typed) if _may(one, visible)])
    if typed.asks("person"):
        found.append(_named(lexicon, typed, "person", visible))
    return _shared_out(found)


@dataclass(frozen=True, slots=True)
class _Typed:
    """`word` is the last one, folded, which is completed; `head` what stands before it and stays; `all` the whole."""

    head: str
    word: str
    all: str
    field: str = ""

    def asks(self, kind: str) -> bool:
        if not self.field:
            return True
        return kind == ("unit" if self.field in UNIT_FIELDS else self.field)

    @property
    def letters(self) -> str:
        return self.word if _LETTERS.fullmatch(self.word) else ""


def _typed(text: str) -> _Typed | None:
    match = _LAST.fullmatch(flat(text))
    if match is None or not fold(match["word"]):
        return None
    start = match.start("word")
    field = _FIELD.fullmatch(match["word"])
    if field is None:
        return _Typed(text[:start], fold(match["word"]), flat(text))
    if not fold(field["value"]):
        return None
    return _Typed(text[: start + field.start("value")], fold(field["value"]), field["value"], FIELDS[field["label"]])


def _numbers(lexicon: Lexicon, typed: _Typed) -> list[Titled]:
    wanted = compact(typed.all)
    if len(wanted) < 2 or not (regex.search(r"\d", wanted) or typed.field or len(wanted) >= 3):
        return []
    rolls = lexicon.rolls()
    if typed.letters:
        return _newest(lexicon, rolls.codes, f"\n{typed.letters}")
    roll = rolls.numbers
    places = roll.holding(wanted, _MANY)
    places.sort(key=lambda at: (roll.lines[at] != wanted, len(roll.lines[at]), roll.lines[at]))
    keys = [roll.keys[at] for at in places[:_LOOKED_AT]]
    found = sorted(lexicon.titled(keys), key=lambda one: one.date, reverse=True)
    return _once(sorted(found, key=lambda one: len(one.number)))


def _titles(lexicon: Lexicon, typed: _Typed) -> list[Titled]:
    words = [fold(word) for word in typed.all.split()[:6]]
    if sum(map(len, words)) < 2:
        return []
    roll = lexicon.rolls().titles
    rarest, *others = sorted(words, key=len, reverse=True)
    places = [at for at in roll.holding(rarest, _MANY) if all(word in roll.lines[at] for word in others)]
    found = lexicon.titled([roll.keys[at] for at in places[:_TITLES]])
    return _once(sorted(found, key=lambda one: one.date, reverse=True))


def _newest(lexicon: Lexicon, roll: Roll, needle: str) -> list[Titled]:
    keys = [roll.keys[at] for at in roll.holding(needle, _MANY)]
    return _once(sorted(lexicon.titled(keys[:_TITLES]), key=lambda one: one.date, reverse=True))


def _once(papers: list[Titled]) -> list[Titled]:
    """A paper that arrived in two files is told once."""
    return list({(one.number, one.title): one for one in reversed(papers)}.values())[::-1]


def _named(lexicon: Lexicon, typed: _Typed, kind: str, visible: Visible | None) -> list[Suggestion]:
    counted = [(one, count) for one in _names(lexicon, typed, kind) if (count := lexicon.seen(one, visible))]
    counted.sort(key=lambda pair: (_rank(pair[0], typed), -pair[1], len(pair[0].folded), pair[0].text))
    return [Suggestion(kind, one.text, typed.head + one.text, papers=count) for one, count in counted[:MOST]]


def _rank(name: Name, typed: _Typed) -> tuple[bool, bool]:
    """What is typed as a whole, then what begins so."""
    if not typed.letters:
        return False, not name.folded.startswith(typed.word)
    read = [*name.initials.split(), *name.whole.split()]
    return typed.letters not in read, not any(one.startswith(typed.letters) for one in read)


def _names(lexicon: Lexicon, typed: _Typed, kind: str) -> list[Name]:
    """Those that begin so come first, then those that stand in more papers."""
    rolls = lexicon.rolls()
    if typed.letters:
        return _read_so(lexicon, rolls, kind, typed.letters)
    roll = rolls.names[kind]
    keys = [(not roll.lines[at].startswith(typed.word), -rolls.papers.get(roll.keys[at], 0), roll.keys[at])
            for at in roll.holding(typed.word, _MANY)]  # fmt: skip
    return lexicon.named([key for *_, key in sorted(keys)[:_LOOKED_AT]])


def _read_so(lexicon: Lexicon, rolls: Rolls, kind: str, letters: str) -> list[Name]:
    """Inside initials only units are found: one leaves out their city."""
    if len(letters) < 2:
        return []
    roll = rolls.said[kind]
    begin = f" {letters}"
    keys: list[tuple[bool, int, int]] = []
    for at in roll.holding(letters if kind == "unit" else begin, _MANY):
        line = roll.lines[at]
        if begin in line or letters in line.partition("\t")[0]:
            keys.append((begin not in line, -rolls.papers.get(roll.keys[at], 0), roll.keys[at]))
    return lexicon.named([key for *_, key in sorted(keys)[:_LOOKED_AT]])


def _units(lexicon: Lexicon, register: Register, typed: _Typed, visible: Visible | None) -> list[Suggestion]:
    """Names as papers print them; short names that only the register knows lead to the papers of their unit."""
    found = _named(lexicon, typed, "unit", visible)
    have = {one.label for one in found}
    others = [(name, known) for name, known in register.groups if name not in have and _fits(name, typed)][:_LOOKED_AT]
    printed = lexicon.known(one for _, known in others for one in known) if others else {}
    for name, known in others:
        best = max((printed[one] for one in known if one in printed), key=lambda one: one.papers, default=None)
        count = 0 if best is None else lexicon.seen(best, visible)
        if best is not None and count:
            found.append(Suggestion("unit", name, typed.head + name, note=best.text, papers=count))
    return sorted(found, key=lambda one: not _begins(one.label, typed))


def _fits(name: str, typed: _Typed) -> bool:
    if not typed.letters:
        return typed.word in fold(name)
    said = spoken(name)
    return len(typed.letters) > 1 and (
        any(typed.letters in one for one in said.initials) or any(one.startswith(typed.letters) for one in said.whole)
    )


def _begins(name: str, typed: _Typed) -> bool:
    if not typed.letters:
        return fold(name).startswith(typed.word)
    said = spoken(name)
    return any(one.startswith(typed.letters) for one in (*said.initials, *said.whole))


def _of_paper(kind: str, one: Titled) -> Suggestion:
    if kind == "number":
        return Suggestion(kind, one.number, one.number, one.id, one.title)
    return Suggestion(kind, one.title, one.title, one.id, one.number or one.date)


def _may(one: Titled, visible: Visible | None) -> bool:
    return visible is None or visible(one.id)


def _shared_out(groups: list[list[Suggestion]]) -> tuple[Suggestion, ...]:
    """Each kind its share; what others leave goes to those that have more. A paper is told once."""
    kept: list[list[Suggestion]] = []
    papers: set[str] = set()
    for group in groups:
        fresh = [one for one in group if not one.id or one.id not in papers]
        papers |= {one.id for one in fresh[: _SHARES[fresh[0].kind]]} if fresh else set()
        kept.append(fresh)
    taken = [min(len(group), _SHARES[group[0].kind]) if group else 0 for group in kept]
    while sum(taken) > MOST:
        taken[taken.index(max(taken))] -= 1
    for at, group in enumerate(kept):
        taken[at] += max(0, min(len(group) - taken[at], MOST - sum(taken)))
    return tuple(one for group, count in zip(kept, taken, strict=True) for one in group[:count])
