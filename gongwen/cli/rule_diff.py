"""What two folders of rules make of the same documents: every value gained, lost and changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from gongwen.document import Document
from gongwen.errors import RuleError
from gongwen.record import LISTS, ROWS, SCALARS
from gongwen.settings import ROOT

Values = dict[str, Any]
Kind = Literal["gained", "lost", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """`field` is a key of the record, for cells of rows with the row's name: `tasks「科普进校园」.lead`."""

    kind: Kind
    field: str
    old: Any
    new: Any

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Worker:
    """A child that extracts under one folder of rules: a whole set like ours, or an office's own over ours."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise RuleError(f"规则文件夹不存在：{folder}")
        whole = (folder / "vocab" / "kinds.yml").is_file()
        name = "GONGWEN_SHIPPED_RULES" if whole else "GONGWEN_RULES"
        kept = {key: value for key, value in os.environ.items() if key not in {"GONGWEN_RULES", "GONGWEN_SETTINGS"}}
        self._child = subprocess.Popen(
            [sys.executable, "-m", "gongwen.cli.rule_worker"], cwd=ROOT, text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=kept | {name: str(folder.resolve())},
        )  # fmt: skip
        said = self._line()
        if "error" in said:
            self.close()
            raise RuleError(str(said["error"]))
        self.fingerprint = str(said["fingerprint"])

    def extract(self, document: Document) -> list[Values]:
        assert self._child.stdin is not None
        self._child.stdin.write(json.dumps(document.to_json(), ensure_ascii=False) + "\n")
        self._child.stdin.flush()
        found: list[Values] = self._line()
        return found

    def _line(self) -> Any:
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line:
            self.close()
            raise RuleError("抽取子进程意外退出")
        return json.loads(line)

    def close(self) -> None:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.close()
        self._child.stdout.close()
        self._child.wait()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def compare_files(old: Sequence[Values], new: Sequence[Values]) -> Iterator[tuple[Values, list[Change]]]:
    """The documents of one file, by their place in it, with what changed; a document more or fewer is a change too."""
    for at in range(max(len(old), len(new))):
        before = old[at] if at < len(old) else {}
        after = new[at] if at < len(new) else {}
        changes = list(compare(before, after))
        if changes:
            yield after or before, changes


def compare(old: Values, new: Values) -> Iterator[Change]:
    """Values of lists are paired by what they say, rows by their name, never by position."""
    for field in (*SCALARS, "activity_time"):
        yield from _single(field, old.get(field), new.get(field))
    for field in LISTS:
        yield from _several(field, old.get(field) or [], new.get(field) or [])
    for field in ROWS:
        yield from _rows(field, old.get(field) or [], new.get(field) or [])


def _single(field: str, old: Any, new: Any) -> Iterator[Change]:
    if old != new:
        yield Change("gained" if old in (None, []) else "lost" if new in (None, []) else "changed", field, old, new)


def _several(field: str, old: list[Any], new: list[Any]) -> Iterator[Change]:
    rest = list(new)
    for value in old:
        if value in rest:
            rest.remove(value)
        else:
            yield Change("lost", field, value, None)
    for value in rest:
        yield Change("gained", field, None, value)


def _rows(field: str, old: list[Values], new: list[Values]) -> Iterator[Change]:
    rest = list(new)
    left = []
    for row in old:
        if row in rest:
            rest.remove(row)
        else:
            left.append(row)
    for row in left:
        other = next((one for one in rest if name_of(one) == name_of(row)), None)
        if other is None:
            yield Change("lost", field, row, None)
            continue
        rest.remove(other)
        for key in ROWS[field]:
            yield from _single(f"{field}「{name_of(row)}」.{key}", row.get(key), other.get(key))
    for row in rest:
        yield Change("gained", field, None, row)


def name_of(row: Values) -> str:
    """What a row is known by: its title, person, text or number."""
    keys = ("title", "name", "text", "document_number", "phones", "email")
    found = next((row[key] for key in keys if row.get(key)), "")
    return "、".join(found) if isinstance(found, list) else str(found)
