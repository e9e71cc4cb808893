"""What a person asks: the same conditions on the command line and in the address of a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from audit.answers import Answer
from audit.desk import Desk, years_between


@dataclass(frozen=True, slots=True)
class Asked:
    """`text`: words of a task, a title, a number; `first` and `last`: plan years, 0 when not given; `start`, `end`,
    `on`: ISO days; `one` and `other`: papers by address or number; `derived`: also what rules made of groups and posts;
    `limit`: rows at most."""

    text: str = ""
    unit: str = ""
    group: str = ""
    person: str = ""
    issuer: str = ""
    role: str = ""
    first: int = 0
    last: int = 0
    on: str = ""
    start: str = ""
    end: str = ""
    one: str = ""
    other: str = ""
    derived: bool = True
    limit: int = 5000

    @property
    def years(self) -> tuple[int, ...]:
        return years_between(self.first, self.last)

    def told(self, *pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
        """The conditions in words; the years are added, empty ones left out."""
        span = f"{self.first or self.last}" if self.first == self.last or not (self.first and self.last) else ""
        years = span if span != "0" else ""
        if self.first and self.last and self.first != self.last:
            years = f"{min(self.first, self.last)}–{max(self.first, self.last)}"
        return tuple((name, value) for name, value in (*pairs, ("年份", years)) if value)


@dataclass(frozen=True, slots=True)
class Question:
    """`key` is the name on the command line and in addresses, `fields` the conditions it takes in the order of its
    form, `needs` those without which nothing can be asked (any one of them)."""

    key: str
    name: str
    about: str
    fields: tuple[str, ...]
    needs: tuple[str, ...]
    work: Callable[[Desk, Asked], Answer]

    def is_asked(self, asked: Asked) -> bool:
        return not self.needs or any(getattr(asked, name) for name in self.needs)
