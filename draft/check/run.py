"""All checks on one paper, in order of place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import regex

from draft.check import citing, copied, forms, relief, sayings, structure, times, words
from draft.check.library import Library
from draft.check.model import Checked, Finding, Prior, first_of
from draft.facts import load_facts
from gongwen.document import Document
from gongwen.record import Record

CHECKS: tuple[Callable[[Checked], Iterator[Finding]], ...] = (
    times.leftover_years, times.old_signature, times.weekdays, times.impossible_days, times.days_off, times.ordinals,
    words.kinds, words.replaced, words.gaps, words.totals, forms.counted, forms.names, forms.people,
    forms.days, forms.annex_numbers, citing.citations, relief.length, relief.reports, relief.orders,
    sayings.meetings, sayings.plans, sayings.anniversaries,
    copied.copied, structure.tasks, structure.annexes, structure.numbering, structure.contradictions,
)  # fmt: skip


def check(
    document: Document, record: Record, *, today: date, library: Library | None = None, prior: Prior | None = None
) -> list[Finding]:
    """Errors and questions of one official document, in order of place; those without a place last."""
    signed = str(record["issue_date"] or "")
    dated = regex.fullmatch(r"\d{4}-\d{2}-\d{2}", signed) is not None
    signing = date.fromisoformat(signed) if dated else today
    year = _year(record, signing)
    if not dated and year < today.year:  # an old paper whose day is not known
        signing = date(year, 12, 31)
    paper = Checked(document, record, load_facts(), signing, year, _titled(record), library, prior)
    found = first_of(one for find in CHECKS for one in find(paper))
    return sorted(found, key=lambda one: (one.span is None, one.span or ()))


def _titled(record: Record) -> frozenset[int]:
    return frozenset(int(one) for one in regex.findall(r"(?<!\d)(20\d{2})(?=年)", str(record["title"] or "")))


def _year(record: Record, signing: date) -> int:
    """The year a paper is for: of its number, else the latest of title and signature."""
    number = (record["number_parts"] or {}).get("year")
    titled = _titled(record)
    years = [*titled, *([int(number)] if number else []), *([] if number or titled else [signing.year])]
    return max(years)
