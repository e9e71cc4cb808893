"""Every unit a record names, as printed, with the name it stands for: completed from its list (科协 after 市教育局
is 市科协) and, where rules/units know it, the canonical name (domain.md §5)."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from extract.builder import Builder
from gongwen.values.units import complete_names

_FIELDS = ("issuers", "addressees", "copied_to", "hosts", "organizers", "co_organizers")
_RUNG = r"自治区|省|市|县|区|自治州|州(?![市县区])|盟"
_LEVEL = regex.compile(
    rf"^(?:\p{{Han}}{{2,8}}?(?:{_RUNG})(?=\p{{Han}}{{2,7}}[市县区]))?\p{{Han}}{{1,8}}?(?P<level>{_RUNG})(?=\p{{Han}})"
)


def read_units(builder: Builder) -> None:
    """{printed name: name it stands for}; equal to the printed name where nothing more is known."""
    known = {
        str(alias): str(unit["name"])
        for unit in builder.rulebook.units
        for alias in [unit["name"], *unit.get("aliases", [])]
    }
    issuer = next(iter(builder.record["issuers"]), "")
    level = _LEVEL.match(issuer)
    units: dict[str, str] = {}
    for names in _lists(builder):
        for printed, full in zip(names, complete_names(names, level["level"] if level else "", issuer), strict=True):
            units.setdefault(printed, known.get(full) or known.get(printed) or full)
    builder.record.values["units"] = units


def _lists(builder: Builder) -> Iterator[list[str]]:
    record = builder.record
    for name in _FIELDS:
        yield record[name]
    for row in record["activities"]:
        for key in ("hosts", "organizers", "co_organizers"):
            yield row[key] or []
    for row in record["tasks"]:
        for key in ("lead", "responsible", "cooperate"):
            yield row[key] or []
