"""Taking the marks out of a draft's Word file: our comments and yellow 【待核】, where somebody has settled them, or
all of them when asked. Everything taken out and everything left is told; comments of people are never touched.

A flag counts as settled when its words are no more what the draft had there and hold no gap, when its yellow is gone,
or when its comment was ticked off in Word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

import regex
from docx import Document
from docx.document import Document as WordFile
from docx.oxml.ns import qn
from lxml import etree

from draft.gb9704.marks import AUTHOR, STANDS, WHOLE
from gongwen.errors import SettingsError

Why = Literal["changed", "unmarked", "ticked", "all", "open"]
TOLD: dict[Why, str] = {
    "changed": "已改写", "unmarked": "已去掉标色", "ticked": "批注已勾为解决", "all": "按要求全部去掉",
    "open": "还没有处理",
}  # fmt: skip
GAP = regex.compile(r"【待核[^】]*】")
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"


@dataclass(frozen=True, slots=True)
class Mark:
    """One flag of the file: what its comment asks, the words it stands over, what became of it."""

    asked: str
    words: str
    why: Why
    is_removed: bool
    emptied: str = ""
    """The gap that was taken out of the text with it."""

    def to_json(self) -> dict[str, Any]:
        return {"asked": self.asked, "words": self.words, "why": self.why, "removed": self.is_removed,
                "emptied": self.emptied or None}  # fmt: skip


def finish(path: Path, out: IO[bytes], *, everything: bool = False) -> list[Mark]:
    """Writes the file without its settled marks. Raises SettingsError when it is no DOCX that can be opened."""
    try:
        word = Document(str(path))
    except Exception as error:  # python-docx raises what its parts raise
        raise SettingsError(f"打不开这个 Word 文件：{path}") from error
    ticked = _ticked(word)
    marks = []
    gone: set[str] = set()
    for comment in list(word.comments):
        if comment.author != AUTHOR:
            continue
        mark = _judge(word, comment, everything, ticked)
        marks.append(mark)
        if mark.is_removed:
            gone.add(str(comment.comment_id))
    _take_out(word, gone, everything)
    word.save(out)
    return marks


def _judge(word: WordFile, comment: Any, everything: bool, ticked: set[str]) -> Mark:
    text = comment.text
    runs = _runs_of(word, str(comment.comment_id))
    words = "".join(_text(one) for one in runs)
    stood = next((line.removeprefix(STANDS) for line in text.splitlines() if line.startswith(STANDS)), None)
    asked = text.splitlines()[0] if text else ""
    yellow = any(_is_yellow(one) for one in runs)
    gap = GAP.search(words)
    why: Why = "open"
    if _para_id(comment) in ticked and gap is None:
        why = "ticked"
    elif stood is not None and words != stood and gap is None:
        why = "changed"
    elif runs and not yellow and gap is None and not asked.startswith(WHOLE):
        why = "unmarked"
    elif everything:
        why = "all"
    return Mark(asked, words, why, why != "open", gap.group() if gap and why != "open" else "")


def _take_out(word: WordFile, gone: set[str], everything: bool) -> None:
    """Yellow goes where no comment of ours is left over it; of a file that is finished wholly, all gaps of ours too."""
    body = word.element.body
    for comment_id in gone:
        for run in _runs_of(word, comment_id):
            _unmark(run)
            if everything:
                for text in run.iter(qn("w:t")):
                    text.text = GAP.sub("", text.text or "")
        for name in ("w:commentRangeStart", "w:commentRangeEnd"):
            for one in body.findall(f".//{qn(name)}"):
                if one.get(qn("w:id")) == comment_id:
                    one.getparent().remove(one)
        for one in body.findall(f".//{qn('w:commentReference')}"):
            if one.get(qn("w:id")) == comment_id:
                run = one.getparent()
                run.getparent().remove(run)
        for one in word.part._comments_part.element.findall(qn("w:comment")):
            if one.get(qn("w:id")) == comment_id:
                one.getparent().remove(one)


def _runs_of(word: WordFile, comment_id: str) -> list[Any]:
    """The runs between the ends of a comment's range, in whichever paragraph or cell they stand."""
    found, inside = [], False
    for one in word.element.body.iter(qn("w:commentRangeStart"), qn("w:commentRangeEnd"), qn("w:r")):
        if one.tag == qn("w:r"):
            if inside and one.find(qn("w:commentReference")) is None:
                found.append(one)
        elif one.get(qn("w:id")) == comment_id:
            inside = one.tag == qn("w:commentRangeStart")
            if not inside:
                break
    return found


def _text(run: Any) -> str:
    return "".join(one.text or "" for one in run.iter(qn("w:t")))


def _highlight(run: Any) -> Any:
    return run.find(f"{qn('w:rPr')}/{qn('w:highlight')}")


def _is_yellow(run: Any) -> bool:
    found = _highlight(run)
    return found is not None and found.get(qn("w:val")) == "yellow"


def _unmark(run: Any) -> None:
    if _is_yellow(run):
        found = _highlight(run)
        found.getparent().remove(found)


def _ticked(word: WordFile) -> set[str]:
    """Paragraph ids of comments that are marked as done (commentsExtended)."""
    return {one.get(f"{_W15}paraId") for one in _extended(word) if one.get(f"{_W15}done") == "1"}


def _extended(word: WordFile) -> Iterator[Any]:
    for part in word.part.package.iter_parts():
        if str(part.partname).endswith("/commentsExtended.xml"):
            yield from etree.fromstring(part.blob).iter(f"{_W15}commentEx")


def _para_id(comment: Any) -> str | None:
    """Word ties "done" to the last paragraph of a comment."""
    found = comment._comment_elm.findall(qn("w:p"))
    return found[-1].get(f"{_W14}paraId") if found else None
