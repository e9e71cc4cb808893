"""What the pages over the catalogue share: the catalogue itself, pages of lists, and rows as they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import abort, request, url_for

from gongwen.labels import ROLES
from index.catalogue.catalogue import Catalogue
from index.catalogue.refs import PaperRef, anchor
from index.catalogue.timetable import Entry
from index.catalogue.units import unit_keys
from web.facts import chinese_range
from web.filters import MAX_PAGE, clean
from web.long import ALL, lies_deep
from web.masking import mask, mask_all
from web.ports import services

PAGE = 50
_T = TypeVar("_T")


def catalogue() -> Catalogue:
    """Of the running app; 404 where it was made without one."""
    found = services().catalogue
    if found is None:
        abort(404)
    return found


def ask(work: Callable[..., _T], *args: Any, **more: Any) -> _T:
    """A question of index.catalogue, with all but the connection."""
    return catalogue().ask(partial(_after_connection, work, args, more))


def _after_connection(work: Callable[..., _T], args: tuple[Any, ...], more: dict[str, Any], connection: Any) -> _T:
    return work(connection, *args, **more)


def asked_text(name: str, most: int = 100) -> str:
    return clean(request.args.get(name, ""))[:most]


def asked_number(name: str, *, least: int, most: int) -> int:
    """0 when it is no number in between."""
    text = request.args.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0
    return number if least <= number <= most else 0


def asked_page() -> int:
    return asked_number("page", least=1, most=MAX_PAGE) or 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """A unit asked for by `unit=`: its keys, and whether nobody knows the name."""

    name: str = ""
    keys: tuple[int, ...] = ()

    @property
    def is_unknown(self) -> bool:
        return bool(self.name) and not self.keys


def asked_unit() -> Chosen:
    name = asked_text("unit")
    return Chosen(name, ask(unit_keys, catalogue().register, name)) if name else Chosen()


@dataclass(frozen=True, slots=True)
class Pages:
    """Numbers of pages with their addresses: the first, the last and those around this one; 0 stands for a gap."""

    page: int
    size: int
    total: int
    numbers: tuple[tuple[int, str], ...]

    @property
    def first(self) -> int:
        return (self.page - 1) * self.size + 1


def pages(total: int, *, page: int, size: int = PAGE) -> Pages:
    last = min(MAX_PAGE, ceil(total / size))
    near = {1, last, *range(page - 2, page + 3)}
    out: list[tuple[int, str]] = []
    for number in sorted(one for one in near if 1 <= one <= last):
        if out and number - out[-1][0] > 1:
            out.append((0, ""))
        out.append((number, same_with(page=number)))
    return Pages(page, size, total, tuple(out) if last > 1 else ())


def same_with(**changes: str | int) -> str:
    """The address of this page with other parameters; '' or 0 takes one out. Unknown ones are not handed on."""
    known = {"q", "unit", "role", "year", "month", "derived", "field", "on", "page"}
    found = {name: value for name, value in request.args.items() if name in known and name not in {"page", *changes}}
    found |= {name: str(value) for name, value in changes.items() if value and not (name == "page" and value == 1)}
    return f"{request.path}?{urlencode(found)}" if found else request.path


def paper_url(paper: PaperRef, path: str = "") -> str:
    """The paper's page, at the value when a path is given."""
    deep: dict[str, Any] = {ALL: "1"} if lies_deep(path) else {}
    return url_for("documents.show", address=paper.id, **deep, _anchor=anchor(path) if path else None)


def plain(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Rows for JSON: mobile numbers masked, with the address of the place they come from."""
    out = []
    for row in rows:
        found: dict[str, Any] = mask_all(row.to_json())
        found["url"] = paper_url(row.paper, getattr(row, "path", ""))
        out.append(found)
    return out


def role_word(role: str) -> str:
    return ROLES.get(role, role)


def when(entry: Entry) -> str:
    """From when to when, of what goes on for more than a day."""
    return chinese_range(entry.start, entry.end) if entry.end > entry.start else ""


def install_filters(jinja: Any) -> None:
    jinja.filters["mask"] = mask
    jinja.filters["role"] = role_word
    jinja.filters["when"] = when
    jinja.globals["paper_url"] = paper_url
    jinja.globals["same_with"] = same_with
