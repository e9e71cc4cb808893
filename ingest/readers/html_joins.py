"""Whether a paragraph of a web page goes on with the one before it. Elements are paragraphs; only a page end of the
printed original, or lines copied one an element, make two of one."""

from __future__ import annotations

import regex

from ingest.layout.joins import Wrap, continues
from ingest.layout.lines import Line
from ingest.readers.html_flow import Para, tag_of

_LINE = 28
"""Characters of a full printed line of body text, which GB/T 9704 sets; a shorter element is no line that was cut."""

_CUT = regex.compile(r"[\p{Han}，、]\Z")
_GOES_ON = regex.compile(r"[\p{Han}“《，、。；）”》]")


def goes_on(words: str, last: Para, after: Para, *, turned: bool) -> bool:
    """`words` is the paragraph so far, `last` its last element; `turned`: a page number stood between them."""
    if not turned and not _is_cut(last.text, after.text):
        return False
    if last.centred or after.centred or last.level or after.level or after.indented:
        return False
    if not _is_same_kind(last, after):
        return False
    before = Line(last.text, 0, len(last.text))
    return continues(words, before, Line(after.text, 0, len(after.text), turned=turned), Wrap())


def _is_same_kind(last: Para, after: Para) -> bool:
    if last.at is after.at:
        return True
    tag = tag_of(after.at)
    return (
        tag == tag_of(last.at)
        and tag not in ("li", "dd", "dt")
        and last.at.get("class") == after.at.get("class")
        and (last.bold, last.size) == (after.bold, after.size)
    )


def _is_cut(last: str, after: str) -> bool:
    if len(last) < _LINE and last[-1] not in "，、":
        return False
    return _CUT.match(last, len(last) - 1) is not None and _GOES_ON.match(after) is not None
