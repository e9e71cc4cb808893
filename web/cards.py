"""A card: one value to be judged, with its place in the text, other readings, doubts and what was said of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for

from gongwen.document import Document
from gongwen.judging import VERBS
from gongwen.labels import Labels
from gongwen.record import ROWS, Evidence, Record
from gongwen.resolving import Resolution, place_of_issue
from gongwen.row_names import text_of
from gongwen.rulebook import Rulebook
from gongwen.targets import Target, targets
from gongwen.text import Span
from gongwen.typed import choices, is_list
from index.doubts import Reason
from web.facts import DATES, STATES, chinese_date, chinese_dates, print_rich, value_anchor
from web.marked import block_anchor
from web.masking import mask
from web.told_acts import Told, printed, tell_act, told_time, words_of

AROUND = 70
"""Characters of the text shown before and behind a quote."""
QUOTES = 3
_UNTYPED = frozenset({("tasks", "targets")})
"""Columns that hold more than words, and are filled by no rule yet."""
READINGS = 6
KINDS = {
    "stale": "复核已过时", "issue": "前后矛盾", "disputed": "两种读法", "ocr": "识别存疑", "low": "把握不大",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quote:
    """Where a value was read, with the text around it; `link` leads there on the paper's page."""

    before: str
    quote: str
    after: str
    page: str
    link: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row, with the way to judge it by itself."""

    label: str
    values: tuple[tuple[str, str, str], ...]
    """Text, key and state."""
    add: str
    """Key of the place where one more may be added, '' when there is none."""


@dataclass(frozen=True, slots=True)
class Card:
    address: str
    key: str
    seen: str
    kind: str
    field: str
    label: str
    row: str
    value: str
    state: str
    verbs: frozenset[str]
    quotes: tuple[Quote, ...]
    readings: tuple[str, ...]
    reasons: tuple[Reason, ...]
    acts: tuple[Told, ...]
    choices: tuple[tuple[str, str], ...]
    typed: str
    several: bool
    cells: tuple[Cell, ...]
    anchor: str
    covered: bool
    hides: bool
    columns: tuple[tuple[str, str, bool], ...] = ()
    """Of a table to be added to: key, name and whether it holds several."""

    @property
    def is_empty(self) -> bool:
        return not self.value


class Dealer:
    """Makes the cards of one document."""

    def __init__(
        self, found: Resolution, document: Document, labels: Labels, rules: Rulebook, *, covered: bool
    ) -> None:
        self._found = found
        self._document = document
        self._labels = labels
        self._rules = rules
        self._covered = covered

    def card(self, target: Target, reasons: tuple[Reason, ...] = ()) -> Card:
        value = self.printed(target)
        told = tuple(Reason(one.kind, one.code, self._cover(self._told(target, one))) for one in reasons)
        typed = "" if self._covered and mask(value) != value else self._typed(target)
        return Card(
            self._found.record.id, target.key, target.seen, target.kind, target.field, self.label(target),
            self._cover(target.row), self._cover(value), _state(target), verbs_of(target), tuple(self._quotes(target)),
            tuple(self._cover(one) for one in self.readings(target)), told,
            tuple(tell_act(one, self._labels, stands=True, covered=self._covered) for one in target.acts[::-1]
                  if target.kind != "stale"),
            tuple(choices(self._rules, target.field, target.column)), typed,
            target.kind in {"list", "cell_list"}, tuple(self._cells(target)), _anchor(target), self._covered,
            self._hides(target, value), tuple(self._columns(target)),
        )  # fmt: skip

    def _told(self, target: Target, reason: Reason) -> str:
        if reason.kind != "stale":
            return chinese_dates(reason.message)
        act = target.acts[-1]
        lost = "" if target.path else "，现在已找不到这一项"
        return f"{act.by} {told_time(act.at)} {words_of(act, self._labels)}，其后抽取结果变了{lost}"

    def label(self, target: Target) -> str:
        if target.kind == "issue":
            return self._labels.field(target.field) if target.field else "全文"
        name = self._labels.field(target.field)
        if target.kind == "table":
            return f"{name} · 补充一项"
        return f"{name} · {self._labels.column(target.field, target.column)}" if target.column else name

    def printed(self, target: Target) -> str:
        """The value as pages show it."""
        if target.kind == "row" or (target.kind == "removed" and isinstance(target.value, dict)):
            return target.row or text_of(target.value)
        return print_value(target, self._labels)

    def _typed(self, target: Target) -> str:
        """What the form begins with: the value as one would type it."""
        if target.value is None or target.kind not in {"single", "item", "cell", "cell_item", "stale"}:
            return ""
        if isinstance(target.value, dict):
            return str(target.value.get("text") or "")
        if isinstance(target.value, list):
            return "-".join(text_of(one) for one in target.value)
        return print_value(target, self._labels)

    def _hides(self, target: Target, value: str) -> bool:
        """Whether something of it is masked, or would be."""
        words = [value, *(one.quote for one in self._places(target))]
        return any(mask(one) != one for one in words)

    def _places(self, target: Target) -> list[Evidence]:
        """The value's own places, else those of the row, list or doubt it stands for."""
        held = self._found.record.evidence
        path = target.path
        while path:
            if path in held:
                return held[path]
            path = path.rpartition("/")[0]
        if target.kind == "row":
            own = [one for path, found in held.items() if path.startswith(f"{target.path}/") for one in found]
            return own[:1]
        if target.source in self._found.machine.evidence:
            return self._found.machine.evidence[target.source]
        return []

    def _quotes(self, target: Target) -> Iterator[Quote]:
        spans = [(one.span, one.page, one.cell) for one in self._places(target)]
        if target.kind == "issue":
            spans = [(one.span, None, None) for one in self._found.machine.issues
                     if one.span is not None and one.message == target.value]  # fmt: skip
        for span, page, cell in list(dict.fromkeys(spans))[:QUOTES]:
            if span.end <= len(self._document.text):
                yield self._quote(span, page or self._document.page_of(span), cell or "")

    def _quote(self, span: Span, page: int | None, cell: str) -> Quote:
        text = self._document.text
        start, end = max(0, span.start - AROUND), min(len(text), span.end + AROUND)
        wide = max(0, start - AROUND)  # a number that the window cuts is starred too
        shown = mask(text[wide : end + AROUND])[start - wide : end - wide] if self._covered else text[start:end]
        before = shown[: span.start - start]
        quote = shown[span.start - start : span.end - start]
        after = shown[span.end - start :]
        anchor = block_anchor(self._document, span.start)
        link = url_for("documents.show", address=self._found.record.id) + (f"#{anchor}" if anchor else "")
        where = cell or (f"第{page}页" if page else "")
        return Quote(("…" if start else "") + _line(before), _line(quote).strip(), _line(after), where, link)

    def readings(self, target: Target) -> list[str]:
        """Losing candidates of the field, and what an act out of date said."""
        return list(self._readings(target))

    def _readings(self, target: Target) -> Iterator[str]:
        seen = {self.printed(target)}
        told: list[Any] = []
        if target.kind == "stale" and not isinstance(target.acts[-1].say, dict | list | None):
            told.append(target.acts[-1].say)
        if not target.column and target.kind in {"single", "item", "list", "stale"}:
            told += [one.get("value") for one in self._found.machine.candidates.get(target.field, ())]
            if target.machine is not None and target.state == "corrected":
                told.append(target.machine)
        for value in told[:READINGS]:
            text = printed(value, target.column or target.field, self._labels)
            if text and text not in seen:
                seen.add(text)
                yield text

    def _cells(self, target: Target) -> Iterator[Cell]:
        if target.kind != "row":
            return
        held: dict[str, list[Target]] = {}
        for one in targets(self._found):
            is_here = one.home == target.path and one.kind in {"cell", "cell_item", "cell_list"}
            if is_here and (one.field, one.column) not in _UNTYPED:
                held.setdefault(one.column, []).append(one)
        for column, found in held.items():
            shown = tuple((self._cover(print_value(one, self._labels)), one.key, _state(one))
                          for one in found if one.kind != "cell_list" and one.value is not None)  # fmt: skip
            add = next((one.key for one in found if one.kind == "cell_list" or one.value is None), "")
            yield Cell(self._labels.column(target.field, column), shown, add)

    def _columns(self, target: Target) -> Iterator[tuple[str, str, bool]]:
        if target.kind != "table":
            return
        for column in ROWS[target.field]:
            if (target.field, column) not in _UNTYPED:
                yield column, self._labels.column(target.field, column), is_list(target.field, column)

    def _cover(self, text: str) -> str:
        return mask(text) if self._covered else text


