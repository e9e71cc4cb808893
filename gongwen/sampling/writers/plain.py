"""Text files as offices have them: typed, copied out of Word, recognised from a scan, scraped from a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from gongwen.sampling.paper import Block, Line, Paper, Roster, Table, spaced

PAGE = 560  # characters on a page of a recognised text, with its headings and gaps
_DIGIT_EDGE = regex.compile(r"(?<=\p{Han})(?=\d)|(?<=\d)(?=\p{Han})")
_HAN_PAIR = regex.compile(r"(?<=\p{Han})(?=\p{Han})")
# No empty line between these: the names of a letterhead, the lines of a title.
_TOGETHER = {"mast": {"mast"}, "mast_suffix": {"mast"}, "title": {"title"}}


@dataclass(frozen=True, slots=True)
class Style:
    indent: str = "　　"
    gaps: bool = True  # an empty line between paragraphs
    spaced_head: bool = False  # 云 州 市
    digit_gaps: bool = False  # 2024 年
    tables: str = "tabs"  # or "flat": every cell a line of its own, as some converters give them
    pages: str = ""  # "bare" or "numbered": pages end in mid-word
    wrap: int = 0  # lines end after so many characters, as text copied out of a PDF has them
    one_line: bool = False
    web: bool = False  # the head of the page it was copied from


def write(paper: Paper, style: Style) -> str:
    parts = list(_web_head(paper)) if style.web else []
    blocks = paper.blocks
    for place, block in enumerate(blocks):
        before = blocks[place - 1] if place else None
        printed = _block(block, before, style)
        if _kind(block) in _TOGETHER and _kind(before) in _TOGETHER[_kind(block)]:
            parts[-1] += "\n" + printed[0]
        else:
            parts += printed
    if style.one_line:
        return " ".join(part.strip().replace("\n", " ") for part in parts if part.strip()) + "\n"
    if style.pages:
        parts = _paginate(parts, numbered=style.pages == "numbered")
    return ("\n\n" if style.gaps else "\n").join(parts) + "\n"


def _kind(block: Block | None) -> str:
    return block.kind if isinstance(block, Line) else ""


def _web_head(paper: Paper) -> Iterator[str]:
    """What a copied page of a government site has above its text, three or four labels a line."""
    meta, gold = paper.meta, paper.documents[0]
    yield f"{meta['site']} 政府信息公开　无障碍　长者模式"
    yield f"索引号: {meta['index']} 分类: {meta['topic']}"
    yield f"发布机构: {meta['site']} 成文日期: {gold['issue_date']}"
    yield f"名称: {gold['title']}"
    yield f"文号: {gold['document_number']} 发布日期: {gold['publish_date']}"
    yield "【打印】 【关闭】 字体：大 中 小"


def _block(block: Block, before: Block | None, style: Style) -> list[str]:
    if isinstance(block, Table):
        return [_flat(block) if style.tables == "flat" else _tabs(block)]
    if isinstance(block, Roster):
        return ["\n".join(roster_lines(block))]
    return _line(block, before, style)


def _line(line: Line, before: Block | None, style: Style) -> list[str]:
    text = line.printed
    if style.digit_gaps and line.kind in {"body", "title", "subtitle", "h1", "h2", "h3", "to"}:
        text = _DIGIT_EDGE.sub(" ", text)
    if line.kind == "break":
        return [""]
    if line.kind in {"mast", "mast_suffix"} and style.spaced_head:
        return [" ".join(text) + "  "]
    if line.kind == "annexes":
        goes_on = isinstance(before, Line) and before.kind == "annexes"
        return [f"{style.indent}{'　　　' if goes_on else '附件：'}{text}"]
    if line.kind in {"body", "h1", "h2", "h3", "to"} and style.wrap:
        text = style.indent * (line.kind != "to") + text
        return ["\n".join(_wrapped(text, style.wrap))]
    if line.kind in {"body", "h1", "h2", "h3"}:
        return [style.indent + text]
    if line.kind == "note":
        return [f"{style.indent}（{text}）"]
    if line.kind in {"sign", "date"} and style.indent:
        return ["　" * 14 + text]
    return [text]


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of about this width; no number or address is cut, no line begins with a closing mark."""
    while len(text) > width:
        cut = width
        while cut > 1 and (text[cut] in "，。、；：）》”〕" or (text[cut - 1] < "\x7f" and text[cut] < "\x7f")):
            cut -= 1
        yield text[:cut]
        text = text[cut:]
    yield text


def roster_lines(roster: Roster) -> Iterator[str]:
    """组　长：陆秉衡　　市科协主席; the lines below a role are set in by its width."""
    for role, name, post in roster.rows:
        label = f"{role[0]}　{role[1]}：" if len(role) == 2 else f"{role}：" if role else "　　　　"
        yield f"{label}{spaced(name)}　　{post}"


def _tabs(table: Table) -> str:
    return "\n".join("\t".join(row) for row in (table.header, *table.rows))


def _flat(table: Table) -> str:
    return "\n\n".join("\n\t".join((row[0] or "\t", *row[1:])) for row in (table.header, *table.rows))


def _paginate(parts: list[str], *, numbered: bool) -> list[str]:
    """Pages end where they are full: inside a word, when a long paragraph stands there."""
    paged: list[str] = []
    used, page = 0, 1
    for part in parts:
        while used + len(part) > PAGE and len(part) > 80 and "\n" not in part:
            cut = _HAN_PAIR.search(part, max(30, PAGE - used))
            if cut is None or len(part) - cut.start() < 10:
                break
            paged.append(part[: cut.start()])
            if numbered:
                paged.append(f"— {page} —")
            part, used, page = part[cut.start() :], 0, page + 1
        paged.append(part)
        used += len(part) + 14
    return paged
