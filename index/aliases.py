"""Other spellings of what is searched: unit aliases (rules/units), short and long kinds of bodies, synonyms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from gongwen import yamlio
from gongwen.errors import RuleError
from gongwen.settings import ROOT
from gongwen.values.unit_entries import read_unit_list
from gongwen.values.unit_families import Families
from index.analysis import fold

_MOST = 8  # spellings of one word: more cost time and say nothing
_LONGEST_PLACE = 12
_SHORTEST_OLD = 3


class Aliases:
    """Asked with a folded word, gives its other spellings; an `Expand` of index.query."""

    def __init__(self, groups: Iterable[Iterable[str]] = (), pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._groups: dict[str, list[str]] = {}
        for group in groups:
            names = [name for name in dict.fromkeys(group) if fold(name)]
            for name in names:
                known = self._groups.setdefault(fold(name), [])
                known += [other for other in names if other not in known]
        both = [(fold(short), fold(long)) for short, long in pairs]
        self._endings = [*both, *((long, short) for short, long in both)]

    def __call__(self, word: str) -> tuple[str, ...]:
        found = list(self._groups.get(word, ()))
        for spelled in self._kinds(word):
            found += [spelled, *self._groups.get(spelled, ())]
        return tuple(dict.fromkeys(one for one in found if fold(one) != word))[:_MOST]

    def groups(self) -> list[tuple[str, tuple[str, ...]]]:
        """Every name of two characters or more with the other names of its group."""
        groups = {tuple(one): None for one in self._groups.values()}
        return [(name, tuple(other for other in group if other != name)) for group in groups for name in group
                if len(fold(name)) > 1]  # fmt: skip

    def _kinds(self, word: str) -> list[str]:
        """With the kind of body at its end spelled the other ways; the longest ending wins."""
        fits = [(end, other) for end, other in self._endings if word.endswith(end) and not word.endswith(other)]
        fits = [(end, other) for end, other in fits if len(word) - len(end) <= _LONGEST_PLACE]
        if not fits:
            return []
        longest = max(len(end) for end, _ in fits)
        return [word[:-longest] + other for end, other in fits if len(end) == longest]


def load_aliases(office: Path | None = None, *, ours: Path = ROOT / "rules") -> Aliases:
    """Ours, then the office's own folder; what is absent is empty. RuleError names a file that cannot be read so."""
    groups: list[list[str]] = []
    pairs: list[tuple[str, str]] = []
    for rules in (ours, office):
        if rules is None:
            continue
        for path in sorted((rules / "units").glob("*.yml")):
            groups += _units(path)
        groups += [list(group) for group in _lists(rules / "vocab" / "synonyms.yml", "groups")]
        pairs += [(group[0], group[1]) for group in _lists(rules / "vocab" / "unit_words.yml", "pairs")]
        pairs += _renames(rules / "vocab" / "unit_families.yml")
    return Aliases(groups, pairs)


def _units(path: Path) -> Iterator[list[str]]:
    """A unit with all it was ever called: a search is not bound to the years an alias holds. Old names are searched
    too, so a new name finds old papers; so are the units that it took over from."""
    for unit in read_unit_list(yamlio.load_file(path), str(path)):
        yield [unit.name, *(one.name for one in (*unit.aliases, *unit.former)), *unit.successors]


def _renames(path: Path) -> Iterator[tuple[str, str]]:
    """(old, new) kinds of bodies, also by the short names of the old one (扶贫办); only those that stand behind their
    place, and no names so short that other words end like them."""
    if not path.exists():
        return
    for family in Families(yamlio.load_file(path)).renames:
        new = family.new[0]
        for old in family.forms:
            if not old.head and not new.head and len(old.tail) >= _SHORTEST_OLD:
                yield old.tail, new.tail


def _lists(path: Path, key: str) -> Iterator[list[str]]:
    if not path.exists():
        return
    found = yamlio.load_file(path)
    groups = found.get(key) if isinstance(found, dict) else None
    if not isinstance(groups, list):
        raise RuleError(f"{path}: must have a list {key}")
    for group in groups:
        if not isinstance(group, list) or len(group) < 2 or not all(isinstance(one, str) for one in group):
            raise RuleError(f"{path}: {group!r} must be a list of two or more words")
        yield group
