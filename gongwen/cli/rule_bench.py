"""The bench of rules behind the site: trials in the sandbox, saving into the office's own folder, the records anew."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from gongwen.cli.derivation import fingerprint
from gongwen.cli.work import Work
from gongwen.disk import make_folder, replace_file, writing_for
from gongwen.errors import RuleError
from gongwen.judging import now
from gongwen.rule_draft import Draft, as_yaml, saved_drafts
from gongwen.rulebook import ROOMS, Rulebook, forget_rulebooks, load_rulebook
from gongwen.settings import Settings
from gongwen.store import Store, open_store
from web.bench import Job, Kind, State

TRIAL_SECONDS = 1800.0
APPLY_SECONDS = 24 * 3600.0
_KEPT = 12
"""Jobs that can still be looked at."""
_MOST_TRIALS = 2


class RuleBench:
    """web.bench.Bench. Its methods may be called from any thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._store: Store = open_store(settings)
        self._lock = threading.RLock()
        self._jobs: dict[str, Job] = {}
        self._works: dict[str, Work] = {}
        self._tried: dict[str, str] = {}
        """Fingerprint of the office's rules that a trial compared with."""
        self._trials: dict[str, Path] = {}

    @property
    def folder(self) -> str:
        return str(self._settings.rules) if self._settings.rules else ""

    def rules(self) -> tuple[Rulebook, Rulebook]:
        forget_rulebooks()
        return load_rulebook(Settings()), load_rulebook(self._settings)

    def saved(self) -> Sequence[Draft]:
        return saved_drafts(self._settings.rules)

    def outdated(self) -> tuple[int, int]:
        """By the stamps in the journal, which end with the fingerprint of the rules."""
        if not self._store.journal.exists():
            return 0, 0
        wanted = fingerprint(load_rulebook(self._settings))
        with closing(sqlite3.connect(f"file:{self._store.journal}?mode=ro", uri=True, timeout=10)) as database:
            found = database.execute(
                "SELECT fingerprint, count(*) FROM objects WHERE state IN ('extracted', 'indexed') GROUP BY 1"
            ).fetchall()
        total = sum(int(count) for _, count in found)
        return total - sum(int(count) for stamp, count in found if str(stamp).endswith(wanted)), total

    # --- trials -------------------------------------------------------------------------------------------

    def try_out(self, draft: Draft | None, replaced: Draft | None) -> Job:
        with self._lock:
            running = [one for one in self._jobs.values() if one.kind == "trial" and one.state == "running"]
            if len(running) >= _MOST_TRIALS:
                raise RuleError("正在试用的模式已有两条，请等它们结束或停止后再试")
            job = self._new("trial", draft, replaced)
            folder = self._store.tmp / f"rules-{job.id}"
            self._trials[job.id] = folder
            self._copy(folder, draft, replaced)
            self._tried[job.id] = load_rulebook(self._settings).fingerprint
            asked = {
                "draft": draft.to_json() if draft else None, "replaced": replaced.to_json() if replaced else None,
                "office": self.folder, "trial": str(folder), "corpus": str(self._settings.corpus),
            }  # fmt: skip
            self._start(job, "gongwen.cli.rule_trial", asked, TRIAL_SECONDS)
        return self._jobs[job.id]

    def _copy(self, folder: Path, draft: Draft | None, replaced: Draft | None) -> None:
        """The office's folder as it would be."""
        make_folder(self._store.tmp)
        make_folder(folder)
        for room in ROOMS:
            source = self._settings.rules / room if self._settings.rules else None
            if source is not None and source.is_dir():
                shutil.copytree(source, folder / room)
        (folder / "fields").mkdir(exist_ok=True)
        if replaced is not None:
            (folder / "fields" / replaced.file_name).unlink(missing_ok=True)
        rule = load_rulebook(self._settings).fields.get(draft.field) if draft else None
        if draft is not None and rule is not None and _is_name(draft):
            (folder / "fields" / draft.file_name).write_text(as_yaml(draft, rule), encoding="utf-8")

    # --- saving -------------------------------------------------------------------------------------------

    def save(self, id: str, by: str) -> Job:
        with self._lock:
            job = self._jobs.get(id)
            if job is None or job.kind != "trial" or job.state != "done" or job.is_saved:
                raise RuleError("请先试用，看过影响之后再保存")
            if self._settings.rules is None:
                raise RuleError("没有设置单位自己的规则文件夹（GONGWEN_RULES），不能保存")
            _, book = self.rules()
            if book.fingerprint != self._tried[id]:
                raise RuleError("试用之后规则又有变动，请重新试用")
            self._write(job, book, by)
            self._jobs[id] = replace(job, is_saved=True)
            return self.apply()

    def _write(self, job: Job, book: Rulebook, by: str) -> None:
        """Into the office's own folder, never ours; what does not hold there is taken out again."""
        fields = Path(self.folder) / "fields"
        before = {path: path.read_bytes() for path in self._files(job, fields) if path.exists()}
        with writing_for(fields):
            make_folder(fields)
            for path in before:
                replace_file(path.with_name(f"{path.name}.old"), before[path], tmp=fields)
                path.unlink()
            if job.draft is not None:
                text = as_yaml(job.draft, book.fields[job.draft.field], f"{by} {now()}")
                replace_file(fields / job.draft.file_name, text.encode("utf-8"), tmp=fields)
        try:
            self.rules()
        except RuleError:
            if job.draft is not None:
                (fields / job.draft.file_name).unlink(missing_ok=True)
            for path, content in before.items():
                replace_file(path, content, tmp=fields)
            self.rules()
            raise

    def _files(self, job: Job, fields: Path) -> list[Path]:
        return list({fields / one.file_name: None for one in (job.draft, job.replaced) if one is not None})

    def apply(self) -> Job:
        with self._lock:
            running = next((one for one in self._jobs.values() if one.kind == "apply" and one.state == "running"), None)
            if running is not None:
                raise RuleError("正在重新抽取，请等它结束")
            job = self._new("apply", None, None)
            self._start(job, "gongwen.cli.rule_apply", {}, APPLY_SECONDS)
        return self._jobs[job.id]

    # --- jobs ---------------------------------------------------------------------------------------------

    def job(self, id: str) -> Job | None:
        with self._lock:
            return self._jobs.get(id)

    def running(self) -> list[Job]:
        with self._lock:
            return [one for one in self._jobs.values() if one.state == "running"]

    def stop(self, id: str) -> None:
        with self._lock:
            job, work = self._jobs.get(id), self._works.get(id)
            if job is None or work is None or job.state != "running":
                return
            self._jobs[id] = replace(job, state="stopped", message="已停止")
        work.stop()

    def close(self) -> None:
        """Trials end with the site; what is derived anew goes on from where it was at the next time."""
        with self._lock:
            works = list(self._works.values())
        for one in works:
            one.stop()
        for one in works:
            one.wait(10.0)

    def _new(self, kind: Kind, draft: Draft | None, replaced: Draft | None) -> Job:
        job = Job(secrets.token_hex(8), kind, "running", draft, replaced)
        old = [one.id for one in self._jobs.values() if one.state != "running"]
        for id in old[: max(0, len(self._jobs) - _KEPT)]:
            del self._jobs[id]
            self._works.pop(id, None)
        self._jobs[job.id] = job
        return job

    def _start(self, job: Job, module: str, asked: dict[str, Any], seconds: float) -> None:
        self._works[job.id] = Work(
            module, asked, env=_environment(self._settings), seconds=seconds,
            tell=lambda line: self._told(job.id, line), end=lambda code: self._ended(job.id, code),
        )  # fmt: skip

    def _told(self, id: str, line: dict[str, Any]) -> None:
        with self._lock:
            job = self._jobs.get(id)
            if job is not None:
                self._jobs[id] = _after(job, line)

    def _ended(self, id: str, code: int) -> None:
        with self._lock:
            folder = self._trials.pop(id, None)
            job = self._jobs.get(id)
            if job is not None and job.state == "running":
                state: State = "refused" if job.problems else "failed"
                self._jobs[id] = replace(job, state=state, message=job.message or _why(code))
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        forget_rulebooks()


