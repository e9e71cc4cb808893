"""Markdown as converters of scans and Word files make it: headings with and without stars, pipe tables."""

from __future__ import annotations

from gongwen.sampling.paper import Block, Line, Paper, Roster, Table
from gongwen.sampling.writers.plain import roster_lines

_LEVELS = {"subtitle": "# ", "h1": "## "}


def write(paper: Paper) -> str:
    parts: list[str] = []
    before = ""
    for block in paper.blocks:
        kind = getattr(block, "kind", "")
        if isinstance(block, Line) and kind == before == "title":
            parts[-1] += f" {block.printed}"
        else:
            parts.append(_block(block, before))
        before = kind
    return "\n\n".join(part for part in parts if part) + "\n"


def _block(block: Block, before: str) -> str:
    if isinstance(block, Table):
        rows = [block.header, tuple("---" for _ in block.header), *block.rows]
        return "\n".join("| " + " | ".join(row) + " |" for row in rows)
    if isinstance(block, Roster):
        return "  \n".join(roster_lines(block))
    text = block.printed
    if block.kind == "title":
        return f"# {text}"
    if block.kind in _LEVELS:
        return _LEVELS[block.kind] + text
    if block.kind == "h2" and block.tail:
        return f"**{block.marker}{block.text}。**{block.tail}"
    if block.kind in {"h2", "h3"}:
        return f"### **{text}**" if block.kind == "h3" and not block.tail else text
    if block.kind == "annexes":
        return text if before == "annexes" else f"附件：{text}"
    return f"（{text}）" if block.kind == "note" else text
