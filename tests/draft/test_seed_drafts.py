"""Drafts from the real papers of the project's cases, where they are at hand: 2024 → 2025 and 2021 → 2022. Values are
taken from what was read, none stands here."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import regex
from docx import Document as WordDocument

from draft.build import Paper, make
from draft.gb9704.layout import check_layout
from draft.gb9704.writer import write_docx
from draft.model import Draft
from gongwen.cli.compose import make_pipeline
from gongwen.settings import Settings
from ingest.readers.plain import READER
from ingest.source import Source

SEEDS = Path("/work/shared/cases/seeds")
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the cases are not on this machine")


@cache
def seed(name: str) -> Paper:
    path = next(SEEDS.glob(f"{name}_*.txt"))
    document = READER.read(Source.of(path.name, path.read_bytes(), "text/plain"))
    return Paper(make_pipeline(Settings()).derive(document)[0], document)


@pytest.fixture(scope="module")
def next_plan() -> Draft:
    return make([seed("001")], 2025)


@pytest.fixture(scope="module")
def next_series() -> Draft:
    return make([seed("000")], 2022)


def text_of(draft: Draft) -> str:
    return "\n".join(piece.new for piece in draft.pieces())


def flagged(draft: Draft) -> str:
    """All old words that a flag stands over."""
    return "\n".join(change.old for change in draft.flags())


def test_no_year_is_left_outside_a_citation(next_plan: Draft, next_series: Draft) -> None:
    for draft, last in ((next_plan, "2024"), (next_series, "2021")):
        outside = regex.sub(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》|\d{4}\s?[—－-]\s?\d{4}", "", text_of(draft))
        assert last not in outside
    cited = [change for change in next_plan.flags() if "2024" in change.printed]
    assert all(change.kind == "citation" for change in cited)


def test_what_only_people_know_is_flagged(next_plan: Draft) -> None:
    record, asked = seed("001").record, flagged(next_plan)
    tight = "".join(asked.split())
    for value in (record["theme"], record["activity_time"]["text"], *(one["name"] for one in record["contacts"]),
                  *(phone for one in record["contacts"] for phone in one["phones"])):  # fmt: skip
        assert "".join(value.split()) in tight, value
        assert value not in text_of(next_plan)
    assert len(record["contacts"]) == 2
    units = [one for one in record["issuers"] if "".join(one.split()) not in tight]
    assert units == []
    assert "〔2024〕28号" in tight
    assert "75周年" in tight


def test_the_new_name_of_the_activity_is_noted(next_plan: Draft) -> None:
    noted = [change for change in next_plan.flags() if change.kind == "activity"]
    assert noted
    assert all("科学技术普及法" in change.source for change in noted)


def test_the_activities_are_carried_as_a_structure(next_plan: Draft) -> None:
    activities = seed("001").record["activities"]
    assert len(activities) == 24
    text = "".join(text_of(next_plan).split())
    titles = ("".join(one["title"].split()) for one in activities)
    new = [one.replace("2024", "2025").replace("全国科普日", "全国科普月") for one in titles]
    ordinal = regex.compile(r"第[一二三四五六七八九十]+届")
    known = ordinal.sub("", text)
    assert [one for one in new if ordinal.sub("", one) not in known] == []


def test_the_table_comes_along(next_series: Draft) -> None:
    tables = [item for item in next_series.items if item.kind == "table"]
    blocks = [block for block in seed("000").document.flow() if block.kind == "table"]
    assert [sum(len(row) for row in item.rows) for item in tables] == [len(one.cells) for one in blocks]
    assert tables


def test_every_leader_is_left_open(next_series: Draft) -> None:
    text = text_of(next_series)
    named = [one["name"] for one in seed("000").record["leading_group"] if one["name"]]
    assert named
    assert [one for one in named if one in text] == []


def test_the_word_files_pass_the_layout_check(next_plan: Draft, next_series: Draft, tmp_path: Path) -> None:
    for at, draft in enumerate((next_plan, next_series)):
        path = tmp_path / f"{at}.docx"
        write_docx(draft, path)
        assert [one for one in check_layout(path) if one.verdict == "warn"] == []
        assert len(list(WordDocument(str(path)).comments)) >= len(draft.flags()) * 0.9
