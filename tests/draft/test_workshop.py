"""A draft under work: acts kept one by one, conflicts told, nothing lost when a writer is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from draft.build import Paper, make
from draft.model import Draft, Source
from draft.workshop.acts import Wanted
from draft.workshop.drafts import Drafts
from draft.workshop.sentence import NOTE
from draft.workshop.wire import draft_of
from draft.workshop.work import Conflict, Line, Work
from gongwen.errors import StoreError
from gongwen.settings import ROOT

ANNE, BEN = "林若溪", "周明远"


@pytest.fixture(scope="module")
def base(paper: Callable[[str], Paper]) -> Draft:
    return make([paper("2021-云科协字41号"), paper("2022-云科协字36号")], 2023)


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    return Drafts(tmp_path)


@pytest.fixture
def made(drafts: Drafts, base: Draft) -> str:
    return drafts.make(base, ["a" * 16 + "-1"], "", ANNE)


def work(drafts: Drafts, made: str) -> Work:
    found = drafts.get(made)
    assert found is not None
    return found.work


def flag(found: Work, act: str) -> tuple[Line, str]:
    """The first open flag on a change of this kind."""
    for line in found.live:
        for target in line.open:
            _, sentence, key = found.find(target) or (None, None, "")
            if key != NOTE and sentence is not None and sentence.change(key).act == act:
                return line, target
    raise AssertionError(act)


def settle(drafts: Drafts, made: str, verb: str, act: str = "asked", text: str = "", by: str = ANNE) -> tuple[str, str]:
    line, target = flag(work(drafts, made), act)
    drafts.act(made, Wanted(verb, line.id, line.seen, target, text), by)
    return line.id, target


def test_a_draft_comes_back_as_it_was_made(base: Draft) -> None:
    assert draft_of(json.loads(json.dumps(base.to_json()))).to_json() == base.to_json()


def test_each_way_to_settle(drafts: Drafts, made: str) -> None:
    before = work(drafts, made)
    assert before.settled == 0
    assert before.asked > 20
    line, target = settle(drafts, made, "type", "blank", "2023年6月1日")
    found = work(drafts, made)
    assert "2023年6月1日" in found.line(line).text
    assert found.settled == 1
    assert target not in found.open
    line, target = flag(found, "stepped")
    sentence = found.find(target)[1]
    old = sentence.change(target.rpartition("-")[2]).old
    drafts.act(made, Wanted("old", line.id, line.seen, target), ANNE)
    assert old in work(drafts, made).line(line.id).text
    settle(drafts, made, "keep", "asked")
    settle(drafts, made, "cut", "asked")
    assert work(drafts, made).settled == 4


def test_a_gap_cannot_be_kept_and_nothing_typed_is_nothing(drafts: Drafts, made: str) -> None:
    found = work(drafts, made)
    line, target = next((line, target) for line in found.live for target in line.open
                        if target[-1] != NOTE and found.find(target)[1].change(found.find(target)[2]).new is None)
    for wanted in (Wanted("keep", line.id, 0, target), Wanted("type", line.id, 0, target, "  ")):
        with pytest.raises(ValueError, match=r"gap|nothing"):
            drafts.act(made, wanted, ANNE)


def test_what_is_open_is_marked_in_the_file_and_what_is_settled_not(drafts: Drafts, made: str) -> None:
    before = len(work(drafts, made).draft().flags())
    settle(drafts, made, "type", "blank", "甲地")
    after = work(drafts, made).draft()
    assert len(after.flags()) == before - 1
    assert any(change.act == "settled" and change.new == "甲地" for piece in after.pieces() for change in piece.changes)


def test_writing_settles_only_what_is_gone(drafts: Drafts, made: str) -> None:
    found = work(drafts, made)
    line, sentence = next((line, one) for line in found.live for one in line.sentences if len(one.open - {NOTE}) >= 2)
    opened = sorted(one for one in sentence.open if one != NOTE)
    kept = next(one for one in sentence.segments if one.key == opened[-1])
    drafts.act(made, Wanted("write", line.id, 0, sentence.id, f"改写后仍有{kept.text}这几个字。"), ANNE)
    found = work(drafts, made)
    after = found.find(sentence.id)[1]
    assert after.open - {NOTE} == {kept.key}
    assert after.text == f"改写后仍有{kept.text}这几个字。"
    piece = after.piece()
    assert piece.new == after.text
    assert [one.old for one in piece.changes if one.is_flagged] == [kept.change.old]


def test_two_people_do_not_overwrite_one_another(drafts: Drafts, made: str) -> None:
    found = work(drafts, made)
    line, target = flag(found, "blank")
    other = next(one for one in found.live if one.open and one.id != line.id)
    sentence = line.sentences[0]
    drafts.act(made, Wanted("type", line.id, line.seen, target, "甲"), ANNE)
    with pytest.raises(Conflict):
        drafts.act(made, Wanted("write", line.id, line.seen, sentence.id, "乙"), BEN)
    drafts.act(made, Wanted("write", other.id, other.seen, other.sentences[0].id, "另一段。"), BEN)
    assert [one.by for one in work(drafts, made).acts] == [ANNE, BEN]


def test_a_form_sent_twice_counts_once(drafts: Drafts, made: str) -> None:
    line, target = flag(work(drafts, made), "blank")
    wanted = Wanted("type", line.id, line.seen, target, "甲")
    assert drafts.act(made, wanted, ANNE) == drafts.act(made, wanted, ANNE)
    added = Wanted("add", "", after=line.id, text="新的一段。", batch="f0")
    assert drafts.act(made, added, ANNE).number == drafts.act(made, added, ANNE).number
    assert len(work(drafts, made).acts) == 2


def test_the_skeleton_is_edited(drafts: Drafts, made: str) -> None:
    found = work(drafts, made)
    first, second, third = [line.id for line in found.live if line.item.kind == "paragraph"][:3]
    drafts.act(made, Wanted("move", first, after=third), ANNE)
    drafts.act(made, Wanted("remove", second), ANNE)
    place = Source("b" * 16 + "-1", "《往年方案》", 10, 20, 2)
    act = drafts.act(made, Wanted("add", "", after=third, text="取来的一句。", source=place), ANNE)
    found = work(drafts, made)
    order = [line.id for line in found.live]
    assert second not in order
    assert order.index(third) + 1 == order.index(act.wanted.line)
    assert order.index(act.wanted.line) < order.index(first)
    piece = found.line(act.wanted.line).sentences[0].piece()
    assert (piece.new, piece.source) == ("取来的一句。", place)
    assert piece.is_flagged  # another year's words are never carried silently
    assert "取来的一句。" in [item.text for item in found.draft().items]


def test_undo_goes_back_step_by_step(drafts: Drafts, made: str) -> None:
    before = work(drafts, made).draft().to_json()
    settle(drafts, made, "type", "blank", "甲")
    line = next(one for one in work(drafts, made).live if one.item.kind == "paragraph")
    for text in ("写", "写了", "写了几个字"):  # saved while typing
        seen = work(drafts, made).line(line.id).seen
        drafts.act(made, Wanted("write", line.id, seen, line.sentences[0].id, text, batch="typing"), ANNE)
    drafts.act(made, Wanted("undo", "", takes_back=work(drafts, made).last_of(ANNE).number), ANNE)
    assert work(drafts, made).line(line.id).text == line.text
    drafts.act(made, Wanted("undo", "", takes_back=work(drafts, made).last_of(ANNE).number), ANNE)
    found = work(drafts, made)
    assert found.draft().to_json() == before
    assert found.last_of(ANNE) is None


def test_a_step_under_a_later_one_is_not_undone(drafts: Drafts, made: str) -> None:
    line, target = settle(drafts, made, "type", "blank", "甲")
    seen = work(drafts, made).line(line).seen
    drafts.act(made, Wanted("write", line, seen, target.rpartition("-")[0], "乙。"), BEN)
    with pytest.raises(Conflict, match="后面"):
        drafts.act(made, Wanted("undo", "", takes_back=1), ANNE)


def test_a_line_cut_off_by_a_crash_is_not_there_and_in_nobodys_way(drafts: Drafts, made: str) -> None:
    settle(drafts, made, "type", "blank", "甲")
    path = drafts.root / made / "acts.jsonl"
    path.write_bytes(path.read_bytes() + b'{"number":2,"verb":"ty')
    assert len(work(drafts, made).acts) == 1
    settle(drafts, made, "type", "blank", "乙")
    assert [one.wanted.text for one in work(drafts, made).acts] == ["甲", "乙"]


def test_damage_is_told_and_never_passed_over(drafts: Drafts, made: str) -> None:
    settle(drafts, made, "type", "blank", "甲")
    path = drafts.root / made / "acts.jsonl"
    path.write_bytes(b"nonsense\n" + path.read_bytes())
    with pytest.raises(StoreError, match="损坏"):
        drafts.get(made)


def test_ids_are_no_paths(drafts: Drafts, made: str) -> None:
    for wrong in ("..", "../drafts/" + made, "", made.upper() + "0", "0" * 12):
        assert drafts.get(wrong) is None


WRITER = """
import sys
from pathlib import Path
from draft.workshop.acts import Wanted
from draft.workshop.drafts import Drafts
drafts = Drafts(Path(sys.argv[1]))
line = drafts.get(sys.argv[2]).work.live[-1].id
for at in range(10_000):
    act = drafts.act(sys.argv[2], Wanted("add", "", after=line, text=f"第{at}段。"), "某某")
    print(act.number, flush=True)
"""


def test_kill_9_loses_nothing_that_was_answered(drafts: Drafts, made: str, tmp_path: Path) -> None:
    """Whatever was answered is there; what stands is a whole prefix of what was sent."""
    answered = 0
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), made], stdout=subprocess.PIPE,
                                  cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
        assert writer.stdout is not None
        for _ in range(12):
            answered = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read().split()
        writer.wait()
        writer.stdout.close()
        answered = int(rest[-1]) if rest else answered
        found = work(drafts, made)
        assert len(found.acts) in {answered, answered + 1}
        assert [one.number for one in found.acts] == list(range(1, len(found.acts) + 1))
