"""Annexes as the note lists them, and what the paper encloses (关于印发《X》的通知)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from extract.builder import Builder, Value
from extract.issuers import similar
from extract.lines import Line
from extract.zones import Zones
from gongwen.text import close_gaps, fold_width
from gongwen.values.document_number import find_numbers
from gongwen.values.vocab import words

_ITEM_MARK = regex.compile(
    r"^\s*(?:附\s*(?:件|表)?\s*(?:下\s*载)?\s*：?\s*)?(?:附件\s*)?[（]?(?:\d{1,2}(?![\d年月日]))?\s*(?:[.、．）：]\s*)?"
)
_FILE_END = regex.compile(r"\s*[.．](?:docx?|pdf|xlsx?|wps|et|zip|rar|ofd|jpe?g|png|txt)\s*$")
_LONGEST = 80
_ENCLOSED = regex.compile(r"(?:印发|颁发|制发|批转)(?P<title>.+?)(?:的通知|的公告|的决定|的函|的通告)$")


def read_annexes(builder: Builder, lines: Sequence[Line], zones: Zones) -> None:
    """附件说明: one title an item; number, label and file ending dropped; download links are no titles."""
    values: list[Value] = []
    for at in zones.annex_note:
        line = lines[at]
        mark = _ITEM_MARK.match(line.folded)
        begin = mark.end() if mark else 0
        if values and begin == 0:  # the rest of the item above
            above = values.pop()
            joined = above.value + _printed(builder, line, 0, len(line.folded))
            values.append(Value(joined, [*above.spans, line.span], "annexes/note", 0.8))
            continue
        pieces = _split_items(line.folded, begin)
        for start, end in pieces:
            end = _without_note(line.folded, start, end)
            text = _FILE_END.sub("", close_gaps(line.folded[start:end], couplet=True)).strip("。；;")
            if not text or (find_numbers(text) and text.endswith("附件")):
                continue
            values.append(Value(_printed(builder, line, start, end), line.at(start, end), "annexes/note", 0.9))
    builder.extend("annexes", values or list(_unannounced(builder, lines, zones)))


def _unannounced(builder: Builder, lines: Sequence[Line], zones: Zones) -> Iterator[Value]:
    """Annexes that no note lists: the titles below 附件 behind the signature."""
    for region in zones.regions:
        if region.kind != "annex" or not region.title or zones.date is None or region.first < zones.date:
            continue
        ends = _kind_ends(builder)
        count = next((n for n, at in enumerate(region.title, 1) if lines[at].tight.endswith(ends)), 1)
        spans = [lines[at].span for at in region.title[:count]]
        text = "".join(close_gaps(builder.text(span)) for span in spans)
        if 2 <= len(text) <= _LONGEST:
            yield Value(text, spans, "annexes/marker", 0.6)


def _kind_ends(builder: Builder) -> tuple[str, ...]:
    """What titles of papers and of forms end in."""
    return (*builder.rulebook.vocab["kinds"], *words("citation_words", "forms"), *words("citation_words", "not_forms"))


def _printed(builder: Builder, line: Line, start: int, end: int) -> str:
    text = close_gaps(builder.text(line.at(start, end)))
    return _FILE_END.sub("", text).rstrip("。；;")


_TO_READERS = "|".join(map(regex.escape, words("zones", "annex_notes")))
_NOTE = regex.compile(rf"\s*（\s*(?:{_TO_READERS})[^（）]*）[。；]?\s*\Z")


def _without_note(folded: str, start: int, end: int) -> int:
    """参会回执（请于10月20日前反馈）: where the title ends and a remark to the reader begins."""
    note = _NOTE.search(folded, start, end)
    return note.start() if note and note.start() > start else end


def _split_items(folded: str, begin: int) -> list[tuple[int, int]]:
    """附件：1.甲 2.乙 on one line holds two items."""
    cuts = [begin]
    for match in regex.finditer(r"(?<=\s)(?:附件\s*)?\d{1,2}\s*[.、．]\s*(?=\D)", folded[begin:]):
        cuts.append(begin + match.start())
    out = []
    for at, start in enumerate(cuts):
        end = cuts[at + 1] if at + 1 < len(cuts) else len(folded)
        mark = regex.match(r"\s*(?:附件\s*)?\d{1,2}\s*[.、．]\s*(?=\D)", folded[start:end]) if at else None
        start += mark.end() if mark else 0
        piece = folded[start:end].rstrip()
        if piece.strip():
            out.append((start + len(piece) - len(piece.lstrip()), start + len(piece)))
    return out


def read_enclosures(builder: Builder, lines: Sequence[Line], zones: Zones) -> None:
    """关于印发《X》的通知: X, in the words of its own title where the enclosure follows."""
    title = fold_width(builder.record["title"] or "")
    match = _ENCLOSED.search(title)
    if match is None:
        return
    named = match["title"].strip()
    inner = regex.fullmatch(r"[《](?P<title>.+)[》](?:（[^（）]*）)?", named)
    if inner:
        named = inner["title"]
    several = regex.split(r"》(?:和|与|及|、|以及)?《", named)
    if inner and len(several) > 1 and "》" not in "".join(several):
        spans = [one.span for one in builder.record.evidence["title"]]
        builder.extend("enclosures", [Value(one, spans, "enclosures/title", 0.8) for one in several])
        return
    titles = [region.title for region in zones.regions if region.kind != "body" and region.title]
    printed = ["".join(close_gaps(builder.text(lines[at].span)) for at in title) for title in titles]
    best = max(range(len(titles)), key=lambda at: similar(fold_width(printed[at]), named), default=None)
    if best is not None and similar(fold_width(printed[best]), named) >= 0.75:
        spans = [lines[at].span for at in titles[best]]
        builder.extend("enclosures", [Value(printed[best], spans, "enclosures/title_of_enclosure", 0.9)])
        return
    spans = [one.span for one in builder.record.evidence["title"]]
    kinds = builder.rulebook.vocab["kinds"]
    if inner or named.endswith(tuple(kinds)):
        builder.extend("enclosures", [Value(named, spans, "enclosures/title", 0.7)])
