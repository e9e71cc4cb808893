"""What the pages on rules ask of the room that runs them: patterns listed, tried, saved, put to work. A site without a
bench has no such pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, cast

from flask import abort, current_app

from gongwen.rule_draft import Draft
from gongwen.rulebook import Rulebook

Kind = Literal["trial", "apply"]
State = Literal["running", "done", "refused", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class Job:
    """Work in a process of its own. `draft` None: the pattern `replaced` is to go. `sums` counts what was seen."""

    id: str
    kind: Kind
    state: State
    draft: Draft | None = None
    replaced: Draft | None = None
    done: int = 0
    total: int = 0
    what: str = ""
    problems: tuple[Mapping[str, str], ...] = ()
    hits: tuple[Mapping[str, Any], ...] = ()
    changes: tuple[Mapping[str, Any], ...] = ()
    sums: Mapping[str, int] = field(default_factory=dict)
    message: str = ""
    is_saved: bool = False


class Bench(Protocol):
    @property
    def folder(self) -> str:
        """The office's own folder of rules; '' when none is set, so nothing can be saved."""
        ...

    def rules(self) -> tuple[Rulebook, Rulebook]:
        """Ours, and ours with the office's own. Raises RuleError when the office's do not hold."""
        ...

    def saved(self) -> Sequence[Draft]: ...

    def outdated(self) -> tuple[int, int]:
        """How many papers were extracted by other rules than those in force, of how many."""
        ...

    def try_out(self, draft: Draft | None, replaced: Draft | None) -> Job: ...

    def job(self, id: str) -> Job | None: ...

    def stop(self, id: str) -> None: ...

    def save(self, id: str, by: str) -> Job:
        """Keep what a finished trial has shown, and put it to work. Raises RuleError when it does not hold any more."""
        ...

    def apply(self) -> Job: ...


def bench() -> Bench:
    """The bench of the running app; 404 where there is none."""
    if "gongwen.bench" not in current_app.extensions:
        abort(404)
    return cast(Bench, current_app.extensions["gongwen.bench"])
