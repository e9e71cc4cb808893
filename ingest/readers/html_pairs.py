"""Labels and values of page metadata that stand in elements of their own (`<dt>索引号</dt><dd>…</dd>`, two spans, two
list entries): put on one line, so that they read like `索引号：…`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from ingest.layout.attributes import read_attributes
from ingest.layout.head import label_of
from ingest.layout.labels import NOISE
from ingest.readers.html_flow import tag_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_INLINE = frozenset({"span", "b", "strong", "em", "i", "label", "font", "a", "u"})
_BLOCKS = frozenset({"dt", "div", "li", "p"})
_LONGEST = 200
_LONGEST_LABEL = 24
_COLON = regex.compile(r"\s*[：:]")
_LABEL_NAMES = regex.compile(r"(?i)label|tit|name|key|field|^t$|^l$")


def join_labels(root: _Element, keep: _Element) -> None:
    """Change the tree: value behind its label, a colon between them, blanks between inline pairs. `keep` is the
    article: never a value."""
    held = {keep, *keep.iterancestors()}
    labels = [
        (element, text)
        for element in root.iter(*_INLINE, *_BLOCKS)
        if (text := _short_text(element, _LONGEST_LABEL)) is not None and _is_label(text)
    ]
    alike: dict[tuple[str, str], int] = {}
    for element, _ in labels:
        alike[_kind(element)] = alike.get(_kind(element), 0) + 1
    for element, text in labels:
        sure = text.rstrip()[-1] in "：:" or tag_of(element) == "dt" or _LABEL_NAMES.search(element.get("class") or "")
        if element.getparent() is not None and element.getnext() not in held and (sure or alike[_kind(element)] >= 2):
            _join(element, text, alone=alike[_kind(element)] < 2)
    _part_inline(root)


def _is_label(text: str) -> bool:
    return label_of(text) is not None or "".join(text.split()).rstrip("：:") in NOISE


def _kind(element: _Element) -> tuple[str, str]:
    return tag_of(element), element.get("class") or ""


def _join(label: _Element, text: str, *, alone: bool) -> None:
    inline = tag_of(label) in _INLINE
    tail = (label.tail or "").strip()
    if tail:
        if inline and text.rstrip()[-1] not in "：:" and not _COLON.match(tail) and label.getprevious() is None:
            label.tail = f"：{tail}"
        return
    value = label.getnext()
    words = None if value is None else _short_text(value)
    if value is None or words is None or label_of(words) is not None or tag_of(value) in ("br", "table", "ul", "ol"):
        return
    colon = "" if text.rstrip()[-1] in "：:" or _COLON.match(words) else "："
    if inline and tag_of(value) in _INLINE:
        label.tail = colon
        value.tail = f" {value.tail or ''}"
        return
    if tag_of(label) in ("div", "p", "li") and alone:
        return  # 来源： at the end of a paragraph of the document, not a column of labels
    _merge(label, value, f"{text.strip()}{colon}{words.strip()}")


def _merge(label: _Element, value: _Element, line: str) -> None:
    above = value.getparent()
    if above is None:
        return
    for child in list(label):
        label.remove(child)
    label.text = line
    label.tail = value.tail
    above.remove(value)


def _part_inline(root: _Element) -> None:
    """Blanks around inline elements that hold an attribute: `<span>来源：本网</span><span>阅读 96</span>`."""
    for element in root.iter(*_INLINE):
        text = _short_text(element)
        if text is None or read_attributes(text.strip(), 0) is None:
            continue
        element.tail = f" {element.tail or ''}"
        before = element.getprevious()
        above = element.getparent()
        if before is not None:
            before.tail = f"{before.tail or ''} "
        elif above is not None and above.text:
            above.text += " "


def _short_text(element: _Element, longest: int = _LONGEST) -> str | None:
    """The text of an element that holds a few words; None when it is longer or empty."""
    if not len(element):
        text = element.text or ""
        return text if len(text) <= longest and text.strip() else None
    pieces: list[str] = []
    length = 0
    for words in element.itertext():
        pieces.append(str(words))
        length += len(words)
        if length > longest:
            return None
    text = "".join(pieces)
    return text if text.strip() else None
