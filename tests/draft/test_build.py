"""A whole paper carried to the next year: every sentence with its source, nothing of last year left by accident."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import regex

from draft.build import DraftError, Paper, make
from draft.compare import Stable, family, shared

Read = Callable[[str], Paper]


@pytest.fixture
def drafted(paper: Read):
    return make([paper("2021-云科协字41号"), paper("2022-云科协字36号")], 2023)


def test_no_year_is_left_outside_a_citation(drafted) -> None:
    for piece in drafted.pieces():
        outside = regex.sub(r"《[^》]*》", "", piece.new)
        assert not regex.search(r"2022|2021(?!\s*[—-]\s*2035)", outside), piece.new


def test_every_sentence_has_its_place(drafted, paper: Read) -> None:
    source = paper("2022-云科协字36号")
    for piece in drafted.pieces():
        assert source.document.text[piece.source.start : piece.source.end].strip() == piece.old.strip()
        assert piece.source.name == source.name
        assert piece.source.page is not None


def test_what_only_people_know_is_left_open(drafted, paper: Read) -> None:
    record = paper("2022-云科协字36号").record
    text = "\n".join(piece.new for piece in drafted.pieces())
    open_values = [record["theme"], record["activity_time"]["text"]]
    open_values += [one["name"] for one in record["contacts"]]
    open_values += [phone for one in record["contacts"] for phone in one["phones"]]
    assert [one for one in open_values if one in text] == []
    assert drafted.number == "云科协字〔2023〕__号"
    assert [item.text for item in drafted.items if item.kind == "date"] == ["2023年__月__日"]


def test_units_are_asked_about(drafted, paper: Read) -> None:
    asked = {one.old for one in drafted.flags() if one.kind == "unit"}
    assert set(paper("2022-云科协字36号").record["hosts"]) <= asked


def test_what_belonged_to_one_time_is_dropped_and_told(drafted) -> None:
    assert [one for one in drafted.pieces() if "疫情" in one.new] == []
    assert any("疫情" in one.old for one in drafted.dropped)


def test_the_structure_comes_along(drafted, paper: Read) -> None:
    text = "\n".join(item.text for item in drafted.items)
    for one in paper("2022-云科协字36号").record["activities"]:
        assert one["title"].replace("2022", "2023") in text
    for section in paper("2022-云科协字36号").record["sections"]:
        assert section["title"] in text


def test_tables_come_along_cell_by_cell(paper: Read) -> None:
    source = paper("2021-云全科组办发3号")
    tables = [block for block in source.document.flow() if block.kind == "table"]
    drafted = make([source], 2022)
    made = [item for item in drafted.items if item.kind == "table"]
    assert tables
    assert [len(one.cells) for one in tables] == [sum(len(row) for row in item.rows) for item in made]


def test_the_superior_notice_gives_the_theme(paper: Read) -> None:
    drafted = make([paper("2022-云科协字36号")], 2023, paper("2023-云科协字44号"))
    theme = paper("2023-云科协字44号").record["theme"]
    given = [one for one in drafted.flags() if one.act == "superior" and one.kind == "theme"]
    assert [one.new for one in given] == [theme] * len(given)
    assert given
    assert all("云科协字〔2023〕44号" in one.source for one in given)


def test_a_sentence_of_one_year_only_is_suspect(drafted) -> None:
    assert any("前一年没有这句" in piece.note for piece in drafted.pieces())


def test_stable_sentences_are_left_alone(drafted, paper: Read) -> None:
    """False alarms: sentences that stand word for word in both years and hold no value."""
    older = paper("2021-云科协字41号").text
    plain = [piece for piece in drafted.pieces() if not regex.search(r"\d|《", piece.old)]
    values = [piece for piece in plain if piece.old.strip() in older]
    held = {"unit", "place", "person", "contact"}
    alarms = [one for one in values if one.is_flagged and not any(change.kind in held for change in one.changes)]
    assert len(values) >= 20
    assert len(alarms) <= 0.03 * len(values), [piece.old for piece in alarms]


def test_the_family_is_measured() -> None:
    order = "为做好防灾减灾演练工作，定于当日上午十时试鸣防空警报，请市民保持正常秩序。"
    assert shared(order, order.replace("十时", "九时")) > 0.8
    assert family(0.76, "通知") == "routine"
    assert family(0.24, "通知") == "campaign"
    assert family(0.65, "决定") == "decision"
    assert family(None, "通知") == "unknown"
    assert "各县（区）要加强组织领导。" in Stable(["各县（区）要切实加强组织领导。"])
    assert "各县（区）要加强组织领导。" not in Stable(["请按时报送年度总结材料。"])


def test_wrong_years_are_told(paper: Read) -> None:
    with pytest.raises(DraftError, match="更早年份"):
        make([paper("2022-云科协字36号")], 2022)


def test_a_heading_without_its_sentences_goes_and_the_next_moves_up(drafted) -> None:
    """（二）落实防控要求。 has nothing left to say; what was （三） is （二） now."""
    gone = next(one for one in drafted.dropped if "落实防控要求" in one.old)
    assert "标题" in gone.changes[0].why or "当时" in gone.changes[0].why
    texts = [item.text for item in drafted.items if item.text.startswith("（")]
    at = next(at for at, text in enumerate(texts) if "注重宣传引导" in text)
    assert texts[at].startswith("（二）")
    assert texts[at + 1].startswith("（三）确保安全有序")
    moved = next(item for item in drafted.items if "注重宣传引导" in item.text).pieces[0]
    assert [(one.old, one.new) for one in moved.changes if one.kind == "numbering"] == [("三", "二")]
    assert moved.old.startswith("（三）")
