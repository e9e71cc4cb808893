"""Every unit a record names, with its canonical id where rules/units know it (domain.md §5)."""

from __future__ import annotations

from collections.abc import Iterator

from extract.builder import Builder

_FIELDS = ("issuers", "addressees", "copied_to", "hosts", "organizers", "co_organizers")


def read_units(builder: Builder) -> None:
    """{printed name: canonical name or null}; null is a name an office may add to its rules."""
    known = {
        alias: str(unit["name"])
        for unit in builder.rulebook.units
        for alias in [unit["name"], *unit.get("aliases", [])]
    }
    builder.record.values["units"] = {name: known.get(name) for name in dict.fromkeys(_names(builder))}


def _names(builder: Builder) -> Iterator[str]:
    record = builder.record
    for name in _FIELDS:
        yield from record[name]
    for row in record["activities"]:
        for key in ("hosts", "organizers", "co_organizers"):
            yield from row[key]
    for row in record["tasks"]:
        for key in ("lead", "responsible", "cooperate"):
            yield from row[key] or []
