"""A draft as it stands after all acts: replayed from what was made, so that nothing a person did is ever lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from draft.changes import Change
from draft.model import Draft, Form, Item, Piece, Source
from draft.workshop.acts import HEAD, SETTLING, Wanted, WorkAct
from draft.workshop.grid import Grid
from draft.workshop.sentence import NOTE, Sentence
from gongwen.errors import GongwenError
from gongwen.text import Span

MAX_TEXT = 5000
FORMS = {"document": "文件（通知、意见等）", "letter": "函", "minutes": "纪要"}


class Conflict(GongwenError):  # noqa: N818  (a state of things, not a fault)
    """Somebody has changed the paragraph since the person saw it; nothing was kept."""


@dataclass(slots=True)
class Line:
    """A paragraph, heading or table. `seen`: the last act about it; `by`: who did that."""

    id: str
    item: Item
    sentences: list[Sentence]
    seen: int = 0
    by: str = ""
    is_removed: bool = False
    is_added: bool = False
    grid: Grid | None = None
    """Of a table: its rows as they stand."""

    @property
    def open(self) -> list[str]:
        """Flags that wait, as targets, in order of print."""
        standing = self.sentences if self.grid is None else self.grid.sentences()
        return [f"{one.id}-{key}" for one in standing for key in one.asked if key in one.open]

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.sentences)


class Work:
    """`acts` in order. Raises Conflict, ValueError (an act that cannot be) from `check`."""

    def __init__(self, base: Draft, acts: Sequence[WorkAct]) -> None:
        self.base = base
        self.acts = list(acts)
        self.letterhead = list(base.letterhead)
        self.form: Form = base.form
        self.head_seen = 0
        self.lines = [_line(str(at), item) for at, item in enumerate(base.items)]
        self._undone = {number for act in acts for number in act.undone}
        for act in acts:
            if act.number not in self._undone and act.wanted.verb != "undo":
                self._apply(act)
        for act in acts:  # who undoes has touched the paragraph too
            self._touch(act)

    # --- what stands ------------------------------------------------------------------------------------------

    def line(self, line_id: str) -> Line | None:
        return next((one for one in self.lines if one.id == line_id), None)

    @property
    def live(self) -> list[Line]:
        return [one for one in self.lines if not one.is_removed]

    @property
    def asked(self) -> int:
        """Flags of the draft as it was made, and one for each sentence that was taken from another paper."""
        return sum(len(one.asked) for line in self.lines for one in line.sentences)

    @property
    def settled(self) -> int:
        return self.asked - len(self.open)

    @property
    def open(self) -> list[str]:
        return [flag for line in self.live for flag in line.open]

    @property
    def title(self) -> str:
        return "".join(line.text for line in self.live if line.item.kind == "title").strip()

    def find(self, target: str) -> tuple[Line, Sentence, str] | None:
        """The flag (or sentence, with key '') by its target."""
        for line in self.lines:
            for one in line.sentences if line.grid is None else line.grid.sentences():
                if target == one.id:
                    return line, one, ""
                if target.startswith(f"{one.id}-") and one.has(target[len(one.id) + 1 :]):
                    return line, one, target[len(one.id) + 1 :]
        return None

    def stands(self, act: WorkAct) -> bool:
        return act.number not in self._undone and act.wanted.verb != "undo"

    def last_of(self, by: str) -> WorkAct | None:
        """What this person would undo."""
        return next((one for one in reversed(self.acts) if one.by == by and self.stands(one)), None)

    def draft(self) -> Draft:
        """As the Word file takes it."""
        items = [_item(one) for one in self.live]
        return replace(self.base, items=[one for one in items if one is not None], letterhead=list(self.letterhead),
                       form=self.form)  # fmt: skip

    # --- a new act ----------------------------------------------------------------------------------------------

    def check(self, wanted: Wanted, by: str, at: str) -> WorkAct:
        """The act that is kept for it."""
        number = len(self.acts) + 1
        if len(wanted.text) > MAX_TEXT:
            raise ValueError("too long")
        if wanted.verb == "undo":
            return self._undo(wanted, number, by, at)
        if wanted.verb == "head":
            self._unchanged(self.head_seen, wanted)
            if wanted.text not in FORMS or not wanted.names:
                raise ValueError("no such form")
            return WorkAct(number, replace(wanted, line=HEAD), by, at)
        if wanted.verb != "row" and wanted.after and self.line(wanted.after) is None:
            raise ValueError("no such paragraph")
        if wanted.verb == "add":
            if not wanted.text.strip():
                raise ValueError("nothing to add")
            return WorkAct(number, replace(wanted, line=f"a{number}"), by, at)
        self._fits(wanted)
        return WorkAct(number, wanted, by, at)

    def _fits(self, wanted: Wanted) -> None:
        line = self.line(wanted.line)
        if line is None:
            raise ValueError("no such paragraph")
        if line.is_removed:
            raise Conflict("这一段已经被删去")
        self._unchanged(line.seen, wanted)
        if wanted.verb in {"row", "unrow"}:
            _fits_rows(line, wanted)
            return
        if wanted.verb in {"remove", "move"}:
            if wanted.after == line.id:
                raise ValueError("behind itself")
            return
        found = self.find(wanted.target)
        if found is None or found[0].id != line.id:
            raise ValueError("no such flag or sentence")
        _, sentence, key = found
        if (wanted.verb in SETTLING) != bool(key):
            raise ValueError("a flag is settled, a sentence is written")
        if wanted.verb == "type" and (key == NOTE or not wanted.text.strip()):
            raise ValueError("nothing typed")
        if key and key not in sentence.open:
            raise Conflict("这一处已经有人处理过")
        if wanted.verb in {"old", "keep"} and (key == NOTE) != (wanted.verb == "keep") and key == NOTE:
            raise ValueError("no old words")
        change = sentence.change(key) if key else None
        if wanted.verb == "keep" and change is not None and change.new is None:
            raise ValueError("a gap cannot stay")

    def _unchanged(self, seen: int, wanted: Wanted) -> None:
        if seen != wanted.seen:
            raise Conflict("在您打开页面之后，有人改过这一段")

    def _undo(self, wanted: Wanted, number: int, by: str, at: str) -> WorkAct:
        act = next((one for one in self.acts if one.number == wanted.takes_back), None)
        if act is None or act.wanted.verb == "undo":
            raise ValueError("no such act")
        if act.number in self._undone:
            raise Conflict("这一步已经撤销")
        together = {one.number for one in self.acts if self.stands(one) and _are_one(one, act)}
        first = min(together)
        named = act.wanted.line
        later = [one for one in self.acts if one.number > first and one.number not in together and self.stands(one)]
        if any(named in {one.wanted.line, one.wanted.after} for one in later):
            raise Conflict("这一步之后这一段又改过，请先撤销后面的改动")
        return WorkAct(number, Wanted("undo", named), by, at, tuple(sorted(together)))

    # --- replay -------------------------------------------------------------------------------------------------

    def _apply(self, act: WorkAct) -> None:
        wanted = act.wanted
        if wanted.verb == "head":
            self.letterhead, self.form = list(wanted.names), wanted.text  # type: ignore[assignment]
            return
        if wanted.verb == "add":
            self.lines.insert(self._behind(wanted.after), _added(act))
            return
        line = self.line(wanted.line)
        if line is None:
            return
        if wanted.verb == "remove":
            line.is_removed = True
        elif wanted.verb == "move":
            self.lines.remove(line)
            self.lines.insert(self._behind(wanted.after), line)
        elif wanted.verb in {"row", "unrow"}:
            _rowed(line, act)
        else:
            self._worded(act)

    def _worded(self, act: WorkAct) -> None:
        found = self.find(act.wanted.target)
        if found is None:
            return
        _, sentence, key = found
        if act.wanted.verb == "write":
            sentence.write(act.wanted.text, act.by, act.at)
        else:
            sentence.settle(key, act.wanted.verb, act.wanted.text)

    def _touch(self, act: WorkAct) -> None:
        if act.wanted.line == HEAD:
            self.head_seen = act.number
        line = self.line(act.wanted.line)
        if line is not None:
            line.seen, line.by = act.number, act.by

    def _behind(self, line_id: str) -> int:
        at = next((at for at, one in enumerate(self.lines) if one.id == line_id), None)
        return 0 if not line_id else len(self.lines) if at is None else at + 1


def _are_one(one: WorkAct, act: WorkAct) -> bool:
    """Whether two acts are taken back together: the same, or steps of typing in one paragraph."""
    same = (one.wanted.batch, one.wanted.line, one.by) == (act.wanted.batch, act.wanted.line, act.by)
    return one.number == act.number or (bool(act.wanted.batch) and same)


def _line(line_id: str, item: Item) -> Line:
    found = [Sentence.of(f"{line_id}-{at}", one) for at, one in enumerate(item.all_pieces())]
    return Line(line_id, item, found, grid=Grid.of(line_id, item, found) if item.rows else None)


def _added(act: WorkAct) -> Line:
    wanted = act.wanted
    source = wanted.source or Source("", "", 0, 0)
    why = f"由{act.by}取自{source.name}" if source.id else f"由{act.by}新增"
    change = Change(Span(0, 0), "", wanted.text, "added", "sentence", why, source.name)
    note = "取自往年公文，其中的年份、日期、人员等请核对" if source.id else ""
    line = _line(wanted.line, Item(wanted.kind, [Piece("", wanted.text, (change,), source, note)], wanted.level))
    line.is_added = True
    return line


def _item(line: Line) -> Item | None:
    """None when nothing of the paragraph is left."""
    pieces: Iterator[Piece] = (one.piece() for one in line.sentences)
    if line.grid is not None:
        return line.grid.item(line.item)
    kept = [one for one in pieces if one.new]
    return replace(line.item, pieces=kept) if kept else None


def _fits_rows(line: Line, wanted: Wanted) -> None:
    grid = line.grid
    row = None if grid is None else grid.row(wanted.after if wanted.verb == "row" else wanted.target)
    if grid is None or row is None:
        raise ValueError("no such row")
    if row.is_removed:
        raise Conflict("这一行已经被删去")
    if wanted.verb == "row" and not any(one.strip() for one in wanted.names):
        raise ValueError("nothing typed")
    if wanted.verb == "row" and (len(wanted.names) > grid.columns or any(len(one) > MAX_TEXT for one in wanted.names)):
        raise ValueError("too long")
    if wanted.verb == "unrow" and len(grid.live) == 1:
        raise ValueError("the last row goes with its table")


def _rowed(line: Line, act: WorkAct) -> None:
    grid, wanted = line.grid, act.wanted
    if grid is None:
        return
    if wanted.verb == "row" and grid.row(wanted.after) is not None:
        grid.add(f"n{act.number}", wanted.after, wanted.names, line.id, act.by, act.at)
        return
    row = grid.row(wanted.target)
    if row is not None:
        row.is_removed = True
