"""What people say became of a duty: CORPUS/followups/<sha256>.yml, one file for the papers of one file.

Not derived: `rebuild` never touches it, and it belongs into every backup. Acts are only ever added; one that is taken
back stays, with the act that takes it back behind it. A duty is named by its own words (gongwen.row_names), never by
its place, so an act survives another extraction."""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

import yaml

from gongwen import yamlio
from gongwen.disk import make_folder, replace_file
from gongwen.errors import StoreError
from gongwen.store import Store, is_sha256

FOLDER = "followups"
Said = Literal["done", "open", "void"]
"""done: reported or done, by `report` where a paper tells; open: not done; void: nothing had to be done."""


@dataclass(frozen=True, slots=True)
class Act:
    """`document`: number or title of the paper that sets the duty, `part` its place in the file; `duty`: the name of
    the row; `day`: which day of a recurring duty, '' for all; `report`: number or title of the paper that tells of it,
    `report_id` its address when it was said; `by`, `at` who and when (ISO 8601 with offset)."""

    document: str
    duty: str
    day: str
    said: Said
    by: str
    at: str
    part: int = 0
    report: str = ""
    report_id: str = ""
    note: str = ""
    takes_back: str = ""

    @property
    def mark(self) -> str:
        """What a later act calls this one."""
        said = json.dumps([self.document, self.duty, self.day, self.said, self.by, self.at, self.report, self.note,
                           self.takes_back], ensure_ascii=True)  # fmt: skip
        return hashlib.sha256(said.encode("ascii")).hexdigest()[:16]

    def to_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {name: getattr(self, name) for name in ("document", "duty", "day", "said", "by", "at")}
        more = {name: getattr(self, name) for name in ("part", "report", "report_id", "note", "takes_back")}
        return out | {name: value for name, value in more.items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Act:
        said = str(data["said"])
        if said not in get_args(Said):
            raise ValueError(f"not a state of a duty: {said!r}")
        return cls(
            str(data["document"]), str(data["duty"]), str(data.get("day") or ""), cast(Said, said), str(data["by"]),
            str(data["at"]), int(data.get("part") or 0), str(data.get("report") or ""),
            str(data.get("report_id") or ""), str(data.get("note") or ""), str(data.get("takes_back") or ""),
        )  # fmt: skip


class Followups:
    """The acts of a corpus. Reading makes no folder."""

    def __init__(self, store: Store) -> None:
        self._folder = store.root / FOLDER
        self._tmp = store.tmp

    def path(self, sha256: str) -> Path:
        if not is_sha256(sha256):
            raise ValueError(f"not a sha256: {sha256[:80]!r}")
        return self._folder / f"{sha256}.yml"

    def heads(self) -> frozenset[str]:
        """The first digits, as record ids have them, of the files that anything was said of."""
        return frozenset(path.name[:16] for path in self._folder.glob("*.yml"))

    def acts(self, sha256: str) -> list[Act]:
        """All acts, oldest first. StoreError when the file is damaged: it is the only copy, nothing may be guessed."""
        if not is_sha256(sha256):
            return []
        path = self.path(sha256)
        try:
            found = yamlio.load_data(path.read_text(encoding="utf-8"))
            return [Act.from_json(one) for one in found or ()]
        except FileNotFoundError:
            return []
        except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
            raise StoreError(f"跟踪记录已损坏，请从备份恢复：{path}（{type(error).__name__}）") from error

    def add(self, sha256: str, act: Act) -> None:
        """Append one act; two people at once both stay. A crash leaves the old file or the new one."""
        path = self.path(sha256)
        make_folder(self._folder)
        with (self._folder / ".lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.acts(sha256)  # a damaged file is told, never written on
            before = path.read_bytes() if path.exists() else b""
            if before and not before.endswith(b"\n"):
                before += b"\n"
            replace_file(path, before + yamlio.dump([act.to_json()]).encode("utf-8"), tmp=self._tmp)


def standing(acts: Iterable[Act]) -> list[Act]:
    """The acts that count, oldest first: without those taken back and those that take back."""
    found = list(acts)
    gone: set[str] = set()
    kept: list[Act] = []
    for act in reversed(found):
        if act.mark in gone:
            gone.discard(act.mark)
        elif act.takes_back:
            gone.add(act.takes_back)
        else:
            kept.append(act)
    return kept[::-1]
