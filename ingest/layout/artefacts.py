"""What converters leave in a text: bookmarks, field codes, Markdown signs. They go, the words stay."""

from __future__ import annotations

from dataclasses import dataclass, field

import regex

from ingest.layout.pieces import Piece

_WORD_JUNK = regex.compile(
    r"\[bookmark:\s*_[A-Za-z0-9_]+\]"
    r"|HYPERLINK\s+(?:\\l\s+)?[\"“”][^\"“”\n]{0,300}+[\"“”](?:\s{1,3}\\[a-z](?:\s{1,3}\"[^\"\n]{0,100}\")?){0,4}\s?"
    r"|(?:PAGE|NUMPAGES|TOC|REF|PAGEREF|SEQ|DATE)(?:\s{1,3}[\w\"\-]{1,40})?"
    r"(?:\s{1,3}\\[*a-z@#](?:\s{1,3}[\w\"\-]{1,20})?){0,4}\s{1,3}\\\*\s?MERGEFORMAT"
    r"|\\\*\s*MERGEFORMAT"
    r"|PAGEREF\s+_Toc\d+(?:\s+\\h)?|\b_(?:Toc|Ref|Hlk)\d+\b"
)
_LONE_GLYPH = regex.compile(r"(?<!\S)[\ue000-\uf8ff]+(?!\S)")
"""Icons of web fonts; private use characters inside a word stay, they may stand for a rare name."""

_EVIDENCE = regex.compile(r"(?m)^\s{0,3}#{1,6}[ \t]+\S|\*\*[^*\n]{1,400}\*\*|\]\((?:https?://|mailto:)")
_HEADING = regex.compile(r"[ \t]{0,3}(#{1,6})[ \t]+(?=\S)")
_HEADING_TAIL = regex.compile(r"[ \t]+#+[ \t]*\Z")
_LINK = regex.compile(
    r"(?P<image>!)?\[(?P<text>[^\[\]\n]{0,300})\]\((?P<to><?[^()\s]{1,2000}>?)(?:\s+\"[^\"\n]{0,200}\")?\)"
)
_AUTOLINK = regex.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_STRONG = regex.compile(r"\*{2,3}|(?<!_)__(?=\S)|(?<=\S)__(?!_)")
_EMPHASIS = regex.compile(r"(?<![*\\\w])\*(?=[^\s*])(?P<body>[^*\n]{1,200}+)(?<=\S)\*(?![*\w])")
_ESCAPE = regex.compile(r"\\(?=[\\`*_{}\[\]()#+\-.!|>~<&])")
_RULE = regex.compile(r"\s{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")
_FENCE = regex.compile(r"\s{0,3}(?:```|~~~).*")
_BULLET = regex.compile(r"\s*[-*+][ \t]+(?=\S)")
_QUOTE = regex.compile(r"(?:[ \t]{0,3}>[ \t]?)+")


@dataclass(slots=True)
class Stripped:
    """A text without artefacts; `marks` tells outline level and weight by the offset a line begins at."""

    text: str = ""
    pieces: list[Piece] = field(default_factory=list)
    marks: dict[int, tuple[int, bool]] = field(default_factory=dict)
    links: list[tuple[str, str]] = field(default_factory=list)


def looks_like_markdown(text: str) -> bool:
    return _EVIDENCE.search(text) is not None


def strip_artefacts(text: str, *, markdown: bool | None = None) -> Stripped:
    """`markdown` True: the whole of it; None: only where the text shows headings, bold or links of it."""
    found = Stripped()
    signs = looks_like_markdown(text) if markdown is None else markdown
    kept: list[str] = []
    length = at = 0
    for raw in text.split("\n"):
        drops, level, bold = _marks(raw, found.links, signs, markdown is True)
        start = length
        for first, last in _kept(raw, drops):
            found.pieces.append((length, at + first, last - first))
            kept.append(raw[first:last])
            length += last - first
        if level or bold:
            found.marks[start] = (level, bold)
        kept.append("\n")
        if at + len(raw) < len(text):
            found.pieces.append((length, at + len(raw), 1))
        length += 1
        at += len(raw) + 1
    found.text = "".join(kept)[:-1]
    return found


def _marks(
    line: str, links: list[tuple[str, str]], signs: bool, strict: bool
) -> tuple[list[tuple[int, int]], int, bool]:
    """What to drop from a line, its outline level, and whether all of it is bold."""
    drops = [match.span() for shape in (_WORD_JUNK, _LONE_GLYPH) for match in shape.finditer(line)]
    if not signs:
        return drops, 0, False
    if _RULE.fullmatch(line) or (strict and _FENCE.fullmatch(line)):
        return [(0, len(line))], 0, False
    level, body = 0, 0
    heading = _HEADING.match(line)
    if heading is not None:
        level, body = len(heading[1]), heading.end()
        drops.append((0, body))
        tail = _HEADING_TAIL.search(line, body)
        drops += [tail.span()] if tail else []
    elif strict:
        for shape in (_QUOTE, _BULLET):
            match = shape.match(line, body)
            if match is not None:
                drops.append((body, match.end()))
                body = match.end()
    drops += _inline(line, body, links)
    rest = line[body:].strip()
    bold = level == 0 and rest.startswith("**") and rest.endswith("**") and rest.count("**") == 2
    return drops, level, bold


def _inline(line: str, body: int, links: list[tuple[str, str]]) -> list[tuple[int, int]]:
    drops: list[tuple[int, int]] = []
    for match in _LINK.finditer(line, body):
        if match["image"]:
            drops.append(match.span())
            continue
        links.append((match["text"].strip("*"), match["to"].strip("<>")))
        drops += [(match.start(), match.start("text")), (match.end("text"), match.end())]
    for match in _AUTOLINK.finditer(line, body):
        links.append((match[1], match[1]))
        drops += [(match.start(), match.start() + 1), (match.end() - 1, match.end())]
    drops += [match.span() for match in _STRONG.finditer(line, body) if not line.startswith("\\", match.start() - 1)]
    for match in _EMPHASIS.finditer(line, body):
        drops += [(match.start(), match.start() + 1), (match.end() - 1, match.end())]
    # An escaped bar keeps its sign until the row is cut into cells.
    row = line.lstrip().startswith("|")
    drops += [match.span() for match in _ESCAPE.finditer(line, body) if not (row and line[match.end()] == "|")]
    return drops


def _kept(line: str, drops: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    at = 0
    for first, last in sorted(drops):
        if first > at:
            out.append((at, first))
        at = max(at, last)
    if at < len(line):
        out.append((at, len(line)))
    return out
