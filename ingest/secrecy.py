"""Secret marks: a paper marked 绝密, 机密 or 秘密 must not be in this system (GB/T 9704: top left of page one)."""

from __future__ import annotations

import regex

from gongwen.document import Document
from gongwen.text import fold_tight

_LINES = 15
_MARK = regex.compile(
    r"(?:密级：)?(?:绝密|机密|秘密)(?:[★☆*][^，。；：]{0,8}|[\d一二三四五六七八九十]{1,3}(?:年|个月)|长期)?"
)


def has_secret_mark(document: Document) -> bool:
    """A line of nothing but a mark (with its term) among the first lines, in a page header, or a 密级 in the page's
    metadata. A lone ★, and 秘密 within a sentence, are not marks."""
    lines = [line for line in document.text.splitlines() if line.strip()][:_LINES]
    for block in document.blocks:
        if block.kind == "header" or (block.kind == "meta" and "密级" in (block.key or "")):
            lines += block.span.of(document.text).splitlines()
    return any(_MARK.fullmatch(fold_tight(line).text) for line in lines if len(line) < 200)
