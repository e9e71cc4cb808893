"""Quantitative targets: what is to be reached, with bound and unit (全年培训不少于1.2万人次); results told in the past
and limits on forms (字数不超过3000字) are none."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import regex

from extract.builder import Builder, Value
from extract.regions import Running
from extract.sections import Section
from gongwen.record import ROWS
from gongwen.values.quantities import find_quantities

_RULE = "targets/text"
_AIMS = frozenset({"≥", ">", "range"})


def read_targets(builder: Builder, running: Running) -> None:
    """In order of print, each text once in its sentence. Annex forms and conditions of entry hold none."""
    verbs = regex.compile("|".join(builder.rulebook.vocab["targets"]["aims"]))
    limits = regex.compile("|".join(builder.rulebook.vocab["targets"]["conditions"]))
    for region, at, line in running.text_lines():
        if limits.search("".join(_titles(running.section_at(region, at)))):
            continue
        for quantity in find_quantities(line.folded):
            clause = _clause(line.folded, quantity.span.start, quantity.span.end)
            if quantity.op not in _AIMS or quantity.past or not verbs.search(clause) or limits.search(clause):
                continue
            span = line.at(quantity.span.start, quantity.span.end)
            value = quantity.number if quantity.high is None else [quantity.number, _plain(quantity.high)]
            row = {
                "value": Value(value, span, _RULE, 0.7),
                "op": Value(quantity.op, span, _RULE, 0.7),
                "unit": Value(quantity.unit or None, span, _RULE, 0.7) if quantity.unit else None,
                "text": Value(quantity.text, span, _RULE, 0.7),
            }
            builder.add_row("targets", row, ROWS["targets"])


def _titles(section: Section | None) -> Iterator[str]:
    """Headings above a line, innermost first."""
    while section is not None:
        yield section.heading.title
        section = section.parent


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _clause(text: str, start: int, end: int) -> str:
    """The clause around a quantity, by commas and stops."""
    first = max(text.rfind(mark, 0, start) for mark in "，。；、") + 1
    last = min((at for mark in "，。；" if (at := text.find(mark, end)) >= 0), default=len(text))
    return text[max(0, first - 12) : last]
