"""The plain package names resolve under this project's root, whatever else is installed."""

from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["gongwen", "ingest", "extract", "index", "web", "draft", "audit"]


@pytest.mark.parametrize("room", ROOMS)
def test_room_is_ours(room):
    module = import_module(room)
    assert Path(module.__file__).resolve().parent == ROOT / room


@pytest.mark.parametrize("name", ["README.md", "requirements.txt", "CHANGELOG.md", "Makefile", "rules", "corpus"])
def test_top_level_names_are_kept(name):
    assert (ROOT / name).exists()


def test_no_re_in_rule_code():
    """`re` cannot be interrupted (reliability.md finding 8): rule code uses `regex` with a time limit."""
    rooms = ["gongwen", "extract", "ingest", "index"]
    guilty = [
        str(path.relative_to(ROOT))
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        if any(line.startswith(("import re\n", "from re import")) for line in path.read_text("utf-8").splitlines(True))
    ]
    assert guilty == []


def test_names_of_test_modules_are_given_once() -> None:
    """Without packages they are imported by name alone: the second of a name would be the first."""
    names = [path.name for path in (ROOT / "tests").rglob("*.py") if path.name not in {"conftest.py", "__init__.py"}]
    assert [name for name, count in Counter(names).items() if count > 1] == []
