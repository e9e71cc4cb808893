"""Five made-up years with known truth: for each step nothing of the old year is left, stable sentences are left alone,
what only people know is flagged; the shares are reported."""

from __future__ import annotations

import pytest
import regex
from draft_series_kit import (
    DAYS,
    ONCE,
    ORDINALS,
    PEOPLE,
    PHONES,
    PLACES,
    STABLE,
    THEMES,
    TRUTH,
    YEARS,
    paper,
    sentences,
)

from draft.build import Paper, make
from draft.model import Draft
from gongwen.cli.compose import make_pipeline
from gongwen.document import Document
from gongwen.settings import Settings
from ingest.readers.plain import READER
from ingest.source import Source

MAX_ALARMS = 0.03


@pytest.fixture(scope="module")
def papers() -> dict[int, Paper]:
    """Read and extracted in this process: the papers are ours."""
    pipeline = make_pipeline(Settings())
    found = {}
    for year in YEARS:
        document: Document = READER.read(Source.of(f"{year}.txt", paper(year).encode("utf-8"), "text/plain"))
        found[year] = Paper(pipeline.derive(document)[0], document)
    return found


@pytest.fixture(scope="module")
def drafts(papers: dict[int, Paper]) -> dict[int, Draft]:
    """From two prior years each, as the workshop proposes."""
    return {year: make([papers[year - 2], papers[year - 1]], year) for year in (2021, 2022, 2023, TRUTH)}


def pieces(draft: Draft) -> dict[str, object]:
    return {piece.old.strip(): piece for piece in (*draft.pieces(), *draft.dropped)}


@pytest.mark.parametrize("year", [2021, 2022, 2023, TRUTH])
def test_no_leftovers(drafts: dict[int, Draft], year: int) -> None:
    last = year - 1
    text = "\n".join(piece.new for piece in drafts[year].pieces())
    old = (str(last), THEMES[last], DAYS[last], f"第{ORDINALS[last]}个", PEOPLE[last], PHONES[last])
    left = [value for value in old if value in text]
    assert left == []
    assert f"第{ORDINALS[year]}个全国科技活动周" in text
    assert f"关于举办{year}年云州市科技活动周的通知" in text


@pytest.mark.parametrize("year", [2021, 2022, 2023, TRUTH])
def test_stable_sentences_are_kept_and_not_asked_about(drafts: dict[int, Draft], year: int) -> None:
    stable = [one.text for _, found in sentences(year - 1) for one in found if one.kind == "stable"]
    known = pieces(drafts[year])
    alarms = [text for text in stable if known[text].is_flagged]
    assert len(stable) >= len(STABLE) + 10
    assert [text for text in stable if known[text].new.strip() != text] == []
    assert len(alarms) <= MAX_ALARMS * len(stable), alarms


@pytest.mark.parametrize("year", [2021, 2022, 2023, TRUTH])
def test_what_only_people_know_is_flagged_or_left_out(drafts: dict[int, Draft], year: int) -> None:
    known = pieces(drafts[year])
    dropped = {piece.old.strip() for piece in drafts[year].dropped}
    asked = [one.text for _, found in sentences(year - 1) for one in found if one.kind in {"human", "once"}]
    carried = [text for text in asked if text not in dropped and not known[text].is_flagged]
    assert carried == []
    if "疫情" in ONCE[year - 1]:
        assert ONCE[year - 1] in dropped


def test_shares_are_reported(drafts: dict[int, Draft], capsys: pytest.CaptureFixture[str]) -> None:
    """How much of a draft needs a person, and how much of what moves is settled without one."""
    with capsys.disabled():
        for year, draft in drafts.items():
            found = list(draft.pieces())
            changes = [change for piece in found for change in piece.changes]
            flagged = sum(piece.is_flagged for piece in found) / len(found)
            settled = sum(not change.is_flagged for change in changes) / len(changes)
            print(f"\n{year}: {len(found)} sentences, flagged {flagged:.0%}, changes settled {settled:.0%}", end="")
            assert flagged < 0.5
            assert settled > 0.1


def test_the_draft_holds_the_truth_of_the_next_year(drafts: dict[int, Draft]) -> None:
    """Each sentence of the real next paper that is stable or stepped stands in the draft word for word."""
    text = "\n".join(item.text for item in drafts[TRUTH].items)
    sure = [one.text for _, found in sentences(TRUTH) for one in found if one.kind in {"stable", "stepped"}]
    assert [one for one in sure if one not in text] == []
    assert PLACES[TRUTH] not in text  # nothing is made up
    assert regex.search(r"云科协字〔2024〕__号", drafts[TRUTH].number)
