"""What a person asked of the search page, and the addresses of what they may ask next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from index.engine import Query
from web.facts import chinese_date

FACETS: dict[str, str] = {"year": "年份", "type": "文种", "issuer": "发文机关", "disclosure": "公开方式"}
ROLES: dict[str, str] = {
    "unit": "任意角色",
    "lead": "牵头",
    "responsible": "责任",
    "host": "主办",
    "organizer": "承办",
    "co_organizer": "协办",
    "cooperate": "配合",
}
"""In which role a unit is named: each is a facet of its own."""

DATE = "date"
"""The filter by '' finds papers without a date; a range of dates never does."""
NAMES = (*FACETS, *ROLES, DATE)

SORTS: dict[str, str] = {"relevance": "相关度", "newest": "日期从近到远", "oldest": "日期从远到近"}
QUERY_WORDS: dict[str, str] = {"unit": "单位", "lead": "牵头", "responsible": "责任", "host": "主办",
                               "organizer": "承办", "co_organizer": "协办", "cooperate": "配合"}  # fmt: skip
"""The field word of the query language for each role."""

MAX_LENGTH = 200
PAGE_SIZE = 20
MAX_PAGE = 500
MAX_VALUES = 50
NONE_GIVEN = "未注明"


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter with the address of the same search without it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Asked:
    text: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    date_from: str = ""
    date_to: str = ""
    sort: str = ""
    page: int = 1
    role: str = "unit"
    notes: tuple[str, ...] = ()

    @property
    def filtered(self) -> bool:
        return bool(self.where or self.date_from or self.date_to)

    @property
    def order(self) -> str:
        """Without words there is nothing to be relevant to: newest first."""
        if self.sort:
            return self.sort
        return "relevance" if self.text else "newest"

    def query(self, *, limit: int = PAGE_SIZE) -> Query:
        return Query(
            self.text, self.where, self.date_from, self.date_to, self.order, (self.page - 1) * limit, limit,
            date.today().isoformat(),
        )  # fmt: skip

    def without(self, name: str) -> Asked:
        return replace(self, where={key: found for key, found in self.where.items() if key != name}, page=1)

    def toggled(self, name: str, value: str) -> Asked:
        before = self.where.get(name, ())
        after = tuple(one for one in before if one != value) if value in before else (*before, value)
        where = {key: found for key, found in self.where.items() if key != name}
        return replace(self, where=where | ({name: after} if after else {}), page=1)

    def pairs(self, *leave: str) -> list[tuple[str, str]]:
        """Name and value of every parameter, for addresses and hidden form fields."""
        found = [("q", self.text)] if self.text else []
        found += [(name, value) for name in NAMES for value in self.where.get(name, ())]
        single = {"from": self.date_from, "to": self.date_to, "sort": self.sort,
                  "role": "" if self.role == "unit" else self.role,
                  "page": str(self.page) if self.page > 1 else ""}  # fmt: skip
        found += [(name, value) for name, value in single.items() if value]
        return [pair for pair in found if pair[0] not in leave]

    def url(self, **changes: str | int) -> str:
        asked = replace(self, **changes) if changes else self  # type: ignore[arg-type]
        found = asked.pairs()
        return f"/search?{urlencode(found)}" if found else "/search"

    def chips(self) -> Iterator[Chip]:
        for name in NAMES:
            for value in self.where.get(name, ()):
                yield Chip(f"{_facet_label(name)}：{value or NONE_GIVEN}", self.toggled(name, value).url())
        if self.date_from:
            yield Chip(f"不早于{chinese_date(self.date_from)}", self.url(date_from="", page=1))
        if self.date_to:
            yield Chip(f"不晚于{chinese_date(self.date_to)}", self.url(date_to="", page=1))


def _facet_label(name: str) -> str:
    if name in FACETS:
        return FACETS[name]
    if name == DATE:
        return "公文日期"
    return "涉及单位" if name == "unit" else f"{ROLES[name]}单位"


def read_asked(args: MultiDict[str, str]) -> Asked:
    """The search a request asks for. Unknown names are ignored; what cannot be meant is left out with a note."""
    notes: list[str] = []
    text = clean(args.get("q", ""))
    if len(text) > MAX_LENGTH:
        text = text[:MAX_LENGTH]
        notes.append(f"检索词超过{MAX_LENGTH}字，只检索前{MAX_LENGTH}字。")
    where: dict[str, tuple[str, ...]] = {}
    for name in NAMES:
        values = dict.fromkeys(clean(value) for value in args.getlist(name)[:MAX_VALUES])
        if values:
            where[name] = tuple(values)
    start, end = (_date(args.get(name, ""), notes) for name in ("from", "to"))
    if start and end and start > end:
        start, end = end, start
        notes.append("起止日期前后颠倒，已对调。")
    return Asked(
        text, where, start, end,
        args.get("sort", "") if args.get("sort") in SORTS else "",
        _page(args.get("page", "")),
        args.get("role", "unit") if args.get("role") in ROLES else "unit",
        tuple(notes),
    )  # fmt: skip


def clean(text: str) -> str:
    """What was typed without control characters and lone surrogates, trimmed."""
    return "".join(char if char.isprintable() else " " for char in text).strip()


def _date(text: str, notes: list[str]) -> str:
    if not text.strip():
        return ""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        notes.append(f"日期“{clean(text)[:20]}”无法识别，已略去。请写成 2024-05-08 这样的形式。")
        return ""


def _page(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        return 1
    return min(MAX_PAGE, max(1, int(text)))
