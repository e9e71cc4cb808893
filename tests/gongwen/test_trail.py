"""The trail: appended by many at once, whole after a power cut, and ten tamperings that are each found."""

from __future__ import annotations

import json
import multiprocessing
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gongwen.errors import StoreError
from gongwen.trail import BEGIN, OFTEN, TORN, Trail

Lines = list[bytes]


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    return folder


@pytest.fixture
def trail(tmp_path: Path, outside: Path) -> Trail:
    made = Trail(tmp_path / "corpus", anchors=outside)
    for at in range(12):
        made.append("unmask", f"0123456789abcde{at:x}-1", who=f"lin{at % 3}", where="127.0.0.1")
    assert made.anchor()
    made.append("signin", "", who="zhou", where="127.0.0.1")
    assert made.anchor()
    return made


def test_what_was_noted_is_told_newest_first(trail: Trail) -> None:
    told = list(trail.entries())
    assert [one.number for one in told] == list(range(14, 0, -1))
    assert (told[0].act, told[0].who, told[-1].act) == ("signin", "zhou", BEGIN)
    assert [one.number for one in trail.entries(before=3)] == [2, 1]
    assert trail.verify() == []
    assert trail.path.stat().st_mode & 0o777 == 0o600


def test_an_empty_trail_is_whole(tmp_path: Path) -> None:
    assert Trail(tmp_path).verify() == []
    assert list(Trail(tmp_path).entries()) == []


def test_pages_of_a_long_trail(tmp_path: Path) -> None:
    trail = Trail(tmp_path)
    for at in range(900):
        trail.append("look", f"一份公文的标题{at}" * 4, who="lin")
    assert [one.number for one in trail.entries()] == list(range(901, 0, -1))


@pytest.mark.parametrize("text", ['"}\n{"n":1', "a\r\nb", "\u2028\u202e<script>", "\0\x1b[2J", "x" * 9000, "\ud800"])
def test_no_text_makes_another_line(tmp_path: Path, text: str) -> None:
    trail = Trail(tmp_path)
    trail.append("export", text, who=text, where=text)
    assert len(trail.path.read_bytes().splitlines()) == 2
    assert trail.verify() == []
    told = next(trail.entries())
    assert told.what == (text if len(text) < 500 else "x" * 499 + "…")


def _edit(lines: Lines) -> Lines:
    return [*lines[:4], lines[4].replace(b"lin", b"nil"), *lines[5:]]


def _edit_the_last(lines: Lines) -> Lines:
    return [*lines[:-1], lines[-1].replace(b"zhou", b"liu0")]


def _spaces(lines: Lines) -> Lines:
    return [*lines[:4], lines[4].replace(b":", b": ", 1), *lines[5:]]


def _delete(lines: Lines) -> Lines:
    return lines[:4] + lines[5:]


def _delete_the_first(lines: Lines) -> Lines:
    return lines[1:]


def _insert(lines: Lines) -> Lines:
    return [*lines[:5], lines[4], *lines[5:]]


def _reorder(lines: Lines) -> Lines:
    return [*lines[:4], lines[5], lines[4], *lines[6:]]


def _truncate(lines: Lines) -> Lines:
    return lines[:-1]


