"""What a person does to a draft: one line of acts.jsonl each, appended and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from draft.model import Kind, Source
from draft.workshop.wire import source_of

Verb = Literal["old", "keep", "type", "cut", "write", "remove", "move", "add", "row", "unrow", "head", "undo"]
"""old, keep, type, cut: a flag is settled by last year's words, by what stands, by new words, by leaving it out;
write: a sentence in other words; remove, move, add: of a paragraph; row, unrow: a row of a table, put in behind the row
`after` with its cells in `names`, or taken out (`target`); head: letterhead and form; undo."""
SETTLING: frozenset[Verb] = frozenset({"old", "keep", "type", "cut"})
VERBS: frozenset[str] = frozenset(get_args(Verb))
HEAD = "head"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An act before it is kept. `line` is the paragraph that it is about, `seen` the last act on it that the person
    saw; `target` the flag or sentence. `after`: behind which paragraph to move or add ('' at the top). Acts of one
    `batch` are taken back together. `takes_back`: the act to undo."""

    verb: Verb
    line: str
    seen: int = 0
    target: str = ""
    text: str = ""
    after: str = ""
    kind: Kind = "paragraph"
    level: int = 0
    source: Source | None = None
    names: tuple[str, ...] = ()
    batch: str = ""
    takes_back: int = 0


@dataclass(frozen=True, slots=True)
class WorkAct:
    """A kept act; `number` counts from 1."""

    number: int
    wanted: Wanted
    by: str
    at: str
    undone: tuple[int, ...] = field(default=())
    """Of an undo: the acts that stand no more."""

    def to_json(self) -> dict[str, Any]:
        wanted = self.wanted
        found = {
            "number": self.number, "verb": wanted.verb, "line": wanted.line, "target": wanted.target,
            "text": wanted.text, "after": wanted.after, "names": list(wanted.names), "batch": wanted.batch,
            "source": wanted.source.to_json() if wanted.source else None, "undone": list(self.undone),
        }  # fmt: skip
        shown = {key: value for key, value in found.items() if value} | {"text": wanted.text}
        if wanted.verb == "add":
            shown |= {"kind": wanted.kind, "level": wanted.level}
        return shown | {"by": self.by, "at": self.at}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> WorkAct:
        source = found.get("source")
        wanted = Wanted(
            found["verb"], found["line"], 0, found.get("target", ""), found["text"], found.get("after", ""),
            found.get("kind", "paragraph"), found.get("level", 0), source_of(source) if source else None,
            tuple(found.get("names", ())), found.get("batch", ""),
        )  # fmt: skip
        return cls(found["number"], wanted, found["by"], found["at"], tuple(found.get("undone", ())))
