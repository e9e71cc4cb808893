"""Drafts on the disk: CORPUS/drafts/<id>/made.json (as it was made, never changed) and acts.jsonl (appended, synced
line by line). People's work: no ingest, rebuild or rule touches it. A line that a crash cut off was never written."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import regex

from draft.model import Draft
from draft.workshop.acts import Wanted, WorkAct
from draft.workshop.wire import draft_of
from draft.workshop.work import Work
from gongwen.disk import make_folder, replace_file, sync_folder
from gongwen.errors import StoreError

FOLDER = "drafts"
REVISION = 1
_ID = regex.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft with what is known of its making. `papers`: ids of the prior years' papers, newest last."""

    id: str
    work: Work
    papers: tuple[str, ...]
    superior: str
    by: str
    at: str

    @property
    def changed(self) -> str:
        return self.work.acts[-1].at if self.work.acts else self.at


class Drafts:
    """`corpus` is the corpus folder. May be used from several threads and processes at once."""

    def __init__(self, corpus: Path) -> None:
        self.root = corpus / FOLDER
        self._tmp = corpus / "tmp"

    def make(self, draft: Draft, papers: Sequence[str], superior: str, by: str) -> str:
        """Keep a new draft; gives its id once it is safe."""
        make_folder(self.root)
        make_folder(self._tmp)
        draft_id = secrets.token_hex(6)
        folder = self.root / draft_id
        make_folder(folder)
        made = {"revision": REVISION, "by": by, "at": _now(), "papers": list(papers), "superior": superior,
                "draft": draft.to_json()}  # fmt: skip
        replace_file(folder / "made.json", _line(made), tmp=self._tmp)
        sync_folder(self.root)
        return draft_id

    def get(self, draft_id: str) -> Kept | None:
        """None when there is none. Raises StoreError when its files are damaged."""
        if _ID.fullmatch(draft_id) is None:
            return None
        folder = self.root / draft_id
        try:
            made = json.loads((folder / "made.json").read_bytes())
            if made["revision"] > REVISION:
                raise StoreError(f"这份稿子是较新版本的程序写的，请升级本程序后再打开：{folder}")
            work = Work(draft_of(made["draft"]), _acts(folder))
            return Kept(draft_id, work, tuple(made["papers"]), made["superior"], made["by"], made["at"])
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (KeyError, TypeError, ValueError) as error:
            raise StoreError(f"稿子的文件已损坏，请从备份恢复：{folder}（{type(error).__name__}）") from error

    def all(self) -> Iterator[Kept]:
        """Those worked on last first."""
        names = [one.name for one in self.root.iterdir()] if self.root.is_dir() else []
        found = [kept for name in names if (kept := self.get(name)) is not None]
        yield from sorted(found, key=lambda one: one.changed, reverse=True)

    def act(self, draft_id: str, wanted: Wanted, by: str) -> WorkAct:
        """Keep one act; it is on the disk when this returns. Raises Conflict, ValueError, or StoreError without such
        a draft. A form that was sent twice is kept once."""
        folder = self.root / draft_id
        with _locked(folder):
            kept = self.get(draft_id)
            if kept is None:
                raise StoreError("没有这份稿子")
            again = _sent_twice(kept.work, wanted, by)
            if again is not None:
                return again
            act = kept.work.check(wanted, by, _now())
            _append(folder / "acts.jsonl", _line(act.to_json()))
        return act


def _sent_twice(work: Work, wanted: Wanted, by: str) -> WorkAct | None:
    last = work.acts[-1] if work.acts else None
    if last is None or last.by != by or last.number <= wanted.seen or not work.stands(last):
        return None
    one = last.wanted
    if wanted.verb == "add":
        is_same = one.verb == "add" and bool(wanted.batch) and one.batch == wanted.batch
    else:
        is_same = (one.verb, one.line, one.target, one.after) == (wanted.verb, wanted.line, wanted.target, wanted.after)
    return last if is_same and one.text == wanted.text else None


def _acts(folder: Path) -> list[WorkAct]:
    try:
        whole, _, _ = (folder / "acts.jsonl").read_bytes().rpartition(b"\n")
    except FileNotFoundError:
        return []
    return [WorkAct.from_json(json.loads(line)) for line in whole.split(b"\n") if line]


def _append(path: Path, line: bytes) -> None:
    """What a crash left of a line is cut off first; what a full disk takes only in part is taken back."""
    is_new = not path.exists()
    with path.open("ab") as file:
        path.chmod(0o640)
        before = path.read_bytes()
        size = before.rfind(b"\n") + 1
        try:
            file.truncate(size)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            os.ftruncate(file.fileno(), size)
            raise
    if is_new:
        sync_folder(path.parent)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    try:
        lock = (folder / ".lock").open("ab")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise StoreError("没有这份稿子") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _line(found: Any) -> bytes:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