def _cut_a_line(lines: Lines) -> Lines:
    return [*lines[:-1], lines[-1][: len(lines[-1]) // 2]]


def _empty(lines: Lines) -> Lines:
    return []


def _garbage(lines: Lines) -> Lines:
    return [*lines, b"not a line\n"]


def _new_tail(lines: Lines) -> Lines:
    """The last lines said otherwise, with hashes that fit."""
    kept = lines[:8]
    return kept + _rehashed(lines[8:], kept, who="liu0")


def _new_chain(lines: Lines) -> Lines:
    return _rehashed(lines, [], who="liu0")


def _without_one_rehashed(lines: Lines) -> Lines:
    return lines[:4] + _rehashed(lines[5:], lines[:4])


def _rehashed(lines: Lines, before: Lines, who: str | None = None) -> Lines:
    """As somebody who knows how it is done, and has no access to the anchors."""
    from gongwen.trail import _hash, _json  # what the attacker would copy

    head = json.loads(before[-1])["hash"] if before else "0" * 64
    out: Lines = []
    for at, line in enumerate(lines, len(before) + 1):
        told = json.loads(line) | {"n": at} | ({} if who is None else {"who": who})
        del told["hash"]
        head = _hash(head, told)
        out.append(_json(told | {"hash": head}) + b"\n")
    return out


TAMPERINGS: list[Callable[[Lines], Lines]] = [
    _edit, _edit_the_last, _spaces, _delete, _delete_the_first, _insert, _reorder, _truncate, _cut_a_line, _empty,
    _garbage, _new_tail, _new_chain, _without_one_rehashed,
]  # fmt: skip
NEED_ANCHORS = {_truncate, _empty, _new_tail, _new_chain, _without_one_rehashed}


@pytest.mark.parametrize("tamper", TAMPERINGS)
def test_each_tampering_is_found(trail: Trail, tamper: Callable[[Lines], Lines]) -> None:
    lines = trail.path.read_bytes().splitlines(keepends=True)
    trail.path.write_bytes(b"".join(tamper(lines)))
    assert len(trail.verify()) == 1


@pytest.mark.parametrize("tamper", TAMPERINGS)
def test_without_anchors_some_cannot_be(trail: Trail, tamper: Callable[[Lines], Lines]) -> None:
    """What the anchors are for: reliability.md §2 no. 33."""
    lines = trail.path.read_bytes().splitlines(keepends=True)
    trail.path.write_bytes(b"".join(tamper(lines)))
    assert bool(Trail(trail.path.parent.parent).verify()) == (tamper not in NEED_ANCHORS)


def test_a_chain_taken_away_whole_is_found(trail: Trail) -> None:
    shutil.rmtree(trail.path.parent)
    assert [one.code for one in trail.verify()] == ["cut"]


def test_going_on_after_a_cut_does_not_hide_it(trail: Trail) -> None:
    lines = trail.path.read_bytes().splitlines(keepends=True)
    trail.path.write_bytes(b"".join(lines[:5]))
    for _ in range(20):
        trail.append("look", "x", who="lin")
    assert [one.code for one in trail.verify()] == ["anchor"]


def test_a_line_that_a_power_cut_tore_is_taken_off_and_told(trail: Trail) -> None:
    with trail.path.open("ab") as file:
        file.write(b'{"n":15,"at":"2026')
    trail.append("look", "next", who="lin")
    assert trail.verify() == []
    assert [(one.number, one.act) for one in trail.entries()][:2] == [(16, "look"), (15, TORN)]


def test_nothing_is_put_behind_what_cannot_be_read(trail: Trail) -> None:
    with trail.path.open("ab") as file:
        file.write(b"not a line\n")
    with pytest.raises(StoreError, match="verify"):
        trail.append("look", "next", who="lin")


def _append(corpus: Path, who: str) -> None:
    trail = Trail(corpus)
    for at in range(40):
        trail.append("look", str(at), who=who)


def test_many_processes_write_one_chain(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_append, args=(tmp_path, f"p{at}")) for at in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    trail = Trail(tmp_path)
    assert trail.verify() == []
    told = [(one.who, one.what) for one in trail.entries()]
    assert sorted(told[:-1]) == sorted((f"p{at}", str(which)) for at in range(4) for which in range(40))


def test_anchors_come_by_themselves(tmp_path: Path, outside: Path) -> None:
    day = ["2027-01-15T08:00:00+08:00"]
    trail = Trail(tmp_path / "corpus", anchors=outside, now=lambda: day[0])
    counts = []
    for at in range(2 * OFTEN + 2):
        trail.append("look", str(at))
        counts.append(len(trail._read_anchors()))
    assert counts[0] == 1 and counts[-1] == 3
    day[0] = "2027-01-16T08:00:00+08:00"
    trail.append("look", "next day")
    assert len(trail._read_anchors()) == 4


def test_anchors_that_cannot_be_written_stop_nobody(tmp_path: Path) -> None:
    trail = Trail(tmp_path / "corpus", anchors=tmp_path / "not there")
    trail.append("look", "x")
    assert not trail.anchor()
    assert trail.verify() == []
