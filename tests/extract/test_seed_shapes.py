"""The five seeds hold as many values of each kind as domain.md §12 G counts. Only where ../shared/cases lies."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from extract.pipeline import extract
from gongwen.record import Record
from gongwen.rulebook import load_rulebook
from gongwen.values.units import split_units
from ingest.readers.plain import READER
from ingest.source import Source

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "cases" / "seeds"

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="needs ../shared/cases")

GOLD: dict[tuple[str, int], dict[str, Any]] = {
    ("000", 0): {
        "serial": (2021, 14), "issue_date": None, "print_date": "2021-03-01", "addressees": 3, "hosts": 1,
        "organizers": 2, "roles": {"组长": 1, "副组长": 2, "组员": 11}, "period": ("2021-01-01", "2021-12-31"),
        "items": 4, "table rows": 7, "shared items": 4, "annexes": 2, "persons": 1, "phones": 2, "mails": 1,
        "recurring": 1, "theme": True,
    },
    ("001", 0): {
        "serial": (2024, 45), "issue_date": "2024-09-10", "issuers": 18, "signed": 16, "addressed": 19,
        "theme": True, "activities": 24, "persons": 2, "phones": 1, "mails": 1, "cited numbers": 1,
        "period": ("2024-09-01", "2024-12-31"),
    },
    ("002", 0): {
        "serial": (2020, 8), "issue_date": "2020-11-25", "addressees": 2, "due": {"2020-12-04": 1}, "annexes": 2,
        "persons": 1, "phones": 2,
    },
    ("002", 1): {
        "serial": (2020, 2), "issue_date": "2020-05-06", "addressees": 2, "table rows": 26, "groups": 8,
        "whole years": 24, "annexes": 2,
    },
    ("002", 2): {
        "serial": (2020, 75), "issue_date": "2020-08-06", "issuers": 1, "disclosure": "主动公开",
        "roles": {"组长": 1, "副组长": 2, "成员": 27, "办公室主任": 1},
    },
    ("003", 0): {
        "serial": (2020, 10), "issue_date": "2020-04-20", "issuers": 6, "addressed": 12, "theme": True,
        "period": ("2020-04-21", "2020-09-30"), "activities": 8, "joint actions": 7,
    },
    ("004", 0): {
        "serial": (2021, 117), "issue_date": "2021-09-13", "publish_date": "2021-09-16", "addressees": 2,
        "theme": True, "period": ("2021-09-11", "2021-12-10"), "items": 13, "led": 13, "annexes": 2,
        "due": {"2021-09-24": 2, "2021-10-22": 3, "2021-12-10": 1},
    },
}  # fmt: skip


@cache
def read_seed(number: str) -> list[Record]:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return extract(READER.read(Source.of(path.name, path.read_bytes(), "text/plain")), load_rulebook())


def counts(record: Record) -> dict[str, Any]:
    parts, period, tasks = record["number_parts"], record["activity_time"], record["tasks"]
    rules = [record.evidence[f"tasks/{at}/title"][0].rule for at in range(len(tasks))]
    lists = ("addressees", "hosts", "organizers", "issuers", "annexes", "activities")
    return {name: len(record[name]) for name in lists} | {
        "serial": (parts["year"], parts["serial"]),
        **{name: record[name] for name in ("issue_date", "print_date", "publish_date", "disclosure")},
        "theme": bool(record["theme"]),
        "period": (period["start"], period["end"]) if period else None,
        "addressed": sum(len(split_units(group)) for group in record["addressees"]),
        "signed": len({path for path, found in record.evidence.items() if path.startswith("issuers/")
                       if any(one.rule == "issuers/signature" for one in found)}),
        "roles": dict(Counter(row["role"] for row in record["leading_group"])),
        "persons": sum(bool(row["name"]) for row in record["contacts"]),
        "phones": len({phone for row in record["contacts"] for phone in row["phones"]}),
        "mails": len({row["email"] for row in record["contacts"] if row["email"]}),
        "items": rules.count("tasks/item"),
        "table rows": rules.count("tasks/table"),
        "shared items": sum(bool(row["lead"] and row["responsible"]) for row, rule in zip(tasks, rules, strict=True)
                            if rule == "tasks/item"),
        "led": sum(bool(row["lead"]) for row in tasks),
        "groups": len({row["group"] for row in tasks}),
        "whole years": sum((row["time"] or {}).get("text") == "1-12月" for row in tasks),
        "due": dict(Counter(row["date"] for row in record["deadlines"] if row["date"])),
        "recurring": sum(bool(row["recurrence"]) for row in record["deadlines"]),
        "cited numbers": sum(bool(row["document_number"]) for row in record["citations"]),
        "joint actions": sum(section["title"].endswith("联合行动") for section in _sections(record["sections"])
                             if not section["sections"]),
    }  # fmt: skip


def _sections(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for section in found for one in (section, *_sections(section["sections"]))]


@pytest.mark.parametrize(("seed", "part"), GOLD, ids=lambda one: str(one))
def test_a_seed_has_its_gold_counts(seed, part):
    found = counts(read_seed(seed)[part])
    wanted = GOLD[seed, part]
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(("seed", "documents"), [("000", 1), ("001", 1), ("002", 3), ("003", 1), ("004", 1)])
def test_a_seed_has_its_documents(seed, documents):
    assert len(read_seed(seed)) == documents