def _after(job: Job, line: dict[str, Any]) -> Job:
    """What a line of the process says of its work."""
    kind = line.pop("kind", "")
    if job.state != "running":
        return job
    if kind == "problem":
        is_trial = job.kind == "trial"
        return replace(job, problems=(*job.problems, line), message=line.get("message", ""),
                       state=job.state if is_trial else "failed")  # fmt: skip
    if kind == "step":
        done, total = int(line.pop("done", 0)), int(line.pop("total", 0))
        return replace(job, done=done, total=total, what=str(line.pop("what", "")), sums={**job.sums, **line})
    if kind == "hit":
        return replace(job, hits=(*job.hits, line))
    if kind == "change":
        return replace(job, changes=(*job.changes, line))
    if kind == "end":
        return replace(job, state="done", done=job.total, sums={**job.sums, **line})
    return job


def _why(code: int) -> str:
    if code == 0:
        return ""
    if code < 0:
        return "这条模式耗费的时间或内存过多，已停止，请改得简单一些"
    return "处理程序出错，请联系管理员查看日志"


def _environment(settings: Settings) -> dict[str, str]:
    """That of this process, with the settings it runs under."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GONGWEN_")
            or key in {"GONGWEN_SHIPPED_RULES"}}  # fmt: skip
    kept["GONGWEN_CORPUS"] = str(settings.corpus)
    kept["GONGWEN_NETWORK_DISK"] = "true" if settings.network_disk else "false"
    kept["GONGWEN_WORKERS"] = str(settings.workers)
    kept["GONGWEN_FREE_SPACE_MB"] = str(settings.free_space_mb)
    kept["GONGWEN_MAX_FILE_MB"] = str(settings.max_file_mb)
    kept["GONGWEN_ENGINE"] = settings.engine
    if settings.rules is not None:
        kept["GONGWEN_RULES"] = str(settings.rules)
    return kept


def _is_name(draft: Draft) -> bool:
    return draft.id.isascii() and draft.id.replace("_", "").isalnum() and len(draft.id) <= 40
