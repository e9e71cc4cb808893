"""One sentence under work: its words in segments, each flag open until somebody settles it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from draft.changes import Change
from draft.model import Piece
from gongwen.text import Span

State = Literal["plain", "done", "open", "settled"]
NOTE = "n"
"""The key of the question about the sentence as a whole."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Words as they stand. `done`: changed by the rules, nothing to ask; `open`: a flag; `settled`: decided by a
    person. `key` is the number of the change in the sentence."""

    text: str
    state: State = "plain"
    key: str = ""
    change: Change | None = None


@dataclass(slots=True)
class Sentence:
    """`asked` are the keys of all its flags, `open` those that nobody has settled. `writer`: who wrote it anew,
    and when (`written`)."""

    id: str
    base: Piece
    segments: list[Segment]
    asked: tuple[str, ...]
    open: set[str] = field(default_factory=set)
    writer: str = ""
    written: str = ""

    @classmethod
    def of(cls, sentence_id: str, piece: Piece) -> Sentence:
        keys = {id(change): str(at) for at, change in enumerate(piece.changes)}
        segments = [
            Segment(text) if change is None
            else Segment(text, "open" if change.is_flagged else "done", keys[id(change)], change)
            for text, change in piece.runs()
        ]  # fmt: skip
        asked = [str(at) for at, change in enumerate(piece.changes) if change.is_flagged]
        asked += [NOTE] if piece.note else []
        return cls(sentence_id, piece, segments, tuple(asked), set(asked))

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.segments)

    def has(self, key: str) -> bool:
        return key in self.asked

    def change(self, key: str) -> Change | None:
        return self.base.changes[int(key)] if key != NOTE else None

    def settle(self, key: str, verb: str, text: str) -> None:
        """By old words, what stands, new words, or nothing. The whole sentence goes when its own question is answered
        with a cut."""
        if key == NOTE and verb == "cut":
            self.segments, self.open = [Segment("", "settled")], set()
            return
        change = self.change(key)
        if change is not None:
            words = {"old": change.old, "keep": None, "type": text, "cut": ""}[verb]
            self.segments = [
                replace(one, state="settled", text=one.text if words is None else words) if one.key == key else one
                for one in self.segments
            ]
        self.open.discard(key)

    def write(self, text: str, by: str, when: str = "") -> None:
        """The sentence in other words. Flags whose words still stand in it stay open: nothing is settled by the way."""
        segments: list[Segment] = []
        at = 0
        held: set[str] = set()
        for one in self.segments:
            place = text.find(one.text, at) if one.state == "open" and one.text else -1
            if place < 0:
                continue
            segments += [Segment(text[at:place])] if place > at else []
            segments.append(one)
            at = place + len(one.text)
            held.add(one.key)
        segments += [Segment(text[at:])] if text[at:] else []
        self.segments = segments or [Segment("", "settled")]
        self.open &= held | ({NOTE} if text.strip() else set())
        self.writer, self.written = by, when

    def piece(self) -> Piece:
        """As the Word file takes it."""
        printed = tuple(self._runs())
        changes = tuple(one for _, one in printed if one is not None)
        if self.writer:
            span = Span(0, len(self.base.old))
            whole = Change(span, self.base.old, self.text, "settled", "sentence", f"由{self.writer}改写")
            if not self.base.old:  # a cell that was empty, or words that people had put in before
                when = self.written[:16].replace("T", " ")
                whole = replace(whole, act="added", why=f"由{self.writer}于{when}填写")
            changes = (whole, *(one for one in changes if one.is_flagged))
        note = self.base.note if NOTE in self.open else ""
        return Piece(self.base.old, self.text, changes, self.base.source, note, printed or (("", None),))

    def _runs(self) -> Iterator[tuple[str, Change | None]]:
        for one in self.segments:
            if one.state == "settled" and one.change is not None:
                why = f"{one.change.why}（已由人处理）"
                yield one.text, replace(one.change, new=one.text, act="settled", why=why, check=False)
            else:
                yield one.text, one.change
