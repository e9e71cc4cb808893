"""`python -m gongwen.cli.rule_apply`: the records anew under the rules in force, then the index of those that changed,
with progress as JSON lines. May be interrupted and run again, as `rebuild` may."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from gongwen.cli.compose import is_current_reader, make_ingest, make_options, make_pipeline
from gongwen.errors import GongwenError
from gongwen.settings import load_settings
from gongwen.store import open_store
from ingest.isolation import die_with_parent
from ingest.rederive import rederive

_STEP_SECONDS = 0.3


class JsonProgress:
    """Told on standard output."""

    def __init__(self) -> None:
        self._told = 0.0

    def step(self, done: int, total: int, what: str) -> None:
        if time.monotonic() - self._told > _STEP_SECONDS or done >= total:
            self._told = time.monotonic()
            say("step", done=done, total=total, what=what)

    def say(self, message: str) -> None:
        say("message", message=message)

    def close(self) -> None: ...


def main() -> int:
    sys.stdin.readline()
    die_with_parent()
    settings = load_settings()
    progress = JsonProgress()
    try:
        with make_ingest(settings, make_options(settings, via="rules"), progress) as ingest:
            counts = rederive(
                open_store(settings), ingest.journal, make_pipeline(settings), is_current_reader, progress
            )
            say("step", done=0, total=counts.changed, what="更新索引")
            ingest.run([])
    except GongwenError as error:
        say("problem", place="", message=str(error))
        return 2
    say("end", current=counts.current, rederived=counts.rederived, changed=counts.changed, reread=counts.reread)
    return 0


def say(kind: str, **told: Any) -> None:
    print(json.dumps({"kind": kind, **told}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    sys.exit(main())