def verbs_of(target: Target) -> frozenset[str]:
    """What may be done with it as it is."""
    verbs: set[str] = set(VERBS[target.kind])
    if target.acts and target.kind != "stale":
        verbs.add("undo")
    if target.kind == "single" and target.value is None:
        verbs.discard("deny")
    if target.kind == "cell" and target.value is None:
        verbs.discard("deny")
    if target.kind in {"list", "cell_list"} and (target.machine or target.value):
        verbs.discard("confirm")
    if target.kind == "stale":
        said = target.acts[-1].say
        if not target.path or (said in (None, []) and not target.is_single):
            verbs -= {"insist", "correct"}
        if isinstance(said, dict) and "text" not in said:
            verbs.discard("correct")
    return frozenset(verbs)


def print_value(target: Target, labels: Labels) -> str:
    column = target.column or target.field
    if target.value is None:
        return ""
    if isinstance(target.value, dict):
        return print_rich(target.value)
    if isinstance(target.value, list):
        return "—".join(text_of(one) for one in target.value)
    return chinese_date(str(target.value)) if column in DATES else labels.word(column, target.value)


def reasons_of(found: Resolution, target: Target) -> tuple[Reason, ...]:
    """The doubts that are open about a value, for a page that does not come from the queue."""
    if target.kind == "stale":
        return (Reason("stale", "stale", ""),)
    return tuple(
        Reason("issue", one.code, one.message) for one in found.record.issues
        if target.source and place_of_issue(found.machine, one) == target.source and target.kind != "row"
    )  # fmt: skip


def _state(target: Target) -> str:
    if target.state == "corrected" and target.machine is None and target.value is not None:
        return "补充"
    return STATES.get(target.state, "")


def _anchor(target: Target) -> str:
    return value_anchor(target.path or target.field) if target.kind != "issue" else "notes-title"


def _line(text: str) -> str:
    """White space of the file, line ends too, as single spaces."""
    inner = " ".join(text.split())
    return f"{' ' if text[:1].isspace() else ''}{inner}{' ' if inner and text[-1:].isspace() else ''}"


def shown_title(record: Record) -> str:
    return str(record["title"] or record["document_number"] or "（未见标题）")
