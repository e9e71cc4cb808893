"""Rules of access and of retention: what they restrict, whom they let in, what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gongwen.access import load_access
from gongwen.errors import SettingsError
from gongwen.record import Record, empty_values
from gongwen.retention import due_rule, load_retention


def record(**values: Any) -> Record:
    return Record(empty_values() | values)


def access(tmp_path: Path, text: str) -> Any:
    path = tmp_path / "access.yml"
    path.write_text(text, encoding="utf-8")
    return load_access(path)


RULES = """
- name: 内部
  disclosure: [不予公开, 未注明]
  roles: [auditor, admin]
- name: 财务
  issuers: [云州市财政局]
  title: [预算, 决算]
  roles: admin
  units: [财务科]
"""


BUDGET = {"disclosure": "主动公开", "issuers": ["云州市财政局"], "title": "关于2024年预算的通知"}


@pytest.mark.parametrize(
    ("values", "role", "units", "sees"),
    [
        ({"disclosure": "主动公开"}, "viewer", (), True),
        ({"disclosure": "不予公开"}, "viewer", (), False),
        ({"disclosure": None}, "viewer", (), False),
        ({"disclosure": "不予公开"}, "auditor", (), True),
        (BUDGET, "viewer", (), False),
        (BUDGET, "viewer", ("财务科",), True),
        (BUDGET | {"title": "关于放假的通知"}, "viewer", (), True),
        ({"disclosure": "不予公开", "issuers": ["云州市财政局"], "title": "预算"}, "viewer", ("财务科",), False),
        ({"disclosure": "不予公开", "issuers": ["云州市财政局"], "title": "预算"}, "auditor", (), False),
        ({"disclosure": "不予公开", "issuers": ["云州市财政局"], "title": "预算"}, "admin", (), True),
    ],
)  # fmt: skip
def test_who_sees_what(tmp_path: Path, values: Any, role: str, units: tuple[str, ...], sees: bool) -> None:
    held = access(tmp_path, RULES)
    assert held.may_see(record(**values), held.passed(role, units)) == sees


def test_who_is_limited(tmp_path: Path) -> None:
    held = access(tmp_path, RULES)
    assert held.is_limited("viewer", ("财务科",)) and held.is_limited("auditor", ())
    assert not held.is_limited("admin", ()) and not held.is_limited("auditor", ("财务科",))
    assert not load_access(None).is_limited("viewer", ())


@pytest.mark.parametrize(
    "text",
    ["name: x", "- disclosure: [内部]", "- name: x", "- name: x\n  disclosure: []", "- name: x\n  disclosur: [内部]",
     "- name: x\n  disclosure: [内部]\n- name: x\n  types: [函]", "- name: x\n  disclosure: {a: b}", "[", "- [x]"],
)  # fmt: skip
def test_a_rule_that_cannot_be_read_opens_nothing(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError):
        access(tmp_path, text)
    with pytest.raises(SettingsError):
        load_access(tmp_path / "missing.yml")


@pytest.mark.parametrize(
    ("values", "due"),
    [
        ({"issue_date": "2016-05-18", "doc_type": "通知"}, "一般"),
        ({"issue_date": "2016-05-19", "doc_type": "通知"}, ""),
        ({"issue_date": "2023-05-18", "doc_type": "函"}, "函"), ({"issue_date": "2023-05-19", "doc_type": "函"}, ""),
        ({"doc_type": "通知"}, ""), ({"issue_date": "2024-02-29", "doc_type": "函"}, ""),
        ({"print_date": "2001-01-01"}, "一般"),
    ],
)  # fmt: skip
def test_what_is_due(tmp_path: Path, values: Any, due: str) -> None:
    path = tmp_path / "retention.yml"
    path.write_text("- name: 函\n  years: 3\n  types: [函]\n- name: 一般\n  years: 10\n", encoding="utf-8")
    found = due_rule(load_retention(path), record(**values), date(2026, 5, 18))
    assert (found.name if found else "") == due


def test_wrong_rules_of_retention_are_told(tmp_path: Path) -> None:
    path = tmp_path / "retention.yml"
    for text in ("- name: x", "- years: 3", "- name: x\n  years: ten", "- name: x\n  years: 3\n  kinds: [函]", "x"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(SettingsError):
            load_retention(path)
