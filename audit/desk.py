"""What every question works with: the catalogue, the papers behind it, the words of the audit, and today."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import Any, TypeVar

from sqlalchemy import Connection, func, select

from audit.answers import Evidence
from audit.citing import Citer
from audit.followups import Followups
from gongwen.errors import SettingsError
from gongwen.labels import Labels, load_labels
from gongwen.rulebook import load_rulebook
from gongwen.settings import Settings
from gongwen.store import Store, open_store
from index.catalogue.catalogue import Catalogue, open_catalogue
from index.catalogue.overview import count_years
from index.catalogue.stems import Stemmer
from index.catalogue.tables import papers
from index.catalogue.units import unit_keys

_T = TypeVar("_T")


class NotKnownError(SettingsError):
    """A unit, paper or series that was asked for is not in the corpus; the message is for the person who asked."""


@dataclass(frozen=True)
class Desk:
    """One a question: it keeps the papers it read last."""

    store: Store
    catalogue: Catalogue
    vocab: dict[str, Any]
    series_vocab: dict[str, Any]
    kinds: dict[str, Any]
    labels: Labels
    today: date = field(default_factory=date.today)

    @cached_property
    def citer(self) -> Citer:
        return Citer(self.store, self.labels)

    @cached_property
    def stemmer(self) -> Stemmer:
        return Stemmer(self.series_vocab, self.kinds)

    @cached_property
    def followups(self) -> Followups:
        return Followups(self.store)

    def ask(self, work: Callable[..., _T], *args: Any, **more: Any) -> _T:
        """A question of index.catalogue, or of the audit itself, with all but the connection."""

        def asked(connection: Connection) -> _T:
            return work(connection, *args, **more)

        return self.catalogue.ask(asked)

    def cite(self, record_id: str, path: str = "", *, derived: str = "") -> Evidence:
        return self.citer.evidence(record_id, path, derived=derived)

    def words(self, name: str) -> tuple[str, ...]:
        return tuple(str(one) for one in self.vocab.get(name, ()))

    def units(self, names: Sequence[str]) -> tuple[int, ...]:
        """The keys of these units under any of their names. Raises NotKnownError for one that no paper prints."""
        keys: dict[int, None] = {}
        for name in names:
            found = self.catalogue.ask(partial(unit_keys, register=self.catalogue.register, text=name))
            if not found:
                raise NotKnownError(f"资料库的公文中没有名为“{name}”的单位")
            keys |= dict.fromkeys(found)
        return tuple(keys)

    def searched(self, years: Iterable[int] = ()) -> str:
        """检索年份 2020–2024（没有收到公文的年份：2022）. Without years all that the corpus has."""
        counts = dict(self.ask(count_years))
        wanted = sorted(set(years)) or sorted(counts)
        if not wanted:
            return "资料库中还没有可查的公文"
        first, last = wanted[0], wanted[-1]
        told = f"{first}" if first == last else f"{first}–{last}"
        every = range(first, last + 1) if last - first <= 200 else wanted
        held = sum(counts.get(year, 0) for year in every)
        missing = [year for year in every if not counts.get(year)]
        gap = f"；其中没有公文的年份：{'、'.join(map(str, missing[:20]))}" if missing and held else ""
        undated = self.ask(_undated)
        more = f"；另有年份不明的公文 {undated} 件" if undated else ""
        return f"检索年份 {told}（资料库中共 {held} 件公文{gap}{more}）"


def years_between(first: int, last: int) -> tuple[int, ...]:
    """Every year from one to the other; a missing end is the other one. Empty when neither is given."""
    if not first and not last:
        return ()
    low, high = sorted((first or last, last or first))
    return tuple(range(low, min(high, low + 200) + 1))


def _undated(connection: Connection) -> int:
    wanted = select(func.count()).select_from(papers).where(papers.c.year == 0, papers.c.is_main == 1)
    return int(connection.execute(wanted).scalar() or 0)


def make_desk(settings: Settings, catalogue: Catalogue | None = None, today: date | None = None) -> Desk:
    """Over the corpus of the settings. The catalogue is the caller's to close."""
    book = load_rulebook(settings)
    return Desk(
        open_store(settings), catalogue or open_catalogue(settings), dict(book.vocab.get("audit", {})),
        dict(book.vocab.get("series", {})), dict(book.vocab.get("kinds", {})), load_labels(settings),
        today or date.today(),
    )  # fmt: skip
