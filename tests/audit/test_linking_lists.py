"""The linking of tasks on plans it was and was not tuned on. What each list is: its first lines and docs/audit.md."""

from __future__ import annotations

from pathlib import Path

import pytest
from kept_kit import plans, true_pairs

from audit.linking import link, pairs_of
from audit.wording import Scale, Wording, likeness
from gongwen.rulebook import load_rulebook
from gongwen.settings import Settings

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def wording() -> Wording:
    vocab = load_rulebook(Settings()).vocab
    return Wording(vocab["audit"], vocab["series"])


@pytest.mark.parametrize(("name", "precision", "recall"), [
    ("kept", 0.99, 0.95), ("late", 0.96, 0.97), ("last", 0.92, 0.88),
])  # fmt: skip
def test_floors(wording, name, precision, recall):
    found, true = set(), set()
    for tasks, places in plans(HERE / f"{name}_tasks.yml").values():
        found |= pairs_of(link(wording, tasks))
        true |= true_pairs(places)
    assert len(found & true) / len(found) >= precision
    assert len(found & true) / len(true) >= recall


def test_every_task_is_in_one_thread(wording):
    for tasks, _ in plans(HERE / "late_tasks.yml").values():
        held = [(one.paper.id, one.row) for thread in link(wording, tasks) for one in thread.tasks]
        assert sorted(held) == sorted((one.paper.id, one.row) for one in tasks)


def test_what_changes_from_year_to_year_says_nothing(wording):
    read = wording.read
    assert read("（三）2023年进一步加强科普教育基地建设工作").core == read("3.深入推进科普教育基地建设").core
    assert read("全年培训不少于1.2万人次").core == read("全年培训不少于2.5万人次").core


def test_contrasts_part(wording):
    one, other = wording.read("小学安全教育"), wording.read("高中安全教育")
    assert likeness(one, other, Scale([one, other])) == 0.0
