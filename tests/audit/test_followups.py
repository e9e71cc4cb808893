"""What people say of a duty: kept apart, survives every re-run, is never guessed at."""

from __future__ import annotations

from datetime import date

import five_years_kit as kit
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.desk import Desk, NotKnownError, make_desk
from audit.duties import follow, say
from audit.followups import FOLDER, Act, Followups, standing
from extract.pipeline import extract
from gongwen.errors import StoreError
from gongwen.record import Reading
from gongwen.rulebook import load_rulebook
from index.catalogue.catalogue import open_catalogue

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
ACTS = st.builds(
    Act, TEXT, TEXT, st.sampled_from(["", "2024-01-02"]), st.sampled_from(["done", "open", "void"]), TEXT,
    st.just("2024-01-02T03:04:05+08:00"), st.integers(0, 9), TEXT, TEXT, TEXT, TEXT,
)  # fmt: skip


@pytest.fixture
def own(tmp_path):
    """A corpus of its own, and the desk over it."""
    kit.make_corpus(tmp_path)
    catalogue = open_catalogue(kit.settings(tmp_path))
    yield make_desk(kit.settings(tmp_path), catalogue, date(2024, 3, 1))
    catalogue.close()


def of_2020(desk: Desk):
    return next(one for one in follow(desk) if one.entry.start == "2020-12-10")


def act(said: str, **more) -> Act:
    return Act("", "", more.pop("day", ""), said, "核对人", "2024-03-01T09:00:00+08:00", **more)


@given(ACTS)
def test_an_act_reads_as_it_was_written(one):
    assert Act.from_json(one.to_json()) == one


def test_a_confirmation_survives_rebuild_and_another_extraction(own):
    before = of_2020(own)
    assert before.state == "overdue"
    say(own, before.entry.paper.id, before.row, act("done", note="现场查看"))
    fresh = make_desk(kit.settings(own.store.root.parent), own.catalogue, own.today)
    assert of_2020(fresh).state == "done"
    book = load_rulebook(kit.settings(own.store.root.parent))
    for sha in own.store.shas():
        reading = own.store.reading(sha)
        found = extract(own.store.text(sha), book)
        own.store.forget(sha) if not found else None
        own.store.put_reading(Reading(reading.source, sha, reading.media_type, True, [], found, "again"))
    own.catalogue.rebuild()
    (own.store.root / "catalog.db").unlink()
    anew = open_catalogue(kit.settings(own.store.root.parent))
    again = of_2020(make_desk(kit.settings(own.store.root.parent), anew, own.today))
    anew.close()
    assert (again.state, again.act.note) == ("done", "现场查看")
    assert list((own.store.root / FOLDER).glob("*.yml"))


def test_the_last_word_counts_and_can_be_taken_back(own):
    one = of_2020(own)
    first = say(own, one.entry.paper.id, one.row, act("open"))
    second = say(own, one.entry.paper.id, one.row, act("done"))
    assert of_2020(own).state == "done"
    say(own, one.entry.paper.id, one.row, act("done", takes_back=second.mark))
    assert of_2020(own).state == "open"
    assert [held.said for held in standing(own.followups.acts(_sha(own, one)))] == [first.said]
    assert len(own.followups.acts(_sha(own, one))) == 3


def test_a_day_is_said_of_that_day_only(own):
    one = of_2020(own)
    say(own, one.entry.paper.id, one.row, act("done", day="2020-11-10"))
    assert of_2020(own).state == "overdue"


def test_a_row_that_is_gone_is_refused(own):
    one = of_2020(own)
    with pytest.raises(NotKnownError, match="不在记录中"):
        say(own, one.entry.paper.id, 99, act("done"))


def test_a_damaged_file_is_told_and_never_written_on(own):
    one = of_2020(own)
    say(own, one.entry.paper.id, one.row, act("done"))
    path = own.followups.path(_sha(own, one))
    path.write_text("- {document: 甲", encoding="utf-8")
    with pytest.raises(StoreError, match="从备份恢复"):
        say(own, one.entry.paper.id, one.row, act("open"))
    assert path.read_text(encoding="utf-8") == "- {document: 甲"


def test_no_path_leads_out_of_the_folder(own):
    with pytest.raises(ValueError, match="not a sha256"):
        Followups(own.store).path("../../etc/passwd")


def _sha(desk: Desk, one) -> str:
    return desk.store.find(one.entry.paper.id)[0].sha256
